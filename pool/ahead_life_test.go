package pool_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/appserve/appserve/pool"
)

// A worker that dies takes only what it had begun along.
func TestAhead_WorkerDies(t *testing.T) {
	g := newStage(t, fakeConfig())
	first, _ := g.run(t, "/0")
	rest := g.behind(t, "/1", "/2", "/3")
	for _, path := range []string{"/1", "/2", "/3"} {
		g.let(path)
	}
	(<-g.spawner.started).exit(pool.Status{Code: -1, Signal: 9})
	if x := <-first; x.status != 502 || x.reason != "worker_crashed" {
		t.Errorf("%d %q", x.status, x.reason)
	}
	for i, done := range rest {
		answered(t, done, "2")
		if got, want := <-g.begun, fmt.Sprintf("2 /%d", i+1); got != want {
			t.Errorf("%s began, want %s", got, want)
		}
	}
	g.log.wait(t, "worker died", "in_flight=1")
}

// What stands behind a response that its client takes slowly does not wait for
// that client when the worker dies.
func TestAhead_WorkerDiesBehindASlowClient(t *testing.T) {
	started := make(chan *taken, 2)
	b := bootBench(t, fakeConfig(), serving(func(r *taken) {
		if r.w.number == 1 {
			started <- r
			<-r.w.exited
			return
		}
		r.ok("2")
	}))
	b.clock.freeze()
	b.SetService(0)
	x, gone, slow := newExchange(get("/download")), make(chan struct{}), make(chan struct{})
	x.slow, x.gone = make(chan struct{}), gone
	go func() { x.serve(b.Handler(pool.HandlerOptions{})); close(slow) }()
	r := <-started
	second := async(b, "/1")
	eventually(t, func() bool { n, _ := b.Ahead(); return n == 1 }, func() string { return "not ahead" })
	r.head(0, 200, "")
	for range 10 {
		r.body(0, strings.Repeat("x", 60<<10))
	}
	r.w.exit(pool.Status{Code: 1})
	answered(t, second, "2")
	close(gone)
	<-slow
}

// A worker that drains gives back what it has not begun, while what it has goes on.
func TestAhead_Drain(t *testing.T) {
	t.Run("SIGTERM", func(t *testing.T) {
		g := newStage(t, fakeConfig())
		first, _ := g.run(t, "/0")
		rest := g.behind(t, "/1", "/2")
		g.let("/1")
		g.let("/2")
		(<-g.spawner.started).tell(`{"type":"recycle","reason":"sigterm","request":0}`)
		answered(t, rest[0], "2")
		answered(t, rest[1], "2")
		g.let("/0")
		answered(t, first, "1")
	})
	t.Run("max_requests", func(t *testing.T) {
		c := fakeConfig()
		c.MaxRequests = 3
		boot := make(chan struct{})
		g := newSlowStage(t, c, boot)
		first, _ := g.run(t, "/0")
		rest := g.behind(t, "/1", "/2")
		close(boot)
		g.let("/1")
		g.let("/2")
		answered(t, rest[0], "2")
		answered(t, rest[1], "2")
		g.let("/0")
		answered(t, first, "1")
		g.log.wait(t, "worker recycled", "reason=max_requests", "requests=1")
	})
}

// A worker is not given more ahead than it may have in all.
func TestAhead_NotBeyondMaxRequests(t *testing.T) {
	c := fakeConfig()
	c.MaxRequests = 2
	boot := make(chan struct{})
	g := newSlowStage(t, c, boot)
	first, _ := g.run(t, "/0")
	second := g.behind(t, "/1")[0]
	third := async(g.bench, "/2")
	g.stands(t, 1, 1)
	close(boot)
	g.letAll()
	answered(t, first, "1")
	answered(t, second, "1", "2")
	answered(t, third, "1", "2")
}

// Requests that stand behind others move with the queue, in the order of arrival.
func TestAhead_HandOver(t *testing.T) {
	old, next := newStage(t, two()), newStage(t, fakeConfig())
	old.SetService(300 * time.Microsecond) // three behind each
	slow, _ := old.run(t, "/slow")
	other, _ := old.run(t, "/other")
	all := old.behind(t, "/1", "/2", "/3", "/4", "/5", "/6")
	for i := 7; i < 9; i++ {
		old.clock.advance(time.Microsecond)
		all = append(all, async(old.bench, fmt.Sprintf("/%d", i)))
		old.stands(t, 6, i-6)
	}
	next.letAll()
	old.HandOver(next.Pool)
	for i, done := range all {
		answered(t, done, "1")
		if got, want := <-next.begun, fmt.Sprintf("1 /%d", i+1); got != want {
			t.Errorf("%s began, want %s", got, want)
		}
	}
	retired := make(chan [2]int, 1)
	go func() { f, c := old.Retire(context.Background()); retired <- [2]int{f, c} }()
	eventually(t, old.Retiring, func() string { return "not retiring" })
	old.letAll()
	for _, done := range []<-chan *testExchange{slow, other} {
		if x := <-done; x.status != 200 {
			t.Errorf("%d %q", x.status, x.reason)
		}
	}
	if got := <-retired; got != [2]int{2, 0} {
		t.Errorf("finished and cut: %v", got)
	}
}

// A pool without a successor still runs what stands behind others.
func TestAhead_Retire(t *testing.T) {
	g := newStage(t, fakeConfig())
	first, _ := g.run(t, "/0")
	all := append(g.behind(t, "/1", "/2"), first)
	retired := make(chan [2]int, 1)
	go func() { f, c := g.Retire(context.Background()); retired <- [2]int{f, c} }()
	eventually(t, func() bool { return g.Ready() == 0 }, func() string { return "not draining" })
	g.clock.advance(time.Second) // what is slow now is no reason to cut the others
	time.Sleep(30 * time.Millisecond)
	g.letAll()
	for _, done := range all {
		answered(t, done, "1")
	}
	if got := <-retired; got != [2]int{3, 0} {
		t.Errorf("finished and cut: %v", got)
	}
}

func TestAhead_RetireCuts(t *testing.T) {
	c := fakeConfig()
	c.GracefulTimeout = 50 * time.Millisecond
	g := newStage(t, c)
	first, _ := g.run(t, "/0")
	all := append(g.behind(t, "/1", "/2"), first)
	if finished, cut := g.Retire(context.Background()); finished != 0 || cut != 3 {
		t.Errorf("%d finished, %d cut", finished, cut)
	}
	for _, done := range all {
		if x := <-done; x.status != 503 || x.reason != "stopping" {
			t.Errorf("%d %q", x.status, x.reason)
		}
	}
}

func TestAhead_Kill(t *testing.T) {
	g := newStage(t, fakeConfig())
	first, _ := g.run(t, "/0")
	all := append(g.behind(t, "/1", "/2"), first)
	g.Kill()
	for _, done := range all {
		if x := <-done; x.status != 503 || x.reason != "stopping" {
			t.Errorf("%d %q", x.status, x.reason)
		}
	}
	g.stands(t, 0, 0)
}
