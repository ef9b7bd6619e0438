package listeners

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/appserve/appserve/listeners/exchange"
)

// phase is what a connection is doing.
type phase int32

const (
	fresh    phase = iota // accepted, no request yet
	idle                  // between two requests
	busy                  // from a request's head to the last byte of its response
	hijacked              // a handler's, until it is closed
)

const (
	// lastCall is what a new connection has left to send its first request
	// when its listener goes. An idle one has nothing left.
	lastCall = time.Second
	// A client that was refused has this much time, and may send this much, so
	// that it sees the answer and not a reset (RFC 9112, section 9.6).
	lingerTime  = time.Second
	lingerBytes = 256 << 10
)

// conn is an accepted connection. It counts bytes, knows its phase, gives the
// engine's own refusals our form, and can be asked to leave without losing a
// request that has arrived.
type conn struct {
	net.Conn
	server *Server
	door   *door
	engine *engine
	peer   exchange.Peer

	phase   atomic.Int32
	retired atomic.Bool
	closed  atomic.Bool
	read    atomic.Int64
	written atomic.Int64
	head    atomic.Int64 // bytes of a request head that is not complete
	line    bool         // the request line is complete; only the reader's
	refused bool         // we answered instead of a handler; only the engine's goroutine's
	over    atomic.Bool  // nobody knows where the next request would begin
	cork    cork         // only the writer's
	sending progress     // only the writer's

	running running // only the engine's goroutine's
}

// running is the request that a connection is busy with.
type running struct {
	exchange *exchange.Exchange
	routes   *Routes
	read     int64 // counters when it began
	written  int64
}

func newConn(s *Server, d *door, e *engine, nc net.Conn) *conn {
	c := &conn{Conn: nc, server: s, door: d, engine: e, sending: progress{patience: sendPatience}}
	c.peer = newPeer(d, nc)
	c.peer.Leaving = c.leaving
	if _, ok := nc.(syscall.Conn); ok {
		c.peer.Cork = c.setCork
	}
	return c
}

// betweenRequests reports whether what is read is a request head, and what is
// written no response of a handler.
func (c *conn) betweenRequests() bool {
	p := phase(c.phase.Load())
	return p == fresh || p == idle
}

// Read implements net.Conn. Between requests a deadline that passes in the
// middle of a head is answered with 408; the engine would just hang up.
func (c *conn) Read(p []byte) (int, error) {
	if c.betweenRequests() && c.over.Load() {
		return 0, io.EOF
	}
	n, err := c.Conn.Read(p)
	if c.betweenRequests() {
		if n == 0 && errors.Is(err, os.ErrDeadlineExceeded) {
			if n = c.late(p); n > 0 {
				err = nil
			}
		}
		if n > 0 {
			c.head.Add(int64(n))
			c.line = c.line || bytes.IndexByte(p[:n], '\n') >= 0
		}
	}
	c.read.Add(int64(n))
	return n, err
}

// late decides what a deadline means that passed between requests.
func (c *conn) late(p []byte) int {
	if c.refused {
		return 0
	}
	if c.head.Load() > 0 {
		c.refuse(http.StatusRequestTimeout, exchange.ReasonHeaderTimeout)
		return 0
	}
	if !c.retired.Load() {
		return 0 // an idle connection whose time is over
	}
	n := readAvailable(c.Conn, p)
	if n > 0 {
		_ = c.Conn.SetReadDeadline(c.engine.headerDeadline())
	}
	return n
}

// SetReadDeadline implements net.Conn. Between requests a connection that has
// to leave keeps its own deadline.
func (c *conn) SetReadDeadline(t time.Time) error {
	err := c.Conn.SetReadDeadline(t)
	if c.retired.Load() {
		c.hurry()
	}
	return err
}

// leaving reports whether a response has to be the last one: the listener is
// gone, its rows changed, or the server stops.
func (c *conn) leaving() bool {
	return c.retired.Load() || c.door.gone.Load() || c.engine.stale.Load() || c.server.stopping.Load()
}

// retire asks the connection to leave: at once when it is idle, after its
// request otherwise. Whatever the order of events is, the later one of this
// and the engine's SetReadDeadline sees the other.
func (c *conn) retire() {
	c.retired.Store(true)
	c.hurry()
}

func (c *conn) hurry() {
	if c.head.Load() > 0 {
		return
	}
	switch phase(c.phase.Load()) {
	case fresh:
		_ = c.Conn.SetReadDeadline(time.Now().Add(lastCall))
	case idle:
		_ = c.Conn.SetReadDeadline(time.Unix(1, 0))
	}
}

// Write implements net.Conn. What the engine writes between requests is its
// refusal of a request that it did not understand.
func (c *conn) Write(p []byte) (int, error) {
	if c.betweenRequests() {
		if !c.refused && !c.over.Load() {
			c.refuse(c.refusal(p))
		}
		return len(p), nil
	}
	if phase(c.phase.Load()) == hijacked {
		n, err := c.Conn.Write(p)
		c.written.Add(int64(n))
		return n, err
	}
	n, err := c.send(p)
	c.written.Add(int64(n))
	return n, err
}

// refusal reads the status of a response that the engine made up.
func (c *conn) refusal(response []byte) (status int, reason string) {
	status = http.StatusBadRequest
	if len(response) >= len("HTTP/1.1 400") {
		if n, err := strconv.Atoi(string(response[9:12])); err == nil {
			status = n
		}
	}
	switch {
	case status == http.StatusRequestHeaderFieldsTooLarge && !c.line:
		return http.StatusRequestURITooLong, exchange.ReasonHeaderTooLarge
	case status == http.StatusRequestHeaderFieldsTooLarge:
		return status, exchange.ReasonHeaderTooLarge
	default:
		return status, exchange.ReasonBadRequest
	}
}

// refuse answers a request that no handler will see, and logs it.
func (c *conn) refuse(status int, reason string) {
	c.refused = true
	routes := c.server.acquire().routes
	defer routes.release()
	x := c.server.maker.Refused(&c.peer, status, reason)
	x.LogTo(routes.unmatched, nil)
	c.sending.extend(c.Conn)
	n, _ := c.Conn.Write(exchange.AppendRawAnswer(nil, status, reason, x.RequestID(), time.Now()))
	c.written.Add(int64(n))
	x.Finish(int64(n), c.head.Load())
	c.server.logger.Debug("request refused", "listener", c.door.name(), "remote", c.peer.RemoteHost, "status", status, "reason", reason)
}

// ReadFrom keeps sendfile for files. Anything else is copied in pieces, each of
// which the client may take at its pace.
func (c *conn) ReadFrom(src io.Reader) (int64, error) {
	c.cork.held = false
	if to, ok := c.Conn.(io.ReaderFrom); ok && exchange.IsFile(src) {
		n, err := c.sendFile(to, src)
		c.written.Add(n)
		return n, err
	}
	return io.Copy(struct{ io.Writer }{c}, src)
}

// CloseWrite lets the engine end a response without a reset.
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// Close implements net.Conn; after a refusal it lets the client read it first.
func (c *conn) Close() error {
	if c.closed.Swap(true) {
		return net.ErrClosed
	}
	if c.refused || c.over.Load() {
		_ = c.CloseWrite()
		_ = c.Conn.SetReadDeadline(time.Now().Add(lingerTime))
		_, _ = io.CopyN(io.Discard, c.Conn, lingerBytes)
	}
	c.server.conns.remove(c)
	return c.Conn.Close()
}

// abandon prepares the end of a response that must not look complete. The
// engine does not wait for the rest of a request body then; and where only the
// end of the connection ends a response (HTTP/1.0), that end is a reset.
func (c *conn) abandon(framed bool) {
	_ = c.Conn.SetReadDeadline(time.Unix(1, 0))
	if t, ok := c.Conn.(*net.TCPConn); ok && !framed {
		_ = t.SetLinger(0)
	}
}

// cut closes the connection whatever it is doing.
func (c *conn) cut() {
	c.closed.Store(true)
	c.server.conns.remove(c)
	_ = c.Conn.Close()
}

// begin and finish frame a request. finish is due when the last byte of the
// response is written, or never will be.
func (c *conn) begin(x *exchange.Exchange, routes *Routes) {
	c.running = running{exchange: x, routes: routes, read: c.running.read, written: c.written.Load()}
}

func (c *conn) finish() {
	if c.running.exchange == nil {
		return
	}
	read := c.read.Load()
	c.running.exchange.Finish(c.written.Load()-c.running.written, read-c.running.read)
	c.running.routes.release()
	c.running = running{read: read}
}
