package pool_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/appserve/appserve/pool"
	"github.com/appserve/appserve/pool/link"
	"golang.org/x/sys/unix"
)

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

// Nothing stands behind a request whose body travels apart until its worker
// has begun it: the body of one that is taken back would stay in the worker.
func TestAhead_BehindABody(t *testing.T) {
	g := newStage(t, fakeConfig())
	x, upload := newExchange(post("/upload", strings.Repeat("x", link.MaxInlineBody+1))), make(chan *testExchange, 1)
	go func() { x.serve(g.Handler(pool.HandlerOptions{})); upload <- x }()
	if began := <-g.begun; began != "1 /upload" {
		t.Fatalf("%s began", began)
	}
	second := async(g.bench, "/1")
	g.stands(t, 0, 1)
	g.letAll()
	answered(t, upload, "1")
	answered(t, second, "1")
	answered(t, async(g.bench, "/2"), "1")
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
