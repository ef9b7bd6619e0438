package pool_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/appserve/appserve/pool"
)

// Answers are gathered when a new request would wait eight times as long as an
// answer, while requests take as long as it can be covered by those ahead.
func TestGather_WhenThePoolIsSaturated(t *testing.T) {
	ms := time.Millisecond
	for _, c := range []struct {
		service          time.Duration
		workers, waiting int
		depth            int
	}{
		{2 * ms, 2, 32, 5}, {2 * ms, 2, 31, 0},
		{3 * ms, 2, 60, 4}, {4900 * time.Microsecond, 4, 60, 3}, {5 * ms, 4, 60, 0},
		{ms, 2, 100, 7}, {800 * time.Microsecond, 2, 100, 8}, {600 * time.Microsecond, 2, 200, 0},
		{2 * ms, 1, 100, 5}, {3 * ms, 1, 100, 0}, // one worker: one answer at a time
		{2 * ms, 0, 100, 0}, {0, 2, 100, 0},
	} {
		if got := pool.GatherDepth(fakeConfig(), c.service, c.workers, c.waiting); got != c.depth {
			t.Errorf("%v, %d workers, %d waiting: %d ahead, want %d", c.service, c.workers, c.waiting, got, c.depth)
		}
	}
}

// saturate runs one request of each of two workers and has many more wait.
func saturate(t *testing.T, g *stage, waiting int) []<-chan *testExchange {
	t.Helper()
	var all []<-chan *testExchange
	for i := range waiting {
		all = append(all, async(g.bench, fmt.Sprintf("/%d", i)))
	}
	eventually(t, func() bool { n, _ := g.Ahead(); return n+g.Queued() == waiting-2 },
		func() string { n, _ := g.Ahead(); return fmt.Sprintf("%d ahead, %d queued", n, g.Queued()) })
	now := g.clock.now()
	g.clock.advance(now.Truncate(interval).Add(interval).Sub(now)) // each rest is a whole one
	g.SetService(2 * time.Millisecond)
	return all
}

const interval = 4 * time.Millisecond

// On a saturated pool readers rest, with enough ahead, and each answer is dated
// back to when it was sent.
func TestGather_AnswersAreTakenTogether(t *testing.T) {
	g := newStage(t, two())
	g.SetService(4900 * time.Microsecond) // one ahead
	all := saturate(t, g, 100)
	for range 2 {
		_, path, _ := strings.Cut(<-g.begun, " ")
		g.let(path)
	}
	eventually(t, func() bool { return g.Resting() == 2 }, func() string { return fmt.Sprintf("%d readers rest", g.Resting()) })
	if n, _ := g.Ahead(); n < 2*4 {
		t.Errorf("%d requests ahead while the readers rest", n)
	}
	const later = 50 * time.Millisecond // far more than any rest
	g.clock.advance(later)
	g.letAll()
	dated := 0
	for _, done := range all {
		x := <-done
		if x.status != 200 || x.app < 0 || x.app > later {
			t.Errorf("%s: %d %q after %v", x.request.URL.Path, x.status, x.reason, x.app)
		}
		if x.app > 0 && x.app < later {
			dated++
		}
	}
	if dated == 0 {
		t.Error("no answer was dated back")
	}
	g.stands(t, 0, 0)
	eventually(t, func() bool { return g.Resting() == 0 }, func() string { return "readers go on resting" })
}

// A worker that has answered all it had while its reader rested might have
// answered more: answers are not gathered for a while.
func TestGather_NotWhenAWorkerRunsDry(t *testing.T) {
	g := newStage(t, two())
	g.SetService(4900 * time.Microsecond) // one ahead
	all := saturate(t, g, 100)
	_, path, _ := strings.Cut(<-g.begun, " ")
	g.let(path)
	eventually(t, func() bool { return g.Resting() > 0 }, func() string { return "no reader rests" })
	if g.Scattered() {
		t.Error("before any worker ran dry")
	}
	g.letAll() // they take no time
	for _, done := range all {
		answered(t, done, "1", "2")
	}
	if !g.Scattered() {
		t.Error("the workers ran dry, and nobody minded")
	}
}

// Answers are not gathered for a while when they come in pieces: the worker may
// have to wait for the reader to take some.
func TestGather_NotWhenAnswersComeInPieces(t *testing.T) {
	begun, next := make(chan struct{}, 1000), make(chan struct{})
	b := bootBench(t, two(), serving(func(r *taken) {
		begun <- struct{}{}
		select {
		case <-next:
		case <-r.w.exited:
		}
		r.head(0, 200, "")
		r.body(lastDone, "pieces")
	}))
	b.clock.freeze()
	const many = 100
	var all []<-chan *testExchange
	for range many {
		all = append(all, async(b, "/"))
	}
	eventually(t, func() bool { return b.Queued() > many-10 }, func() string { return fmt.Sprintf("%d queued", b.Queued()) })
	for range 2 {
		<-begun
	}
	b.SetService(2 * time.Millisecond)
	next <- struct{}{}
	eventually(t, func() bool { return b.Resting() > 0 }, func() string { return "no reader rests" })
	close(next)
	for _, done := range all {
		if x := <-done; x.status != 200 || x.body.String() != "pieces" {
			t.Errorf("%d %q %q", x.status, x.reason, x.body.String())
		}
	}
	if !b.Scattered() {
		t.Error("answers in pieces, and nobody minded")
	}
}

// What a worker had not begun when it died during a rest runs elsewhere; what
// it had sent by then counts.
func TestGather_ADeathDuringARest(t *testing.T) {
	g := newStage(t, two())
	all := saturate(t, g, 100)
	workers := []*fakeWorker{<-g.spawner.started, <-g.spawner.started}
	worker, path, _ := strings.Cut(<-g.begun, " ")
	g.let(path)
	eventually(t, func() bool { return g.Resting() > 0 }, func() string { return "no reader rests" })
	for _, w := range workers {
		if fmt.Sprint(w.number) == worker {
			w.exit(pool.Status{Code: -1, Signal: 9})
		}
	}
	g.letAll()
	crashed := 0
	for _, done := range all {
		if x := <-done; x.reason == "worker_crashed" {
			crashed++
		} else if x.status != 200 {
			t.Errorf("%s: %d %q", x.request.URL.Path, x.status, x.reason)
		}
	}
	if crashed > 1 {
		t.Errorf("%d requests crashed, of a worker that runs one at a time", crashed)
	}
	g.stands(t, 0, 0)
}

// The time for which a client kept the reader from reading is not held against
// the worker, though the reader had rested before.
func TestGather_ASlowClientAfterARest(t *testing.T) {
	const silence = 400 * time.Millisecond
	c := two()
	c.RequestTimeout = silence
	var streams atomic.Int32
	begun, next, finish := make(chan struct{}, 1000), make(chan struct{}), make(chan struct{})
	b := bootBench(t, c, serving(func(r *taken) {
		begun <- struct{}{}
		select {
		case <-next:
		case <-r.w.exited:
			return
		}
		if streams.Add(1) != 3 { // those that wait and those that begin the rest are whole
			r.ok("") // nothing to wait for
			return
		}
		r.head(0, 200, "")
		for range 8 {
			r.body(0, strings.Repeat("x", 60<<10))
		}
		<-finish
		r.body(lastDone, "")
	}))
	b.clock.freeze()
	const many = 60
	slow := make(chan struct{})
	var clients sync.WaitGroup
	var all []*testExchange
	for range many {
		x := newExchange(get("/"))
		x.slow = slow
		all = append(all, x)
		clients.Go(func() { x.serve(b.Handler(pool.HandlerOptions{})) })
	}
	eventually(t, func() bool { return b.Queued() > many-10 }, func() string { return fmt.Sprintf("%d queued", b.Queued()) })
	for range 2 {
		<-begun
	}
	b.SetService(2 * time.Millisecond)
	for range 2 {
		next <- struct{}{}
	}
	eventually(t, func() bool { return b.Resting() == 2 }, func() string { return fmt.Sprintf("%d readers rest", b.Resting()) })
	b.clock.frozen.Store(nil)
	close(next)
	time.Sleep(3 * silence / 2) // the client takes nothing
	close(slow)
	time.Sleep(silence / 2) // the clock looks
	close(finish)
	clients.Wait()
	for _, x := range all {
		if x.status != 200 || x.reason != "" {
			t.Errorf("%d %q", x.status, x.reason)
		}
	}
}
