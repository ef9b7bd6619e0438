package pool_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/appserve/appserve/pool"
)

// Slots read ahead while requests are short on average, and only then.
func TestAhead_OnlyWhileRequestsAreShort(t *testing.T) {
	for _, c := range []struct {
		service time.Duration
		ahead   int
	}{{200 * time.Microsecond, 1}, {900 * time.Microsecond, 1}, {4 * time.Millisecond, 1}, {6 * time.Millisecond, 0}} {
		t.Run(c.service.String(), func(t *testing.T) {
			var clock *testClock
			hold, holding := make(chan struct{}), make(chan struct{})
			b := newBench(t, fakeConfig(), serving(func(r *taken) {
				if requestPath(r) == "/hold" {
					close(holding)
					<-hold
				} else {
					clock.advance(c.service)
				}
				r.ok("")
			}))
			clock = b.clock
			if err := b.BootCanary(context.Background()); err != nil {
				t.Fatal(err)
			}
			clock.freeze()
			for range 60 { // the average starts high
				<-async(b, "/")
			}
			first := async(b, "/hold")
			<-holding
			second := async(b, "/")
			eventually(t, func() bool {
				counted, _ := b.Ahead()
				return counted == c.ahead && b.Queued() == 1-c.ahead
			}, func() string { n, _ := b.Ahead(); return fmt.Sprintf("%d ahead, %d queued", n, b.Queued()) })
			close(hold)
			<-first
			<-second
		})
	}
}

// What stands behind a request takes 1 ms together by the average, but is one
// at least while that is under 5 ms, and never more than 15; those and the
// queue keep their order.
func TestAhead_AsManyAsAreShortInOrder(t *testing.T) {
	for _, c := range []struct {
		service time.Duration
		ahead   int
	}{{0, 15}, {50 * time.Microsecond, 15}, {100 * time.Microsecond, 9}, {300 * time.Microsecond, 3}, {time.Millisecond, 1}, {5 * time.Millisecond, 0}} {
		t.Run(c.service.String(), func(t *testing.T) {
			g := newStage(t, fakeConfig())
			g.SetService(c.service)
			first, _ := g.run(t, "/0")
			all := []<-chan *testExchange{first}
			for i := 1; i < c.ahead+4; i++ {
				all = append(all, async(g.bench, fmt.Sprintf("/%d", i)))
				g.stands(t, min(i, c.ahead), max(0, i-c.ahead))
			}
			g.letAll()
			for _, done := range all {
				answered(t, done, "1")
			}
			for i := 1; i < c.ahead+4; i++ {
				if got, want := <-g.begun, fmt.Sprintf("1 /%d", i); got != want {
					t.Errorf("%s began, want %s", got, want)
				}
			}
			g.stands(t, 0, 0)
		})
	}
}

// What stands behind a request that takes long waits in the queue again, in
// the order of arrival, and nothing is placed behind it meanwhile.
func TestAhead_BehindASlowOne(t *testing.T) {
	g := newStage(t, two())
	slow, _ := g.run(t, "/slow")
	other, worker := g.run(t, "/other")
	all := g.behind(t, "/1", "/2", "/3", "/4")
	g.clock.advance(4 * time.Millisecond)
	time.Sleep(30 * time.Millisecond) // some ticks of the clock
	g.stands(t, 4, 0)
	begin := time.Now()
	g.clock.advance(2 * time.Millisecond)
	g.stands(t, 0, 4)
	t.Logf("taken back within %v", time.Since(begin))
	all = append(all, async(g.bench, "/5"))
	g.stands(t, 0, 5)
	for _, path := range []string{"/other", "/1", "/2", "/3", "/4", "/5"} {
		g.let(path)
	}
	answered(t, other, worker)
	for i, done := range all {
		answered(t, done, worker)
		if got, want := <-g.begun, fmt.Sprintf("%s /%d", worker, i+1); got != want {
			t.Errorf("%s began, want %s", got, want)
		}
	}
	g.let("/slow")
	<-slow
}

// A slot that becomes idle takes what stands behind others, although their
// clock stands.
func TestAhead_IdleSlotsSteal(t *testing.T) {
	g := newStage(t, two())
	slow, _ := g.run(t, "/slow")
	other, worker := g.run(t, "/other")
	all := g.behind(t, "/1", "/2", "/3", "/4")
	for _, path := range []string{"/other", "/1", "/2", "/3", "/4"} {
		g.let(path)
	}
	answered(t, other, worker)
	for _, done := range all {
		answered(t, done, worker)
	}
	g.stands(t, 0, 0)
	g.let("/slow")
	<-slow
	eventually(t, func() bool { counted, found, idle := g.Busy(); return counted == 0 && found == 0 && idle == 2 },
		func() string { counted, found, idle := g.Busy(); return fmt.Sprint(counted, found, idle) })
}

// A client that leaves while its request stands behind another one leaves no
// trace: its message is not used again, its worker frees its slot.
func TestAhead_ClientGone(t *testing.T) {
	g := newStage(t, fakeConfig())
	first, _ := g.run(t, "/0")
	ctx, cancel := context.WithCancel(context.Background())
	x, done := newExchange(get("/gone").WithContext(ctx)), make(chan struct{})
	go func() { x.serve(g.Handler(pool.HandlerOptions{})); close(done) }()
	g.stands(t, 1, 0)
	rest := g.behind(t, "/2")
	cancel()
	<-done
	if x.status != 499 || x.reason != "client_gone" || x.app != 0 {
		t.Errorf("%d %q, %v", x.status, x.reason, x.app)
	}
	g.letAll()
	answered(t, first, "1")
	answered(t, rest[0], "1")
	if began := []string{<-g.begun, <-g.begun}; fmt.Sprint(began) != "[1 /gone 1 /2]" {
		t.Errorf("began %v", began)
	}
	g.stands(t, 0, 0)
}

// One that is gone is not run any more once its message was taken back.
func TestAhead_ClientGoneAndTakenBack(t *testing.T) {
	g := newStage(t, fakeConfig())
	first, _ := g.run(t, "/0")
	ctx, cancel := context.WithCancel(context.Background())
	x, done := newExchange(get("/gone").WithContext(ctx)), make(chan struct{})
	go func() { x.serve(g.Handler(pool.HandlerOptions{})); close(done) }()
	g.stands(t, 1, 0)
	rest := g.behind(t, "/2")
	cancel()
	<-done
	g.clock.advance(10 * time.Millisecond)
	g.stands(t, 0, 1)
	g.letAll()
	answered(t, first, "1")
	answered(t, rest[0], "1")
	if began := <-g.begun; began != "1 /2" {
		t.Errorf("%s began", began)
	}
}

// The clock of a request that stands behind another one starts when its turn comes.
func TestAhead_Timeout(t *testing.T) {
	c := fakeConfig()
	c.RequestTimeout = 2 * time.Second
	g := newStage(t, c)
	first, _ := g.run(t, "/0")
	second := g.behind(t, "/1")[0]
	g.clock.advance(2*time.Second - time.Millisecond)
	g.let("/0")
	answered(t, first, "1") // taken back or not, its worker has the second next
	if began := <-g.begun; began != "1 /1" {
		t.Errorf("%s began", began)
	}
	g.clock.advance(2*time.Second - time.Millisecond)
	time.Sleep(250 * time.Millisecond) // more than two looks
	select {
	case x := <-second:
		t.Fatalf("%d %q too early", x.status, x.reason)
	default:
	}
	g.clock.advance(2 * time.Millisecond)
	if x := <-second; x.status != 504 || x.reason != "request_timeout" {
		t.Errorf("%d %q", x.status, x.reason)
	}
}
