package listeners

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-hclog"
)

// What a connection of HTTP/2 may have open and hold in memory. Clients are
// told; those that do not care are refused by the standard library.
const (
	maxStreams       = 128
	frameSize        = 16 << 10 // also what a connection keeps for reading
	streamWindow     = 256 << 10
	connectionWindow = 1 << 20
	pingAfter        = 15 * time.Second // of silence; a client that does not answer as long is gone
)

// decodedHead is what a request head may be, in bytes, for the library to hand
// it over: more than max_header_size, so that we can refuse it with its size in
// the log. Beyond this it ends the connection.
func decodedHead(maxHeaderSize int64) int { return int(min(2*maxHeaderSize+64<<10, 1<<30)) }

// http2Settings are the rows of a listener that hold for a whole connection.
type http2Settings struct {
	headerTimeout    time.Duration
	keepaliveTimeout time.Duration
	sendTimeout      time.Duration
	maxHeaderSize    int64
	maxHeaderCount   int
}

// http2Engine speaks HTTP/2 on connections that are handed to it, by the
// server of the standard library, and calls ours for each request. It gets
// every connection as plain text and by prior knowledge, also what came by TLS:
// so it reads and writes through http2Conn, which sees the frames.
type http2Engine struct {
	settings http2Settings
	http     *http.Server
	buffers  sync.Pool   // of *[copyBuffer]byte
	stale    atomic.Bool // its connections leave after their next response
}

func newHTTP2Engine(s *Server, rows http2Settings) *http2Engine {
	if rows.maxHeaderSize <= 0 {
		rows.maxHeaderSize = http.DefaultMaxHeaderBytes
	}
	e := &http2Engine{settings: rows}
	e.http = &http.Server{
		Handler:           http.HandlerFunc(s.serveStream),
		ReadHeaderTimeout: rows.headerTimeout, // of the preface; then pings find out who is gone
		IdleTimeout:       rows.keepaliveTimeout,
		MaxHeaderBytes:    decodedHead(rows.maxHeaderSize),
		ConnContext:       withHTTP2Conn,
		ErrorLog:          s.logger.StandardLogger(&hclog.StandardLoggerOptions{ForceLevel: hclog.Debug}),
		Protocols:         new(http.Protocols),
		HTTP2: &http.HTTP2Config{
			MaxConcurrentStreams: maxStreams, MaxReadFrameSize: frameSize,
			MaxReceiveBufferPerStream: streamWindow, MaxReceiveBufferPerConnection: connectionWindow,
			SendPingTimeout: pingAfter, PingTimeout: pingAfter,
		},
	}
	e.http.Protocols.SetUnencryptedHTTP2(true)
	return e
}

// serve hands a connection over: from here on it has goroutines of the standard
// library's, which end with it.
func (e *http2Engine) serve(c *http2Conn) {
	_ = e.http.Serve(&single{conn: c}) // always an error: there is one connection only
}

type http2ConnKey struct{}

func withHTTP2Conn(ctx context.Context, nc net.Conn) context.Context {
	return context.WithValue(ctx, http2ConnKey{}, nc)
}

// single is a net.Listener with one connection, which was accepted elsewhere.
type single struct {
	conn net.Conn // nil when it was taken
}

// Accept implements net.Listener.
func (l *single) Accept() (net.Conn, error) {
	c := l.conn
	if c == nil {
		return nil, io.EOF
	}
	l.conn = nil
	return c, nil
}

// Close implements net.Listener.
func (l *single) Close() error { return nil }

// Addr implements net.Listener.
func (l *single) Addr() net.Addr { return &net.UnixAddr{Name: "single", Net: "unix"} }
