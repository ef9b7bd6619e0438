package listeners

import (
	"context"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-hclog"
)

// settings are the rows of a listener that hold for a whole connection.
type settings struct {
	headerTimeout    time.Duration
	keepaliveTimeout time.Duration
	maxHeaderSize    int64
}

// engine speaks HTTP/1.1 on connections that are handed to it and calls the
// server for each request. It is the only place that knows net/http's server,
// and what the next engine replaces. Its promises to the rest: a request is
// announced by begin before its handler runs, conn.phase is busy until the last
// byte of the response is written, then conn.finish is called; a connection is
// closed through conn.Close.
type engine struct {
	settings settings
	http     *http.Server
	handed   handedListener
	stale    atomic.Bool // its connections leave after their next response
	done     chan struct{}
}

func newEngine(s *Server, rows settings) *engine {
	e := &engine{settings: rows, done: make(chan struct{})}
	e.handed = handedListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	e.http = &http.Server{
		Handler:                      http.HandlerFunc(s.serveHTTP),
		ReadHeaderTimeout:            rows.headerTimeout,
		IdleTimeout:                  rows.keepaliveTimeout,
		MaxHeaderBytes:               maxHeaderBytes(rows.maxHeaderSize),
		ConnState:                    follow,
		ConnContext:                  withConn,
		DisableGeneralOptionsHandler: true,
		ErrorLog:                     s.logger.StandardLogger(&hclog.StandardLoggerOptions{ForceLevel: hclog.Debug}),
		Protocols:                    new(http.Protocols),
	}
	e.http.Protocols.SetHTTP1(true)
	go e.run()
	return e
}

// httpSlop is what net/http adds to MaxHeaderBytes, for its read buffer.
const httpSlop = 4096

// maxHeaderBytes makes net/http's limit the configured one; 0 is its default.
func maxHeaderBytes(size int64) int {
	if size == 0 {
		return http.DefaultMaxHeaderBytes
	}
	return int(max(1, size-httpSlop))
}

// run ends when the engine takes no more connections; those it has live on.
func (e *engine) run() {
	defer close(e.done)
	_ = e.http.Serve(&e.handed) // always an error: the listener was closed
}

// serve hands a connection over. False: this engine takes no more of them.
func (e *engine) serve(c *conn) bool {
	select {
	case e.handed.conns <- c:
		return true
	case <-e.handed.closed:
		return false
	}
}

// retire makes the engine take no more connections.
func (e *engine) retire() {
	e.stale.Store(true)
	_ = e.handed.Close()
	<-e.done
}

// headerDeadline is when a request head that begins now has to be complete.
func (e *engine) headerDeadline() time.Time {
	if e.settings.headerTimeout == 0 {
		return time.Time{}
	}
	return time.Now().Add(e.settings.headerTimeout)
}

// follow keeps the phase of a connection. net/http calls it in the goroutine
// that serves the connection.
func follow(nc net.Conn, state http.ConnState) {
	c := nc.(*conn)
	switch state {
	case http.StateIdle:
		c.finish()
		c.line = false
		c.head.Store(0)
		c.phase.Store(int32(idle))
	case http.StateHijacked:
		c.phase.Store(int32(hijacked))
	case http.StateClosed:
		c.finish()
	}
}

type connKey struct{}

func withConn(ctx context.Context, nc net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, nc)
}

// serveHTTP is where net/http calls us.
func (s *Server) serveHTTP(w http.ResponseWriter, r *http.Request) {
	c := r.Context().Value(connKey{}).(*conn)
	if c.over.Load() {
		panic(http.ErrAbortHandler) // the rest of a body that looks like a request
	}
	c.phase.Store(int32(busy))
	s.handle(c, w, r)
}

// handedListener is a net.Listener whose connections were accepted elsewhere.
type handedListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

// Accept implements net.Listener.
func (l *handedListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (l *handedListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr implements net.Listener.
func (l *handedListener) Addr() net.Addr { return &net.UnixAddr{Name: "handed", Net: "unix"} }
