package pool_test

import (
	"syscall"
	"testing"
	"time"

	"github.com/appserve/appserve/pool"
)

const fakeDump = `{"type":"dump","threads":[{"name":"other","request":0,"stack":"  File \"o.py\", line 1\n"},` +
	`{"name":"MainThread","request":1,"stack":"  File \"views.py\", line 44, in report\n    rows = slow_query()\n"}]}`

func TestTimeout_ReplacesTheWorker(t *testing.T) {
	running := make(chan struct{}, 1)
	b := bootBench(t, fakeConfig(), func(w *fakeWorker) {
		if w.number > 1 {
			serving(hello)(w)
			return
		}
		w.boot()
		w.take(0)
		running <- struct{}{}
		w.hear("dump")
		w.tell(fakeDump)
	})
	done := async(b, "/report/")
	<-running
	b.clock.advance(31 * time.Second)
	if x := <-done; x.status != 504 || x.reason != "request_timeout" {
		t.Errorf("%d %q", x.status, x.reason)
	}
	b.log.wait(t, "request silent for 30s", "pool=test", "slot=0", "pid=100001", "request=7f3a", "method=GET", "path=/report/", "age=31.")
	b.log.wait(t, `thread "MainThread" (this request)`)
	b.log.wait(t, `File "views.py", line 44, in report`)
	b.log.wait(t, "worker replaced", `reason="request timeout"`, "replaced_by=100002")
	w := <-b.spawner.started
	<-w.exited
	if !w.got(syscall.SIGKILL) {
		t.Error("it was not killed")
	}
	if x := <-async(b, "/"); x.body.String() != "worker 2" {
		t.Errorf("%q", x.body.String())
	}
}

// When C code holds the interpreter lock the control thread cannot answer;
// faulthandler can.
func TestTimeout_FallsBackToTheFaultHandler(t *testing.T) {
	running := make(chan struct{}, 1)
	b := bootBench(t, fakeConfig(), func(w *fakeWorker) {
		if w.boot(); w.number == 1 {
			w.take(0)
			running <- struct{}{}
			return
		}
		w.leave()
	})
	done := async(b, "/")
	<-running
	b.clock.advance(31 * time.Second)
	<-done
	b.log.wait(t, "the control thread does not answer")
	if w := <-b.spawner.started; !w.got(syscall.Signal(41)) {
		t.Error("no signal for faulthandler")
	}
}

func TestTimeout_SiblingsFinish(t *testing.T) {
	c := fakeConfig()
	c.Threads = 2
	arrivals := make(chan *taken, 2)
	b := bootBench(t, c, func(w *fakeWorker) {
		if w.number > 1 {
			serving(hello)(w)
			return
		}
		w.boot()
		for i := range 2 {
			go func() { arrivals <- w.take(i) }()
		}
		w.hear("dump")
		w.tell(fakeDump)
	})
	stuck := async(b, "/stuck")
	<-arrivals
	b.clock.advance(20 * time.Second)
	other := async(b, "/other")
	r := <-arrivals
	b.clock.advance(11 * time.Second)
	if x := <-stuck; x.status != 504 {
		t.Errorf("%d %q", x.status, x.reason)
	}
	b.log.wait(t, "request silent")
	r.ok("finished")
	if x := <-other; x.status != 200 || x.body.String() != "finished" {
		t.Errorf("%d %q", x.status, x.reason)
	}
	w := <-b.spawner.started
	<-w.exited
}

// Every piece restarts the clock: a long response that is never silent is fine.
func TestTimeout_OnlyOfSilence(t *testing.T) {
	step := make(chan struct{})
	b := bootBench(t, fakeConfig(), serving(func(r *taken) {
		r.head(0, 200, "x")
		for range 4 {
			<-step
			r.body(0, "x")
		}
		r.body(lastDone, "")
	}))
	x := newExchange(get("/"))
	written := make(chan []byte)
	x.written = written
	done := make(chan struct{})
	go func() { x.serve(b.Handler(pool.HandlerOptions{})); close(done) }()
	<-written
	for range 4 {
		b.clock.advance(20 * time.Second)
		time.Sleep(150 * time.Millisecond) // the clock looks
		step <- struct{}{}
		<-written
	}
	<-done
	if x.status != 200 || x.body.String() != "xxxxx" || x.reason != "" {
		t.Errorf("%d %q %q", x.status, x.reason, x.body.String())
	}
}

func TestTimeout_AfterTheHead(t *testing.T) {
	b := bootBench(t, fakeConfig(), serving(func(r *taken) { r.head(0, 200, "x") }))
	x := newExchange(get("/"))
	written := make(chan []byte)
	x.written = written
	done := make(chan struct{})
	go func() { x.serve(b.Handler(pool.HandlerOptions{})); close(done) }()
	<-written
	b.clock.advance(31 * time.Second)
	<-done
	if !x.aborted || x.reason != "request_timeout" {
		t.Errorf("aborted=%v %q", x.aborted, x.reason)
	}
}

func TestTimeout_OfTheLocation(t *testing.T) {
	running := make(chan struct{}, 2)
	b := bootBench(t, fakeConfig(), serving(func(r *taken) { running <- struct{}{} }))
	short, none := time.Second, time.Duration(0)
	x := newExchange(get("/"))
	done := make(chan struct{})
	go func() { x.serve(b.Handler(pool.HandlerOptions{RequestTimeout: &short})); close(done) }()
	<-running
	b.clock.advance(2 * time.Second)
	<-done
	if x.status != 504 {
		t.Errorf("%d %q", x.status, x.reason)
	}
	eventually(t, func() bool { return b.Ready() == 1 }, func() string { return "no replacement" })
	y := newExchange(get("/"))
	go y.serve(b.Handler(pool.HandlerOptions{RequestTimeout: &none}))
	<-running
	b.clock.advance(time.Hour)
	time.Sleep(150 * time.Millisecond) // the clock looks
	if y.HeadWritten() {
		t.Errorf("%d %q", y.status, y.reason)
	}
}

// close() may take 30 s after the response; then the worker is replaced.
func TestTimeout_OfClose(t *testing.T) {
	b := bootBench(t, fakeConfig(), serving(func(r *taken) {
		if r.w.number == 1 {
			r.head(last, 200, "x")
			return
		}
		hello(r)
	}))
	if x := <-async(b, "/"); x.status != 200 {
		t.Fatalf("%d", x.status)
	}
	b.clock.advance(31 * time.Second)
	b.log.wait(t, "request not closed within 30s of its response")
	if x := <-async(b, "/"); x.body.String() != "worker 2" {
		t.Errorf("%q", x.body.String())
	}
}
