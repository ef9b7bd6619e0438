package pool_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/appserve/appserve/pool"
	"golang.org/x/sys/unix"
)

// stage is a pool of sound fake workers whose clock stands and whose requests
// count as short: slots read ahead, and nothing is taken back because of time.
// A worker begins a request by telling its path, and answers when it is let.
type stage struct {
	*bench
	begun chan string // "worker path", in order
	mu    sync.Mutex
	gates map[string]chan struct{} // by path
	open  bool                     // all are
}

// newStage boots a stage.
func newStage(t *testing.T, c pool.Config) *stage {
	t.Helper()
	return newSlowStage(t, c, nil)
}

// newSlowStage boots a stage whose replacements wait for a channel to be closed.
func newSlowStage(t *testing.T, c pool.Config, boot <-chan struct{}) *stage {
	t.Helper()
	g := &stage{begun: make(chan string, 1000), gates: map[string]chan struct{}{}}
	sound := serving(func(r *taken) {
		path := requestPath(r)
		g.begun <- fmt.Sprintf("%d %s", r.w.number, path)
		select {
		case <-g.gate(path):
			r.ok(strconv.Itoa(r.w.number))
		case <-r.w.exited:
		}
	})
	g.bench = bootBench(t, c, func(w *fakeWorker) {
		if boot != nil && w.number > c.Processes {
			<-boot
		}
		sound(w)
	})
	t.Cleanup(g.letAll)
	g.clock.freeze()
	g.SetService(0)
	return g
}

func (g *stage) gate(path string) chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.gates[path] == nil {
		g.gates[path] = make(chan struct{})
		if g.open {
			close(g.gates[path])
		}
	}
	return g.gates[path]
}

// let answers a request as soon as it is begun.
func (g *stage) let(path string) { close(g.gate(path)) }

// letAll answers everything that has no gate yet or a closed one.
func (g *stage) letAll() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open = true
	for _, gate := range g.gates {
		select {
		case <-gate:
		default:
			close(gate)
		}
	}
}

// run sends a request and waits until a worker has begun it.
func (g *stage) run(t *testing.T, path string) (done <-chan *testExchange, worker string) {
	t.Helper()
	done = async(g.bench, path)
	worker, began, _ := strings.Cut(<-g.begun, " ")
	if began != path {
		t.Fatalf("%s was begun, not %s", began, path)
	}
	return done, worker
}

// behind sends requests one after the other; n stand behind another one after each.
func (g *stage) behind(t *testing.T, paths ...string) []<-chan *testExchange {
	t.Helper()
	n, _ := g.Ahead()
	var all []<-chan *testExchange
	for i, path := range paths {
		g.clock.advance(time.Microsecond)
		all = append(all, async(g.bench, path))
		g.stands(t, n+i+1, 0)
	}
	return all
}

// stands waits until so many requests stand behind others and in the queue.
func (g *stage) stands(t *testing.T, ahead, queued int) {
	t.Helper()
	eventually(t, func() bool {
		counted, found := g.Ahead()
		return counted == ahead && found == ahead && g.Queued() == queued
	}, func() string {
		counted, found := g.Ahead()
		return fmt.Sprintf("%d counted ahead, %d found, %d queued; want %d and %d\n%s", counted, found, g.Queued(), ahead, queued, g.log)
	})
}

// answered checks that a request was answered by one of the workers.
func answered(t *testing.T, done <-chan *testExchange, workers ...string) {
	t.Helper()
	if x := <-done; x.status != 200 || !slices.Contains(workers, x.body.String()) {
		t.Errorf("%s: %d %q by worker %q, want 200 by %v", x.request.URL.Path, x.status, x.reason, x.body.String(), workers)
	}
}

func two() pool.Config {
	c := fakeConfig()
	c.Processes = 2
	return c
}

// Slots read ahead while requests are short on average, and only then.
func TestAhead_OnlyWhileRequestsAreShort(t *testing.T) {
	for _, c := range []struct {
		service time.Duration
		ahead   int
	}{{200 * time.Microsecond, 1}, {900 * time.Microsecond, 1}, {1100 * time.Microsecond, 0}, {4 * time.Millisecond, 0}} {
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

// At most three stand behind a request; those and the queue keep their order.
func TestAhead_AtMostThreeInOrder(t *testing.T) {
	g := newStage(t, fakeConfig())
	first, _ := g.run(t, "/0")
	all := append([]<-chan *testExchange{first}, g.behind(t, "/1", "/2", "/3")...)
	for i := 4; i < 7; i++ {
		all = append(all, async(g.bench, fmt.Sprintf("/%d", i)))
		g.stands(t, 3, i-3)
	}
	g.letAll()
	for _, done := range all {
		answered(t, done, "1")
	}
	for i := 1; i < 7; i++ {
		if got, want := <-g.begun, fmt.Sprintf("1 /%d", i); got != want {
			t.Errorf("%s began, want %s", got, want)
		}
	}
	g.stands(t, 0, 0)
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

// A full link is no reason to doubt a worker: the request waits.
func TestAhead_FullLink(t *testing.T) {
	g := newStage(t, fakeConfig())
	shrinkLinks(t)
	first, _ := g.run(t, "/0")
	all := []<-chan *testExchange{first}
	for range 3 {
		x, done := newExchange(get("/large")), make(chan *testExchange, 1)
		x.request.Header.Set("X-Large", strings.Repeat("x", 3000))
		go func() { x.serve(g.Handler(pool.HandlerOptions{})); done <- x }()
		all = append(all, done)
	}
	eventually(t, func() bool { n, _ := g.Ahead(); return n > 0 && n < 3 && n+g.Queued() == 3 },
		func() string { n, _ := g.Ahead(); return fmt.Sprintf("%d ahead, %d queued", n, g.Queued()) })
	g.letAll()
	for _, done := range all {
		answered(t, done, "1")
	}
	if text := g.log.String(); strings.Contains(text, "killed") {
		t.Error(text)
	}
}

// shrinkLinks makes the kernel's buffers of all links as small as they can be.
func shrinkLinks(t *testing.T) {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		fd, err := strconv.Atoi(e.Name())
		if err != nil {
			t.Fatal(err)
		}
		if kind, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE); err == nil && kind == unix.SOCK_SEQPACKET {
			if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF, 1); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// What could not be sent goes to another worker, however the one that does not
// read goes on.
func TestAhead_NotSentIsNotLost(t *testing.T) {
	g := newStage(t, fakeConfig())
	first, _ := g.run(t, "/0")
	w := <-g.spawner.started
	w.closeRead(0)
	second := async(g.bench, "/1")
	g.stands(t, 0, 1)
	w.exit(pool.Status{Code: 1})
	g.let("/1")
	answered(t, second, "2")
	if x := <-first; x.status != 502 || x.reason != "worker_crashed" {
		t.Errorf("%d %q", x.status, x.reason)
	}
}

// A worker that answers what it has not received is mad; nobody else is hurt.
func TestAhead_AnswerToTheUnread(t *testing.T) {
	answer := make(chan struct{})
	started := make(chan *taken, 1)
	b := bootBench(t, fakeConfig(), serving(func(r *taken) {
		if r.w.number > 1 {
			r.ok("2")
			return
		}
		started <- r
		<-answer
		r.ok("1")
		r.id++
		m := *r
		m.head(0, 200, "forged")
		<-r.w.exited
	}))
	b.clock.freeze()
	b.SetService(0)
	first := async(b, "/0")
	r := <-started
	second := async(b, "/1")
	third := async(b, "/2")
	eventually(t, func() bool { n, _ := b.Ahead(); return n == 2 }, func() string { return "not ahead" })
	close(answer)
	answered(t, first, "1")
	eventually(t, func() bool { n, _ := b.Ahead(); return n == 1 }, func() string { return "not forged" })
	b.clock.advance(time.Second)
	forged, sane := 0, 0
	for _, done := range []<-chan *testExchange{second, third} {
		switch x := <-done; {
		case x.reason == "worker_protocol":
			forged++
		case x.status == 200 && x.body.String() == "2":
			sane++
		default:
			t.Errorf("%d %q %q", x.status, x.reason, x.body.String())
		}
	}
	if forged != 1 || sane != 1 {
		t.Errorf("%d forged, %d sane", forged, sane)
	}
	b.log.wait(t, "worker killed: it broke the link's protocol", "had not received")
	<-r.w.exited
}
