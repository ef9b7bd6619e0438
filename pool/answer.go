package pool

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/appserve/appserve/pool/link"
)

// answer feeds a response to the client, in the goroutine of its connection.
type answer struct {
	pool     *Pool
	exchange exchange
	writer   http.ResponseWriter // the outermost, which may change what passes
	http     *http.Request
	request  *request

	declared int64 // the length that the application declared; noLength: none
	sent     int64
	bodiless bool // HEAD, 204, 304
	cut      bool // more came than was declared
}

// serve passes on what the application sends, as soon as it comes, until the
// end or a failure. Its panics are the exchange's Abort.
func (a *answer) serve() {
	r := a.request
	defer a.observe()
	for {
		p := r.response.take()
		if p.empty() {
			select {
			case <-r.wake:
				continue
			case <-a.http.Context().Done():
				a.clientGone()
				return
			}
		}
		if a.pass(&p) {
			return
		}
	}
}

// observe tells the exchange who worked on the request and how long.
func (a *answer) observe() {
	r := a.request
	p := r.lockPool()
	slot, started, answered := r.slot, r.started, r.answered
	p.mu.Unlock()
	if answered.IsZero() {
		answered = p.now()
	}
	if slot == nil || started.IsZero() {
		a.exchange.ObserveQueue(answered.Sub(r.asked))
		return
	}
	a.exchange.ObserveQueue(started.Sub(r.asked))
	a.exchange.ObserveApp(answered.Sub(started))
	a.exchange.ObserveWorker(p.config.Name, strconv.Itoa(slot.worker.seat))
}

// pass handles one piece; true ends the request.
func (a *answer) pass(p *piece) bool {
	for i := range p.infos {
		a.inform(&p.infos[i])
	}
	if p.failure != nil {
		a.fail(p.failure)
		return true
	}
	if p.head != nil && !a.begin(p) {
		return true
	}
	if !a.write(p.data) {
		return true
	}
	if p.ended {
		a.end()
		return true
	}
	if a.exchange.HeadWritten() {
		a.flush()
	}
	return false
}

// begin writes the head. A response that is complete already gets its length,
// so that it leaves in one piece. False: it was refused.
func (a *answer) begin(p *piece) bool {
	a.exchange.ReleaseBody()
	length, err := p.head.check()
	if err != nil {
		a.refuse(err)
		return false
	}
	status := p.head.status
	a.declared = length
	a.bodiless = a.http.Method == http.MethodHead || status == http.StatusNoContent || status == http.StatusNotModified
	if p.ended && !a.bodiless && length > int64(len(p.data)) {
		a.reportShort(int64(len(p.data)))
		a.fail(failShortResponse())
		return false
	}
	h := a.exchange.Header()
	p.head.copyTo(h)
	if p.ended && !a.bodiless && length == noLength {
		h["Content-Length"] = []string{strconv.Itoa(len(p.data))}
	}
	a.writer.WriteHeader(status)
	return true
}

// write passes on a part of the body; false: the client is gone.
func (a *answer) write(data []byte) bool {
	if a.bodiless || len(data) == 0 {
		return true
	}
	if a.declared != noLength && a.sent+int64(len(data)) > a.declared {
		data = data[:a.declared-a.sent]
		a.reportCut()
		if len(data) == 0 {
			return true
		}
	}
	n, err := a.writer.Write(data)
	a.sent += int64(n)
	if err != nil {
		a.clientGone()
		return false
	}
	return true
}

// end finishes a response whose last byte was written.
func (a *answer) end() {
	if !a.bodiless && a.declared != noLength && a.sent < a.declared {
		a.reportShort(a.sent)
		a.exchange.Abort(failShortResponse().reason)
	}
}

// flush sends what was written, because more may take its time to come.
func (a *answer) flush() {
	if err := http.NewResponseController(a.writer).Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		a.clientGone()
	}
}

// inform sends an interim response; only 103 may pass (RFC 8297).
func (a *answer) inform(d *head) {
	if a.exchange.HeadWritten() || d.status != http.StatusEarlyHints || !a.http.ProtoAtLeast(1, 1) {
		return
	}
	h := a.exchange.Header()
	names, err := d.copyInfo(h)
	if err == nil {
		a.writer.WriteHeader(d.status)
	} else {
		a.log("early hints dropped", "error", err)
	}
	for _, name := range names {
		delete(h, name)
	}
}

// clientGone lets the worker know that nobody reads any more.
func (a *answer) clientGone() {
	a.request.abandon(link.CancelClientGone)
	a.fail(failClientGone())
}

// refuse answers for an application whose head cannot be sent.
func (a *answer) refuse(err error) {
	a.request.abandon(link.CancelClientGone)
	a.log("bad response from application: " + err.Error() + "; 502 sent")
	a.fail(failBadResponse())
}

func (a *answer) reportShort(sent int64) {
	a.log("short response from application: it declared more than it sent; the connection ends",
		"declared", a.declared, "sent", sent)
}

func (a *answer) reportCut() {
	if !a.cut {
		a.cut = true
		a.log("long response from application: more than its Content-Length; the rest is cut", "declared", a.declared)
	}
}

// log writes a line about this response.
func (a *answer) log(what string, more ...any) {
	r := a.request
	args := append([]any{"pool", a.pool.config.Name, "request", r.name, "method", r.method, "path", r.path}, more...)
	a.pool.log.Error(what, args...)
}

// reportQueueFull logs that the queue is full, rarely.
func (p *Pool) reportQueueFull() {
	now := p.now()
	n := p.full.count(now)
	if n == 0 {
		return
	}
	p.mu.Lock()
	oldest := time.Duration(0)
	if r := p.queue.first; r != nil {
		oldest = now.Sub(r.asked)
	}
	p.mu.Unlock()
	p.log.Warn("queue full; 503 sent (this line once every 10s)", "pool", p.config.Name,
		"size", p.config.QueueSize, "oldest", seconds(oldest), "since", n)
}

// reportQueueTimeout logs that requests wait too long, rarely.
func (p *Pool) reportQueueTimeout() {
	if n := p.waited.count(p.now()); n > 0 {
		p.log.Warn("waited too long in the queue; 503 sent (this line once every 10s)", "pool", p.config.Name,
			"timeout", p.config.QueueTimeout, "since", n)
	}
}
