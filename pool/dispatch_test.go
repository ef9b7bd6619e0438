package pool_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/appserve/appserve/pool"
)

// requestPath finds PATH_INFO in an encoded environ.
func requestPath(r *taken) string {
	values := r.rest[4+5:] // the length of the tuple, its code and count
	for range 2 {
		values = values[2+int(values[1]):] // REQUEST_METHOD, SCRIPT_NAME
	}
	return values[2 : 2+int(values[1])]
}

// The idle slot of the process with the fewest busy ones; on a tie the process
// that was used last.
func TestDispatch_LeastBusyProcess(t *testing.T) {
	c := fakeConfig()
	c.Processes, c.Threads = 2, 2
	arrivals := make(chan *taken, 10)
	b := bootBench(t, c, serving(func(r *taken) { arrivals <- r }))
	first := async(b, "/1")
	r1 := <-arrivals
	second := async(b, "/2")
	r2 := <-arrivals
	if r1.w == r2.w {
		t.Error("both requests are in one process while the other is idle")
	}
	third := async(b, "/3")
	r3 := <-arrivals
	if r3.w != r2.w {
		t.Error("on a tie the process that was used last was not taken")
	}
	for _, r := range []*taken{r1, r2, r3} {
		r.ok("")
	}
	for _, done := range []<-chan *testExchange{first, second, third} {
		<-done
	}
	for range 3 { // a low load stays in one process
		done := async(b, "/")
		r := <-arrivals
		if r.w != r3.w {
			t.Error("the warm process was not taken")
		}
		r.ok("")
		<-done
	}
}

func TestQueue_Full(t *testing.T) {
	c := fakeConfig()
	c.QueueSize = 1
	release := make(chan struct{})
	running := make(chan struct{}, 10)
	b := bootBench(t, c, serving(func(r *taken) { running <- struct{}{}; <-release; r.ok("") }))
	first := async(b, "/1")
	<-running
	second := async(b, "/2")
	eventually(t, func() bool { return b.Queued() == 1 }, func() string { return "not queued" })
	for range 3 {
		x := <-async(b, "/3")
		if x.status != 503 || x.reason != "queue_full" || x.header.Get("Retry-After") == "" {
			t.Errorf("%d %q %v", x.status, x.reason, x.header)
		}
	}
	b.log.wait(t, "queue full", "pool=test", "size=1", "oldest=", "since=1")
	if n := strings.Count(b.log.String(), "queue full"); n != 1 {
		t.Errorf("%d lines", n)
	}
	close(release)
	for _, done := range []<-chan *testExchange{first, second} {
		if x := <-done; x.status != 200 {
			t.Errorf("%d %q", x.status, x.reason)
		}
	}
}

func TestQueue_Timeout(t *testing.T) {
	running, release := make(chan struct{}, 1), make(chan struct{})
	b := bootBench(t, fakeConfig(), serving(func(r *taken) { running <- struct{}{}; <-release; r.ok("") }))
	first := async(b, "/1")
	<-running
	second := async(b, "/2")
	eventually(t, func() bool { return b.Queued() == 1 }, func() string { return "not queued" })
	b.clock.advance(29 * time.Second)
	time.Sleep(30 * time.Millisecond)
	if b.Queued() != 1 {
		t.Fatal("given up too early")
	}
	b.clock.advance(2 * time.Second)
	x := <-second
	if x.status != 503 || x.reason != "queue_timeout" || x.queue < 30*time.Second {
		t.Errorf("%d %q after %v", x.status, x.reason, x.queue)
	}
	b.log.wait(t, "waited too long in the queue")
	close(release)
	<-first
}

func TestQueue_ClientGone(t *testing.T) {
	running, release := make(chan struct{}, 1), make(chan struct{})
	b := bootBench(t, fakeConfig(), serving(func(r *taken) { running <- struct{}{}; <-release; r.ok("") }))
	first := async(b, "/1")
	<-running
	ctx, cancel := context.WithCancel(context.Background())
	x := newExchange(get("/2").WithContext(ctx))
	done := make(chan struct{})
	go func() { x.serve(b.Handler(pool.HandlerOptions{})); close(done) }()
	eventually(t, func() bool { return b.Queued() == 1 }, func() string { return "not queued" })
	cancel()
	<-done
	if x.status != 499 || x.reason != "client_gone" || b.Queued() != 0 {
		t.Errorf("%d %q, %d queued", x.status, x.reason, b.Queued())
	}
	close(release)
	<-first
}

func TestQueue_FirstInFirstOut(t *testing.T) {
	arrivals := make(chan *taken, 1)
	b := bootBench(t, fakeConfig(), serving(func(r *taken) { arrivals <- r }))
	var all []<-chan *testExchange
	for i := range 6 {
		all = append(all, async(b, fmt.Sprintf("/%d", i)))
		if i > 0 {
			eventually(t, func() bool { return b.Queued() == i }, func() string { return "not queued" })
			continue
		}
		eventually(t, func() bool { return len(arrivals) == 1 }, func() string { return "not sent" })
	}
	for i := range all {
		r := <-arrivals
		if got, want := requestPath(r), fmt.Sprintf("/%d", i); got != want {
			t.Errorf("%s before %s", got, want)
		}
		r.ok("")
	}
	for _, done := range all {
		<-done
	}
}
