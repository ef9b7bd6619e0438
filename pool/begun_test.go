package pool_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/appserve/appserve/pool"
)

// passage is a pool of one worker that tells the test what it takes, and goes
// on to the next request whatever the test answers.
type passage struct {
	*bench
	took chan *taken
}

func newPassage(t *testing.T) *passage {
	t.Helper()
	g := &passage{took: make(chan *taken, 10)}
	g.bench = bootBench(t, fakeConfig(), serving(func(r *taken) { g.took <- r }))
	g.clock.freeze()
	g.SetService(0)
	return g
}

// ahead waits until n requests stand behind another one.
func (g *passage) ahead(t *testing.T, n int) {
	t.Helper()
	eventually(t, func() bool { counted, found := g.Ahead(); return counted == n && found == n }, func() string {
		counted, found := g.Ahead()
		return fmt.Sprintf("%d counted ahead, %d found, not %d\n%s", counted, found, n, g.log)
	})
}

// take checks which request the worker takes next.
func (g *passage) take(t *testing.T, path string) *taken {
	t.Helper()
	r := <-g.took
	if got := requestPath(r); got != path {
		t.Fatalf("%s was taken, not %s", got, path)
	}
	return r
}

// A worker that finds its next request says no DONE: the next HEAD does
// (runtime.md D5).
func TestBegun_AHeadSaysDone(t *testing.T) {
	g := newPassage(t)
	var all []<-chan *testExchange
	for i := range 4 {
		all = append(all, async(g.bench, fmt.Sprint("/", i)))
		if i == 0 {
			g.ahead(t, 0)
		}
	}
	for i := range all {
		r := <-g.took
		r.head(last, 200, requestPath(r))
		if i == len(all)-1 {
			r.done()
		}
	}
	for i, done := range all {
		if x := <-done; x.body.String() != fmt.Sprint("/", i) {
			t.Errorf("%d: %d %q %q", i, x.status, x.reason, x.body.String())
		}
	}
	eventually(t, func() bool { counted, found, idle := g.Busy(); return counted == 0 && found == 0 && idle == 1 },
		func() string { return "the slot is not free" })
}

// follow answers "/0" without DONE, and has the worker take "/1" behind it.
func (g *passage) follow(t *testing.T) (first *taken, second *taken, done <-chan *testExchange) {
	t.Helper()
	before := async(g.bench, "/0")
	first = g.take(t, "/0")
	first.head(last, 200, "")
	<-before
	done = async(g.bench, "/1")
	second = g.take(t, "/1")
	g.ahead(t, 0) // the clock has noticed that it is not in the link any more
	return first, second, done
}

// The clock of a request runs although nothing says that it was begun, and the
// log names it and not the one before.
func TestBegun_SilenceIsNoticed(t *testing.T) {
	g := newPassage(t)
	_, _, done := g.follow(t)
	g.clock.advance(31 * time.Second)
	if x := <-done; x.status != 504 || x.reason != "request_timeout" {
		t.Errorf("%d %q", x.status, x.reason)
	}
	g.log.wait(t, "request silent for 30s", "path=/1")
	if text := g.log.String(); strings.Contains(text, "not closed") {
		t.Error(text)
	}
}

// A worker that dies takes along what it has begun.
func TestBegun_WorkerDies(t *testing.T) {
	g := newPassage(t)
	_, second, done := g.follow(t)
	second.w.exit(pool.Status{Code: -1, Signal: 9})
	if x := <-done; x.status != 502 || x.reason != "worker_crashed" {
		t.Errorf("%d %q", x.status, x.reason)
	}
	g.log.wait(t, "worker died", "in_flight=1")
}

// What a worker said of a request before it took the next one may be read later
// than that is noticed, but once.
func TestBegun_DoneThatIsReadLate(t *testing.T) {
	g := newPassage(t)
	first, second, done := g.follow(t)
	first.done()
	second.head(0, 200, "so far")
	first.done() // this one is a lie
	if x := <-done; x.reason != "worker_protocol" {
		t.Errorf("%d %q", x.status, x.reason)
	}
	g.log.wait(t, "link protocol broken")
}

// Nor may it speak of that request when it has spoken of the next.
func TestBegun_ErrorAfterTheResponseIsReadLate(t *testing.T) {
	g := newPassage(t)
	first, second, done := g.follow(t)
	first.fail(2, 2, "Traceback\nValueError: close")
	g.log.wait(t, "application error after the response", "path=/0")
	second.ok("fine")
	if x := <-done; x.status != 200 || x.body.String() != "fine" {
		t.Errorf("%d %q %q", x.status, x.reason, x.body.String())
	}
}
