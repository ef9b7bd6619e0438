package pool_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/appserve/appserve/pool"
	"github.com/appserve/appserve/pool/link"
)

func TestHandler_Responses(t *testing.T) {
	cases := []struct {
		name    string
		answer  func(r *taken)
		request *http.Request
		status  int
		body    string
		reason  string
		aborted bool
		log     string
	}{
		{name: "one message", answer: func(r *taken) { r.ok("hello") }, status: 200, body: "hello"},
		{name: "pieces", answer: func(r *taken) {
			r.head(0, 200, "a")
			r.body(0, "b")
			r.body(last, "c")
			r.done()
		}, status: 200, body: "abc"},
		{name: "status 404", answer: func(r *taken) { r.head(lastDone, 404, "no") }, status: 404, body: "no"},
		{name: "head request", request: head("/"), answer: func(r *taken) {
			r.head(lastDone, 200, "stray", "Content-Length", "5")
		}, status: 200},
		{name: "204", answer: func(r *taken) { r.head(lastDone, 204, "") }, status: 204},
		{name: "bad status", answer: func(r *taken) { r.head(lastDone, 199, "") }, status: 502, reason: "bad_response",
			log: "status 199"},
		{name: "line break in a value", answer: func(r *taken) { r.head(lastDone, 200, "", "X-Note", "a\nb") },
			status: 502, reason: "bad_response", log: `header "X-Note" holds a line break`},
		{name: "no head at all", answer: func(r *taken) {
			r.send(append(link.AppendHeader(nil, link.TypeHead, lastDone, r.id), 2, 0, 0, 0, 'N', 'N'))
		}, status: 502, reason: "bad_response", log: "malformed response head"},
		{name: "short, all there", answer: func(r *taken) { r.head(lastDone, 200, "abc", "Content-Length", "5") },
			status: 502, reason: "short_response", log: "short response"},
		{name: "long", answer: func(r *taken) { r.head(lastDone, 200, "abcdef", "Content-Length", "5") },
			status: 200, body: "abcde", log: "long response"},
		{name: "error before the head", answer: func(r *taken) { r.fail(link.FlagDone, link.PhaseBeforeHead, "Traceback\nValueError: x") },
			status: 500, reason: "app_error", log: "application error"},
		{name: "sys.exit", answer: func(r *taken) { r.fail(link.FlagDone, link.PhaseBeforeHead, "Traceback\nSystemExit: 3\n") },
			status: 500, reason: "app_exit"},
		{name: "contract", answer: func(r *taken) { r.fail(link.FlagDone, link.PhaseContract, "appserve.ContractError: no start_response") },
			status: 500, reason: "app_error", log: "broke its interface"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := bootBench(t, fakeConfig(), serving(c.answer))
			if c.request == nil {
				c.request = get("/")
			}
			h := b.Handler(pool.HandlerOptions{})
			for range 2 { // the slot is free again
				x := serve(h, c.request)
				if x.status != c.status || x.body.String() != c.body || x.reason != c.reason || x.aborted != c.aborted {
					t.Fatalf("got %d %q %q aborted=%v\n%s", x.status, x.body.String(), x.reason, x.aborted, b.log)
				}
			}
			if c.log != "" {
				b.log.wait(t, c.log)
			}
		})
	}
}

func head(target string) *http.Request {
	r := get(target)
	r.Method = http.MethodHead
	return r
}

func TestHandler_FailsInTheMiddle(t *testing.T) {
	cases := map[string]struct {
		end    func(r *taken)
		reason string
	}{
		"error":   {func(r *taken) { r.fail(link.FlagDone, link.PhaseAfterHead, "ValueError: x") }, "app_error"},
		"short":   {func(r *taken) { r.body(lastDone, "b") }, "short_response"},
		"crashed": {func(r *taken) { r.w.exit(pool.Status{Code: -1, Signal: 11}) }, "worker_crashed"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			seen := make(chan struct{})
			b := bootBench(t, fakeConfig(), serving(func(r *taken) {
				r.head(0, 200, "a", "Content-Length", "10")
				<-seen
				c.end(r)
			}))
			x := newExchange(get("/"))
			written := make(chan []byte, 10)
			x.written = written
			go func() { <-written; close(seen) }()
			x.serve(b.Handler(pool.HandlerOptions{}))
			if !x.aborted || x.reason != c.reason || x.status != 200 {
				t.Errorf("aborted=%v reason=%q status=%d", x.aborted, x.reason, x.status)
			}
		})
	}
}

func TestHandler_PiecesLeaveAtOnce(t *testing.T) {
	next := make(chan struct{})
	b := bootBench(t, fakeConfig(), serving(func(r *taken) {
		r.head(0, 200, "first")
		<-next
		r.body(last, "second")
		r.done()
	}))
	x := newExchange(get("/"))
	written := make(chan []byte)
	x.written = written
	done := make(chan struct{})
	go func() { x.serve(b.Handler(pool.HandlerOptions{})); close(done) }()
	if got := <-written; string(got) != "first" {
		t.Fatalf("got %q", got)
	}
	close(next)
	if got := <-written; string(got) != "second" {
		t.Fatalf("got %q", got)
	}
	<-done
	if x.flushes != 1 || x.header.Get("Content-Length") != "" {
		t.Errorf("%d flushes, %v", x.flushes, x.header)
	}
}

func TestHandler_EarlyHints(t *testing.T) {
	b := bootBench(t, fakeConfig(), serving(func(r *taken) {
		info := link.AppendHeader(nil, link.TypeInfo, 0, r.id)
		r.send(append(info, 103, 0, 5, 0, 0, 0, '[', 0, 0, 0, 0))
		r.ok("x")
	}))
	x := serve(b.Handler(pool.HandlerOptions{}), get("/"))
	if len(x.infos) != 1 || x.infos[0] != 103 || x.status != 200 {
		t.Errorf("infos %v, status %d\n%s", x.infos, x.status, b.log)
	}
}

// The response is complete at END, the slot is free at DONE (runtime.md D5).
func TestHandler_EndIsNotDone(t *testing.T) {
	closed := make(chan struct{})
	b := bootBench(t, fakeConfig(), serving(func(r *taken) {
		r.head(last, 200, "x")
		<-closed
		r.done()
	}))
	if x := <-async(b, "/1"); x.status != 200 {
		t.Fatalf("status %d", x.status)
	}
	second := async(b, "/2")
	eventually(t, func() bool { return b.Queued() == 1 }, func() string { return "the second request is not queued" })
	close(closed)
	if x := <-second; x.status != 200 {
		t.Fatalf("status %d", x.status)
	}
}

func TestHandler_ClientGone(t *testing.T) {
	cancelled := make(chan map[string]any, 1)
	b := bootBench(t, fakeConfig(), func(w *fakeWorker) {
		if !w.boot() {
			return
		}
		r := w.take(0)
		cancelled <- w.hear("cancel")
		r.done() // the application gave up
		w.take(0).ok("next")
		w.leave()
	})
	ctx, cancel := context.WithCancel(context.Background())
	x := newExchange(get("/").WithContext(ctx))
	done := make(chan struct{})
	go func() { x.serve(b.Handler(pool.HandlerOptions{})); close(done) }()
	<-b.spawner.started
	time.AfterFunc(20*time.Millisecond, cancel)
	if m := <-cancelled; m["id"] != 1.0 || m["reason"] != 1.0 {
		t.Errorf("cancel %v", m)
	}
	<-done
	if x.status != 499 || x.reason != "client_gone" {
		t.Errorf("%d %q", x.status, x.reason)
	}
	if x := <-async(b, "/"); x.body.String() != "next" {
		t.Errorf("%d %q", x.status, x.body.String())
	}
}

// A client that is slower than the application stops the reading of its slot,
// and the clock of request_timeout with it.
func TestHandler_SlowClient(t *testing.T) {
	c := fakeConfig()
	c.RequestTimeout = time.Second
	const pieces = 100 // of 60 KiB: more than all buffers hold
	sent := make(chan struct{})
	b := bootBench(t, c, serving(func(r *taken) {
		r.head(0, 200, "")
		for range pieces {
			r.body(0, strings.Repeat("x", 60<<10))
		}
		close(sent)
		r.body(lastDone, "")
	}))
	x := newExchange(get("/"))
	x.slow = make(chan struct{})
	done := make(chan struct{})
	go func() { x.serve(b.Handler(pool.HandlerOptions{})); close(done) }()
	for range 20 { // 2 s: longer than the timeout
		b.clock.advance(100 * time.Millisecond)
		time.Sleep(10 * time.Millisecond)
	}
	select {
	case <-sent:
		t.Error("the worker sent everything although nobody read")
	default:
	}
	close(x.slow)
	<-done
	if x.status != 200 || x.body.Len() != pieces*60<<10 || x.reason != "" {
		t.Errorf("%d, %d bytes, %q\n%s", x.status, x.body.Len(), x.reason, b.log)
	}
}
