package h1

import (
	"bufio"
	"io"
	"net"
	"time"
)

// hijacked is the connection as a handler gets it that took it over. It still
// counts bytes, and its end is the connection's.
type hijacked struct {
	net.Conn
	conn *Conn
}

// Read implements io.Reader.
func (h *hijacked) Read(p []byte) (int, error) {
	n, err := h.Conn.Read(p)
	h.conn.in.tunnel.Add(int64(n))
	return n, err
}

// Write implements io.Writer.
func (h *hijacked) Write(p []byte) (int, error) {
	n, err := h.Conn.Write(p)
	h.conn.out.tunnel.Add(int64(n))
	return n, err
}

// CloseWrite ends our direction.
func (h *hijacked) CloseWrite() error {
	if half, ok := h.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return net.ErrClosed
}

// Close implements io.Closer.
func (h *hijacked) Close() error {
	if h.conn.closed.Load() {
		return net.ErrClosed
	}
	h.conn.close()
	return nil
}

// handOver gives the connection to the handler, without any deadline, and what
// was read of it too early.
func (c *Conn) handOver() (net.Conn, *bufio.ReadWriter, error) {
	if c.closed.Load() {
		return nil, nil, net.ErrClosed
	}
	c.engine.watch.end(c)
	c.phase.Store(int32(Hijacked))
	_ = c.nc.SetDeadline(time.Time{}) // it fails only on a closed connection, which the handler will see
	h := &hijacked{Conn: c.nc, conn: c}
	in := &c.desk.in
	early := append([]byte(nil), in.bytes()...)
	in.consume(len(early))
	c.in.tunnel.Add(int64(len(early)))
	r := bufio.NewReaderSize(&rejoined{early: early, rest: h}, max(inputSize, len(early)))
	if _, err := r.Peek(len(early)); err != nil && len(early) > 0 {
		return nil, nil, err
	}
	return h, bufio.NewReadWriter(r, bufio.NewWriter(h)), nil
}

// rejoined reads what came early and then the rest.
type rejoined struct {
	early []byte
	rest  io.Reader
}

// Read implements io.Reader.
func (r *rejoined) Read(p []byte) (int, error) {
	if len(r.early) == 0 {
		return r.rest.Read(p)
	}
	n := copy(p, r.early)
	r.early = r.early[n:]
	return n, nil
}

// at is a time of the watch; 0 for the zero time.
func (c *Conn) at(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return max(past, int64(t.Sub(c.engine.watch.base)))
}
