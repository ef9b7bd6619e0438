package pool

import (
	"net/http"
	"strconv"
	"time"

	"github.com/appserve/appserve/pool/link"
)

// handler is a location's action: it runs a request on the pool.
type handler struct {
	pool    *Pool
	timeout time.Duration
}

// Handler returns the pool as a location's action. The ResponseWriter it gets
// is the listener's exchange, or wraps it.
func (p *Pool) Handler(o HandlerOptions) http.Handler {
	h := &handler{pool: p, timeout: p.config.RequestTimeout}
	if o.RequestTimeout != nil {
		h.timeout = *o.RequestTimeout
	}
	return h
}

// ServeHTTP implements http.Handler.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := exchangeOf(w)
	data, file, size, ok := x.BufferBody()
	if !ok {
		return // answered
	}
	p := h.pool
	req := p.newRequest(r, x.RequestID(), h.timeout)
	m := p.newMessage()
	m.content = content{request: r, exchange: x, data: data, file: file, size: size}
	m.encode(p.legacy.Load())
	req.message = m
	a := &answer{pool: p, exchange: x, writer: w, http: r, request: req}
	detached, admitted := a.detach(), false
	defer func() {
		if !admitted {
			a.close() // it panics
		}
	}()
	if f := p.admit(req); f != nil {
		req.response.fail(f)
	}
	admitted = true
	if !detached {
		a.Resume()
	}
}

// newRequest makes a request that asks now.
func (p *Pool) newRequest(r *http.Request, name string, timeout time.Duration) *request {
	l := p.borrow()
	req := &request{name: name, method: r.Method, path: r.URL.Path, timeout: timeout, asked: p.now(), wake: l.wake, loan: l}
	req.pool.Store(p)
	req.response.wake = l.wake
	req.response.buffer, req.response.spare = l.buffer, l.spare
	return req
}

// endRequest gives back what the request borrowed. A request that is still
// running is abandoned.
func (p *Pool) endRequest(r *request) {
	r.abandon(link.CancelClientGone)
	r.loan.buffer, r.loan.spare = r.response.close()
	p.giveBack(r.loan)
}

// fail gives appserve's own answer, or ends the connection when the
// application's has begun.
func (a *answer) fail(f *failure) {
	x := a.exchange
	if x.HeadWritten() {
		x.Abort(f.reason)
		return
	}
	switch f.reason {
	case "queue_full":
		a.pool.reportQueueFull()
	case "queue_timeout":
		a.pool.reportQueueTimeout()
	}
	if f.retryAfter() {
		x.Header().Set("Retry-After", strconv.Itoa(retryAfterSeconds))
	}
	x.Fail(f.status, f.reason)
}

// retryAfterSeconds is what a client is told that came at a bad moment.
const retryAfterSeconds = 5
