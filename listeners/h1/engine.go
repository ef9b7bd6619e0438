package h1

import (
	"crypto/tls"
	"net"
	"sync"
	"syscall"
)

// Engine serves connections with the same rows. It is safe for concurrent use.
// It has no goroutine of its own; while connections work a timer runs.
type Engine struct {
	rows   Rows
	desks  desks
	copies sync.Pool // *[copySize]byte
	watch  watch
}

// copySize is the size of what is read at once from a source that is no file.
const copySize = 32 << 10

// New makes an engine.
func New(rows Rows) *Engine {
	e := &Engine{rows: rows.complete()}
	e.watch.init()
	return e
}

// NewConn makes a connection of an accepted one, which it closes in the end.
// One with TLS has its handshake behind it. What gives a NetConn is not used as
// a socket itself.
func (e *Engine) NewConn(nc net.Conn, owner Owner) *Conn {
	c := &Conn{engine: e, owner: owner, nc: nc, fd: -1}
	if remote := nc.RemoteAddr(); remote != nil {
		c.remote = remote.String()
	}
	inner := nc
	if t, ok := nc.(interface{ ConnectionState() tls.ConnectionState }); ok {
		state := t.ConnectionState()
		c.tls = &state
	}
	for {
		outer, ok := inner.(interface{ NetConn() net.Conn })
		if !ok {
			break
		}
		inner = outer.NetConn()
	}
	if raw := rawConn(inner); raw != nil {
		_ = raw.Control(func(fd uintptr) { c.fd = int(fd) }) // a closed one stays -1
		if inner == nc {
			c.raw = raw
			c.pull, c.push = c.tryRead, c.tryWrite
		}
	}
	c.await(first, c.after(e.rows.HeaderTimeout))
	return c
}

// copyBuffer lends a buffer; it goes back to copies.
func (e *Engine) copyBuffer() *[copySize]byte {
	if buf, ok := e.copies.Get().(*[copySize]byte); ok {
		return buf
	}
	return new([copySize]byte)
}

// rawConn is the socket of a connection; nil when it has none.
func rawConn(nc net.Conn) syscall.RawConn {
	if s, ok := nc.(syscall.Conn); ok {
		if raw, err := s.SyscallConn(); err == nil {
			return raw
		}
	}
	return nil
}
