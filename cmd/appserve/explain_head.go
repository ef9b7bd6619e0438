package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/listeners/h1"
)

// read makes a request of the question, as it would stand on the wire, by the
// server's own reading of it.
func (a asked) read(l *config.Listener) (*http.Request, *h1.Refusal) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\n", a.method, a.target)
	if !slices.ContainsFunc(a.headers, func(h string) bool { return strings.HasPrefix(strings.ToLower(h), "host:") }) {
		fmt.Fprintf(&b, "Host: %s\r\n", a.authority)
	}
	for _, header := range a.headers {
		b.WriteString(header + "\r\n")
	}
	b.WriteString("\r\n")
	var heard hearing
	engine := h1.New(h1.Rows{MaxHeaderSize: l.MaxHeaderSize, MaxHeaderCount: l.MaxHeaderCount})
	engine.NewConn(dictation{strings.NewReader(b.String())}, &heard).Serve()
	return heard.request, heard.refusal
}

// hearing is the owner of a connection on which one head is read and nothing
// answered.
type hearing struct {
	request *http.Request
	refusal *h1.Refusal
}

// Serve implements h1.Owner. The request is the engine's; what is kept is a copy.
func (h *hearing) Serve(_ http.ResponseWriter, r *http.Request) {
	h.request = r.Clone(context.Background())
	if h.request.Body = http.NoBody; r.ContentLength != 0 {
		h.request.Body = io.NopCloser(strings.NewReader("")) // there is one, and nobody will read it
	}
	panic(http.ErrAbortHandler)
}

// Refuse implements h1.Owner.
func (h *hearing) Refuse(r h1.Refusal) []byte {
	h.refusal = &r
	return nil
}

// Resume, Finish, Panicked and Closed implement h1.Owner.
func (h *hearing) Resume(h1.Task)       {}
func (h *hearing) Finish(int64, int64)  {}
func (h *hearing) Panicked(any, []byte) {}
func (h *hearing) Closed()              {}

// dictation is a connection that says one thing and listens to nothing.
type dictation struct{ io.Reader }

// Write and what follows implement net.Conn.
func (dictation) Write(p []byte) (int, error)      { return len(p), nil }
func (dictation) Close() error                     { return nil }
func (dictation) LocalAddr() net.Addr              { return nil }
func (dictation) RemoteAddr() net.Addr             { return nil }
func (dictation) SetDeadline(time.Time) error      { return nil }
func (dictation) SetReadDeadline(time.Time) error  { return nil }
func (dictation) SetWriteDeadline(time.Time) error { return nil }
