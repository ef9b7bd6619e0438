package pool_test

import (
	"context"
	"testing"
	"time"

	"github.com/appserve/appserve/pool"
)

// gatedPassage is a passage whose worker takes its next request when the test
// says so.
func gatedPassage(t *testing.T) (g *passage, next chan struct{}) {
	t.Helper()
	next = make(chan struct{})
	g = &passage{took: make(chan *taken, 10)}
	g.bench = bootBench(t, fakeConfig(), serving(func(r *taken) { g.took <- r; <-next }))
	g.clock.freeze()
	g.SetService(0)
	t.Cleanup(func() { close(next) })
	return g, next
}

// beginStop starts the end of the pool, in which nothing is taken back.
func (g *passage) beginStop(t *testing.T) {
	t.Helper()
	go g.Retire(context.Background())
	eventually(t, g.Retiring, func() string { return "not retiring" })
}

// A worker that is told in time that nobody waits says only that it is done.
func TestBegun_AbandonedInTime(t *testing.T) {
	g, next := gatedPassage(t)
	first := async(g.bench, "/0")
	zero := g.take(t, "/0")
	ctx, cancel := context.WithCancel(context.Background())
	gone := make(chan *testExchange, 1)
	go func() { gone <- serve(g.Handler(pool.HandlerOptions{}), get("/1").WithContext(ctx)) }()
	g.ahead(t, 1)
	second := async(g.bench, "/2")
	g.ahead(t, 2)
	cancel()
	<-gone
	zero.head(last, 200, "")
	<-first
	next <- struct{}{}
	g.take(t, "/1").done()
	next <- struct{}{}
	g.take(t, "/2").ok("fine")
	if x := <-second; x.status != 200 {
		t.Errorf("%d %q\n%s", x.status, x.reason, g.log)
	}
}

// The clock of a request that was begun runs although another one is still in
// the link, where nobody takes it back.
func TestBegun_SilenceWhileStopping(t *testing.T) {
	g, next := gatedPassage(t)
	first := async(g.bench, "/0")
	zero := g.take(t, "/0")
	second := async(g.bench, "/1")
	g.ahead(t, 1)
	third := async(g.bench, "/2")
	g.ahead(t, 2)
	g.beginStop(t)
	zero.head(last, 200, "")
	<-first
	next <- struct{}{}
	g.take(t, "/1")
	g.ahead(t, 1)
	g.clock.advance(31 * time.Second)
	if x := <-second; x.status != 504 {
		t.Errorf("%d %q\n%s", x.status, x.reason, g.log)
	}
	<-third
}

// What the close() of the request before took is not the silence of the next.
func TestBegun_SilenceBeginsWithTheRequest(t *testing.T) {
	g, next := gatedPassage(t)
	first := async(g.bench, "/0")
	zero := g.take(t, "/0")
	second, patience := make(chan *testExchange, 1), 2*time.Second
	go func() { second <- serve(g.Handler(pool.HandlerOptions{RequestTimeout: &patience}), get("/1")) }()
	g.ahead(t, 1)
	g.beginStop(t)
	zero.head(last, 200, "")
	<-first
	g.clock.advance(3 * time.Second) // close()
	next <- struct{}{}
	one := g.take(t, "/1")
	g.ahead(t, 0)
	g.clock.advance(time.Second)
	one.ok("fine")
	if x := <-second; x.status != 200 {
		t.Errorf("%d %q\n%s", x.status, x.reason, g.log)
	}
}

// A request that came after the one before it was complete has not waited.
func TestBegun_QueueTime(t *testing.T) {
	g := newPassage(t)
	first := async(g.bench, "/0")
	g.take(t, "/0").head(last, 200, "")
	<-first
	g.clock.advance(3 * time.Millisecond)
	second := async(g.bench, "/1")
	g.take(t, "/1").ok("")
	if x := <-second; x.queue < 0 || x.queue > 3*time.Millisecond {
		t.Errorf("waited %v", x.queue)
	}
}
