package upstreams

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/appserve/appserve/upstreams/conn"
	"github.com/appserve/appserve/upstreams/http1"
)

// errNoHandshake refuses what RFC 6455 4.1 does not allow.
var errNoHandshake = errors.New("an upgrade must be asked for by GET, without a body")

// forward is one request on its way to a server and back. It is used again by
// later requests of the group; no other goroutine ever sees it.
type forward struct {
	group  *Group
	w      http.ResponseWriter
	r      *http.Request
	x      Exchange
	limits conn.Limits

	body    io.Reader // nil: there is none
	length  int64     // of body; -1: unknown
	held    bool      // body lies in the exchange's buffer
	upgrade string    // the protocol to switch to; "" for none

	server *server
	tried  []*server
	conn   *conn.Conn
	reused bool // conn served another request before
	upload *upload

	head      http1.Head
	answer    http1.Body
	status    int  // of the final head; 0 while there is none
	unflushed bool // something was written to the client and not flushed

	out   []byte       // the request head
	flush func() error // flushClient, made once
}

// newForward prepares a forward for r.
func (g *Group) newForward(w http.ResponseWriter, r *http.Request, x Exchange, readTimeout time.Duration) *forward {
	f, ok := g.forwards.Get().(*forward)
	if !ok {
		f = &forward{group: g}
		f.flush = f.flushClient
	}
	f.w, f.r, f.x = w, r, x
	f.limits = conn.Limits{Read: readTimeout, Write: g.config.SendTimeout, BeforeWait: f.flush}
	f.length = r.ContentLength
	if f.length != 0 && r.Body != nil && r.Body != http.NoBody {
		f.body = r.Body
	} else {
		f.length = 0
	}
	if g.protocol.upgrades() {
		f.upgrade = r.Header.Get("Upgrade")
	}
	return f
}

// free gives f back to the group.
func (f *forward) free() {
	clear(f.tried)
	*f = forward{group: f.group, flush: f.flush, out: f.out[:0], tried: f.tried[:0], head: f.head, answer: f.answer}
	f.group.forwards.Put(f)
}

// run serves the request, or says why it could not.
func (f *forward) run() *failure {
	if f.upgrade != "" && (f.r.Method != http.MethodGet || f.body != nil) {
		return f.logged(hclog.Warn, &failure{reason: reasonRequest, status: http.StatusBadRequest, err: errNoHandshake})
	}
	if f.length < 0 && !f.group.protocol.streams() && !f.buffer() {
		return nil
	}
	var err error
	if f.out, err = f.group.protocol.appendHead(f.out, f); err != nil {
		return f.logged(hclog.Warn, headFailure(err))
	}
	var last *failure
	for attempts := 1; ; attempts++ {
		var busy bool
		if f.server, busy = f.group.acquire(f.tried); f.server == nil {
			return f.noServer(last, busy)
		}
		if last != nil {
			f.logged(hclog.Warn, last) // no harm done: another server is asked
		}
		f.x.SetAttempts(attempts)
		last = f.attempt()
		switch {
		case last == nil || !last.blame:
			return last
		case !last.unsent:
			return f.logged(hclog.Error, last)
		}
		f.tried = append(f.tried, f.server)
	}
}

// buffer takes a body of unknown length. false: the exchange has answered.
func (f *forward) buffer() bool {
	data, file, size, ok := f.x.BufferBody()
	if !ok {
		return false
	}
	f.held, f.length, f.body = true, size, bytes.NewReader(data)
	if file != nil {
		f.body = io.NewSectionReader(file, 0, size)
	}
	if size == 0 {
		f.body = nil
	}
	return true
}

// noServer says what it means that nobody is left to ask.
func (f *forward) noServer(last *failure, busy bool) *failure {
	if last != nil {
		return f.logged(hclog.Error, last)
	}
	if !busy {
		panic("upstreams: a group without a server")
	}
	return f.logged(hclog.Warn, &failure{
		reason: reasonBusy, status: http.StatusServiceUnavailable,
		err: errors.New("every server has its max_connections in flight"),
	})
}

// attempt asks one server: over a kept connection if there is one, and, should
// that turn out to be dead, over a new one.
func (f *forward) attempt() *failure {
	defer f.group.release(f.server)
	start := time.Now()
	failed := f.once()
	f.x.ObserveUpstream(f.group.config.Name, f.server.label, f.status, time.Since(start))
	if failed != nil && failed.blame {
		failed.server = f.server
		f.group.failed(f.server)
	}
	return failed
}

func (f *forward) once() *failure {
	if f.conn = f.server.idle.take(f.repeatable()); f.conn != nil {
		f.reused = true
		if failed := f.talk(); failed == nil || !failed.stale {
			return failed
		}
	}
	f.reused = false
	c, err := f.group.connect(f.r.Context(), f.server)
	if err != nil {
		if f.r.Context().Err() != nil {
			return &failure{reason: reasonGone, err: context.Cause(f.r.Context())}
		}
		return connectFailure(err)
	}
	f.conn = c
	return f.talk()
}

// repeatable says whether the request may be sent a second time when a kept
// connection dies under it.
func (f *forward) repeatable() bool {
	return f.body == nil && f.upgrade == "" && repeatable(f.r.Method)
}

// flushClient sends on what was written to the client. conn calls it right
// before it waits for the server.
func (f *forward) flushClient() error {
	if !f.unflushed {
		return nil
	}
	f.unflushed = false
	if err := flushWriter(f.w); err != nil {
		return &clientError{err: err}
	}
	return nil
}

// logged writes the line of a failure, and returns the failure.
func (f *forward) logged(level hclog.Level, failed *failure) *failure {
	args := []any{"upstream", f.group.config.Name}
	if failed.server != nil {
		args = append(args, "server", failed.server.Name, "address", failed.server.label)
	}
	args = append(args, "reason", failed.reason, "request", f.x.RequestID(),
		"method", f.r.Method, "path", f.r.URL.Path, "error", failed.err)
	if errors.Is(failed.err, http1.ErrNoResponse) && !f.reused {
		args = append(args, "hint", f.group.protocol.hint())
	}
	f.group.logger.Log(level, "request failed", args...)
	return failed
}
