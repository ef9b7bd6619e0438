package h1

import (
	"bytes"
	"crypto/tls"
	"net"
	"net/http"
	"runtime/debug"
	"sync/atomic"
	"syscall"
	"time"
)

// Phase is what a connection is doing.
type Phase int32

// The phases of a connection.
const (
	Fresh    Phase = iota // nothing has come yet
	Idle                  // between two requests
	Partial               // a part of a head has come
	Busy                  // from a request's head to the last byte of its response
	Hijacked              // a handler's, until it is closed
)

const (
	// lastCall is what a new connection has left to send its first request
	// when it is asked to leave. An idle one has nothing left.
	lastCall = time.Second
	// lingerTime is what a client that was refused, or answered early, has left
	// to send what it likes and see the answer, and not a reset (RFC 9112,
	// section 9.6).
	lingerTime = 2 * time.Second
	// What nobody wanted to read of a body may be drainBytes and has drainTime
	// to arrive; otherwise the connection cannot carry another request.
	drainTime  = time.Second
	drainBytes = 256 << 10
)

// Conn is a connection. Serve runs it; Retire and Cut may be called from anywhere.
type Conn struct {
	engine *Engine
	owner  Owner
	nc     net.Conn
	raw    syscall.RawConn // nil: nc has no socket that is used directly
	fd     int             // to be asked about only; -1: none
	remote string
	tls    *tls.ConnectionState

	phase   atomic.Int32
	retired atomic.Int64 // when it was asked to leave; 0: it was not
	closed  atomic.Bool
	context connContext

	// Of watch.
	began    atomic.Int64 // when the request did; 0: there is none
	listed   atomic.Bool
	looked   int64
	halfSeen bool

	// Only the serving goroutine's.
	desk    *desk // nil while waiting for a request
	request *http.Request
	blank   http.Request // request without content
	framing framing
	body    *body // of the request; nil: it has none
	linger  bool  // something may still come that nobody reads

	turn turn
	away bool // the handler of the request has returned before its response

	in   reading
	out  writing
	pull func(fd uintptr) bool // tryRead, made once
	push func(fd uintptr) bool // tryWrite, made once
}

// Serve serves the connection until it ends, and closes it.
func (c *Conn) Serve() {
	defer c.end()
	for c.next() {
	}
}

// next serves one request. False: it was the last one.
func (c *Conn) next() bool {
	size, refusal := c.readHead()
	if size == 0 && refusal == nil {
		return false
	}
	d := c.desk
	c.phase.Store(int32(Busy))
	if refusal == nil {
		refusal = c.understand(d, d.in.bytes()[:size])
	}
	if refusal != nil {
		c.refuse(*refusal)
		return false
	}
	d.in.consume(size)
	c.in.received, c.out.sent, c.out.unsent = int64(size), 0, 0
	c.await(inBody, 0)
	c.in.byHandler.Store(0)
	if c.request.ContentLength != 0 {
		c.body = newBody(c, c.request.ContentLength)
		c.request.Body = c.body
	}
	d.response.begin(c)
	c.engine.watch.begin(c)
	clean := c.call(d, nil)
	if c.away {
		if clean = c.attend(); c.turn.state == answered {
			return clean
		}
	}
	return c.conclude(c.desk, clean)
}

// conclude ends a request whose handler has done its part. False: it was the
// last one.
func (c *Conn) conclude(d *desk, clean bool) bool {
	c.engine.watch.end(c)
	if Phase(c.phase.Load()) == Hijacked {
		c.close()
		c.owner.Finish(c.out.tunnel.Load()+c.out.sent, c.in.tunnel.Load()+c.in.received)
		return false
	}
	goesOn := clean && d.response.finish()
	c.owner.Finish(c.out.sent, c.in.received)
	if !clean {
		c.abandon(&d.response)
		return false
	}
	if c.body != nil && !c.body.finish(goesOn) {
		c.linger = true
		return false
	}
	if !goesOn {
		// A reset for what the client sent too much would take the answer along.
		c.linger = d.in.unread() > 0 || c.pending()
		return false
	}
	c.idle(d)
	return true
}

// call runs the handler, or what it left to be done. False: it gave the
// response up.
func (c *Conn) call(d *desk, left Task) (clean bool) {
	defer func() {
		if clean {
			return
		}
		if c.away {
			d.response.Attach()
		}
		if p := recover(); p != nil && p != http.ErrAbortHandler {
			c.owner.Panicked(p, debug.Stack())
		}
	}()
	if left == nil {
		c.owner.Serve(&d.response, c.request)
	} else {
		c.owner.Resume(left)
	}
	return true
}

// abandon ends a response that must not look complete. Where only the end of
// the connection ends it, that end is a reset.
func (c *Conn) abandon(w *response) {
	if t, ok := c.nc.(interface{ SetLinger(int) error }); ok && w.endsWithConnection() {
		_ = t.SetLinger(0)
	}
}

// refuse answers what is no request.
func (c *Conn) refuse(r Refusal) {
	c.phase.Store(int32(Busy))
	c.in.received, c.out.sent, c.out.extended = int64(c.desk.in.unread()), 0, 0
	answer := c.owner.Refuse(r)
	if end := bytes.Index(answer, []byte("\r\n\r\n")); end >= 0 && c.desk.head.asksForHead(c.desk.in.bytes()) {
		answer = answer[:end+4]
	}
	_ = c.write(answer, nil, nil) // the connection ends anyway
	c.owner.Finish(c.out.sent, c.in.received)
	c.linger = true
}

// idle begins to wait for the next request. A connection keeps nothing of what
// it did.
func (c *Conn) idle(d *desk) {
	d.clear()
	*c.request, c.body = c.blank, nil
	c.await(later, 0)
	if d.in.unread() > 0 {
		c.phase.Store(int32(Partial))
	} else {
		c.phase.Store(int32(Idle))
	}
}

// Phase says what the connection is doing.
func (c *Conn) Phase() Phase { return Phase(c.phase.Load()) }

// Retire asks the connection to leave: at once when it is idle, after its
// request otherwise. A request that has arrived is not lost.
func (c *Conn) Retire() {
	c.retired.CompareAndSwap(0, c.engine.watch.now())
	if p := c.Phase(); p == Fresh || p == Idle {
		c.wake()
	}
}

// Retired reports whether the connection was asked to leave.
func (c *Conn) Retired() bool { return c.retired.Load() != 0 }

// Cut closes the connection whatever it is doing.
func (c *Conn) Cut() {
	c.context.cancel()
	c.close()
}

// close closes it once.
func (c *Conn) close() {
	if !c.closed.Swap(true) {
		_ = c.nc.Close() // there is nobody to tell
		c.owner.Closed()
	}
}

// end is the end of Serve.
func (c *Conn) end() {
	if c.linger && !c.closed.Load() {
		c.lingerOn()
	}
	c.close()
	c.context.cancel()
	if c.desk != nil {
		c.desk.in.consume(c.desk.in.unread())
		c.desk.clear()
		c.engine.desks.give(c.desk)
		c.desk = nil
	}
}

// lingerOn ends our direction and takes what still comes for a while.
func (c *Conn) lingerOn() {
	half, ok := c.nc.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil || c.desk == nil {
		return
	}
	buf := c.engine.copyBuffer()
	defer c.engine.copies.Put(buf)
	c.await(last, c.after(lingerTime))
	for until := c.in.until; c.engine.watch.now() < until; {
		if _, err := c.read(buf[:]); err != nil {
			return
		}
	}
}
