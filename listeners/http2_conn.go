package listeners

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/appserve/appserve/listeners/exchange"
)

// farewellGrace is what an open connection has left when it is asked to leave:
// what has arrived by then is still read, so that no request is lost that the
// client could not send again elsewhere.
const farewellGrace = 50 * time.Millisecond

// http2Conn is a connection that speaks HTTP/2, in plain text. It follows the
// frames, so that floods end and the connection can be asked to leave.
type http2Conn struct {
	net.Conn
	server *Server
	door   *door
	engine *http2Engine
	terms  *terms
	peer   exchange.Peer

	retired atomic.Bool
	closed  atomic.Bool
	begun   atomic.Bool // a request has been seen

	source   io.Reader
	in       frames // only the reader's, like what follows
	settled  bool   // the client's settings have been seen
	parting  bool   // it is time to leave, at the next end of a frame
	parted   bool
	injected []byte // what is read before the client's next frame
	headTime headTime

	flooding atomic.Pointer[string] // what there is too much of
	resets   tally
	controls tally

	writing   sync.Mutex
	out       frames
	sending   progress // of plain text; TLS has its own below
	dismissed bool
}

func newHTTP2Conn(d *door, e *http2Engine, nc net.Conn) *http2Conn {
	c := &http2Conn{
		Conn: nc, server: d.server, door: d, engine: e, terms: d.termsOf(nc), peer: newPeer(d, nc), source: nc,
		resets: tally{limit: maxResets}, controls: tally{limit: maxControls},
		sending: progress{patience: patienceFor(e.settings.sendTimeout)},
	}
	c.peer.Leaving, c.peer.Multiplexed = c.leaving, true
	c.in = frames{before: len(preface), seen: c.arrived}
	c.out = frames{seen: func(frameType, byte, uint32) {}, reset: c.refusedStream}
	if _, ok := nc.(*secured); !ok {
		c.source = bufio.NewReader(nc) // TLS has read ahead anyway
	}
	return c
}

// through implements connection.
func (c *http2Conn) through() *door { return c.door }

// leaving reports whether a response has to be the last one: the listener is
// gone, its rows changed, or the server stops. The standard library then sends
// GOAWAY, and what is running ends in peace.
func (c *http2Conn) leaving() bool {
	return c.retired.Load() || c.door.gone.Load() || c.engine.stale.Load() || c.door.outdated(c.terms) || c.server.stopping.Load()
}

// retire implements connection: the client is told not to ask for more.
func (c *http2Conn) retire() {
	c.retired.Store(true)
	c.hurry()
}

// hurry wakes the reader when the time is over.
func (c *http2Conn) hurry() {
	grace := farewellGrace
	if !c.begun.Load() {
		grace = lastCall
	}
	_ = c.Conn.SetReadDeadline(time.Now().Add(grace))
}

// SetReadDeadline implements net.Conn. The engine calls it around the preface.
func (c *http2Conn) SetReadDeadline(t time.Time) error {
	err := c.Conn.SetReadDeadline(t)
	if c.retired.Load() {
		c.hurry()
	}
	return err
}

// Read implements net.Conn. To leave, it lets the engine see a GOAWAY of the
// client: that makes it say GOAWAY itself, and end after the last stream (RFC
// 9113, section 6.8). Its own way to do so knows all connections or none.
func (c *http2Conn) Read(p []byte) (int, error) {
	for {
		if c.parting && !c.parted && c.settled && c.in.between() {
			c.parted, c.injected = true, goAway(0)
		}
		if len(c.injected) > 0 {
			n := copy(p, c.injected)
			c.injected = c.injected[n:]
			return n, nil
		}
		c.headTime.arm(c)
		n, err := c.source.Read(p)
		c.in.feed(p[:n])
		if what := c.flooding.Load(); what != nil {
			c.expel(*what)
			return 0, io.EOF
		}
		if n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
			return n, err
		}
		if c.headTime.over(c) {
			c.expel("head not complete within header_timeout")
			return 0, io.EOF
		}
		if !c.retired.Load() {
			if c.headTime.passed(c) {
				continue
			}
			return n, err
		}
		if !c.settled {
			return 0, io.EOF // it had its time to say something
		}
		c.parting, c.headTime.armed = true, time.Time{}
		_ = c.Conn.SetReadDeadline(time.Time{})
	}
}

// arrived looks at a frame that the client sends.
func (c *http2Conn) arrived(kind frameType, flags byte, length uint32) {
	switch {
	case kind == headersFrame:
		c.begun.Store(true)
	case kind == resetFrame:
		c.count(&c.resets, "too many resets")
	case kind == settingsFrame, kind == pingFrame:
		c.settled = c.settled || kind == settingsFrame
		if flags&acknowledge == 0 {
			c.count(&c.controls, "too many settings or pings")
		}
	case kind == dataFrame && length == 0 && flags&endStream == 0, kind == priorityFrame, kind > lastFrame:
		c.count(&c.controls, "too many frames without content")
	}
}

func (c *http2Conn) count(t *tally, what string) {
	if t.add(time.Now()) {
		c.flooding.Store(&what)
	}
}

// refusedStream looks at a reset that we send. One for the client's mistake
// counts as if it had sent it.
func (c *http2Conn) refusedStream(code errorCode) {
	switch code {
	case protocolError, flowControlError, streamClosed, refusedStream:
		c.count(&c.resets, "too many mistakes") // the reader sees it at the client's next frame
	}
}

// expel ends a connection that floods us or wastes our time, and tells the
// client why if it listens.
func (c *http2Conn) expel(what string) {
	c.flooding.CompareAndSwap(nil, &what)
	c.server.logger.Info("connection ended", "listener", c.door.name(), "remote", c.peer.RemoteHost, "reason", what)
	if c.writing.TryLock() {
		c.dismiss()
		c.writing.Unlock()
	} // else who writes does it
	_ = c.Conn.SetReadDeadline(time.Now().Add(lastWord))
	_, _ = io.CopyN(io.Discard, c.Conn, lingerBytes) // closing at once would take the reason back
	_ = c.Close()
}

// dismiss says why the connection ends, once, between two frames. The caller
// holds c.writing.
func (c *http2Conn) dismiss() {
	if c.dismissed || c.flooding.Load() == nil || !c.out.between() {
		return
	}
	c.dismissed = true
	_ = c.below().SetWriteDeadline(time.Now().Add(lastWord))
	_, _ = c.Conn.Write(goAway(enhanceYourCalm))
}

// below is where bytes really leave.
func (c *http2Conn) below() net.Conn {
	if s, ok := c.Conn.(*secured); ok {
		return s.wire
	}
	return c.Conn
}

// Write implements net.Conn.
func (c *http2Conn) Write(p []byte) (n int, err error) {
	c.writing.Lock()
	defer c.writing.Unlock()
	if c.dismissed {
		return 0, net.ErrClosed
	}
	if _, ok := c.Conn.(*secured); ok {
		n, err = c.Conn.Write(p)
	} else {
		n, err = c.send(p)
	}
	c.out.feed(p[:n])
	c.dismiss()
	return n, err
}

// send writes at the client's pace, as long as it takes something.
func (c *http2Conn) send(p []byte) (n int, err error) {
	var seen look
	for {
		c.sending.extend(c.Conn)
		m, err := c.Conn.Write(p[n:])
		n += m
		if err == nil || seen.stalled(c.Conn, int64(m), err) {
			return n, err
		}
	}
}

// Close implements net.Conn.
func (c *http2Conn) Close() error {
	if c.closed.Swap(true) {
		return net.ErrClosed
	}
	c.server.conns.remove(c)
	return c.Conn.Close()
}

// cut implements connection. It does not wait to say goodbye.
func (c *http2Conn) cut() {
	if s, ok := c.Conn.(*secured); ok {
		_ = s.wire.Conn.Close()
	}
	_ = c.Close()
}
