package pool_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/appserve/appserve/pool"
	"github.com/appserve/appserve/pool/link"
	"golang.org/x/sys/unix"
)

// A worker that sends nonsense is killed and named, its request fails with
// worker_protocol, the pool recovers, and nothing leaks (the bench counts).
func TestPool_MadWorkers(t *testing.T) {
	fifo := func(r *taken) {
		var fds [2]int
		if err := unix.Pipe2(fds[:], unix.O_CLOEXEC); err != nil {
			panic(err)
		}
		defer unix.Close(fds[0])
		defer unix.Close(fds[1])
		m := append(link.AppendHeader(nil, link.TypeDone, 0, r.id), 0, 0, 0, 0)
		_, _, _ = r.slot.WriteMsgUnix(m, unix.UnixRights(fds[0], fds[1]), nil)
	}
	cases := map[string]struct {
		offend func(r *taken)
		what   string
	}{
		"random bytes":       {func(r *taken) { r.send([]byte("\x13\x37random bytes of any kind")) }, "padding"},
		"one byte":           {func(r *taken) { r.send([]byte{0x81}) }, "message of 1 bytes"},
		"empty message":      {func(r *taken) { r.send(nil) }, "an empty message"},
		"huge message":       {func(r *taken) { r.send(make([]byte, 400<<10)) }, "too large"},
		"large message":      {func(r *taken) { r.body(0, strings.Repeat("x", 201<<10)) }, "the limit is"},
		"descriptor":         {fifo, "uninvited descriptor"},
		"duplicate end":      {func(r *taken) { r.head(last, 200, ""); r.body(last, "") }, "BODY while the slot is closing"},
		"unknown id":         {func(r *taken) { r.id += 5; r.ok("") }, "not the running request's"},
		"finished id":        {func(r *taken) { r.head(lastDone, 200, ""); r.done() }, "DONE while the slot is free"},
		"body before head":   {func(r *taken) { r.body(0, "x") }, "BODY while the slot is sent"},
		"done without end":   {func(r *taken) { r.head(0, 200, ""); r.done() }, "DONE while the slot is running"},
		"our own type":       {func(r *taken) { r.send(link.AppendHeader(nil, link.TypeRequest, 0, r.id)) }, "unknown type"},
		"head length":        {func(r *taken) { r.send(append(link.AppendHeader(nil, link.TypeHead, 0, r.id), 255, 0, 0, 0)) }, "does not fit"},
		"control, no JSON":   {func(r *taken) { r.w.tell("\x00\x01") }, "no JSON"},
		"control, unknown":   {func(r *taken) { r.w.tell(`{"type":"sesame"}`) }, "sesame"},
		"control descriptor": {func(r *taken) { _, _, _ = r.w.control.WriteMsgUnix([]byte("{}"), unix.UnixRights(0), nil) }, "uninvited"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			b := bootBench(t, fakeConfig(), serving(func(r *taken) {
				if r.w.number == 1 {
					c.offend(r)
				} else {
					r.ok("sane")
				}
			}))
			x := <-async(b, "/")
			answered := x.status == 200 // the response was complete before the offence
			if !answered && (x.status != 502 || x.reason != "worker_protocol") {
				t.Errorf("%d %q", x.status, x.reason)
			}
			b.log.wait(t, "worker killed: it broke the link's protocol", "pid=100001", "first_bytes=", c.what)
			b.log.wait(t, "worker died", "link protocol broken", "replaced_by=100002")
			if x := <-async(b, "/"); x.body.String() != "sane" {
				t.Errorf("afterwards: %d %q %q\n%s", x.status, x.reason, x.body.String(), b.log)
			}
		})
	}
}

// While it boots, a mad worker is only a boot that failed.
func TestPool_MadWhileBooting(t *testing.T) {
	cases := map[string]func(w *fakeWorker){
		"garbage":        func(w *fakeWorker) { w.tell("garbage") },
		"ready first":    func(w *fakeWorker) { w.tell(`{"type":"ready"}`) },
		"other protocol": func(w *fakeWorker) { w.tell(strings.Replace(fakeHello, `"protocol":1`, `"protocol":2`, 1)) },
		"hello twice":    func(w *fakeWorker) { w.tell(fakeHello); w.tell(fakeHello) },
	}
	for name, script := range cases {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, fakeConfig(), script)
			err := b.BootCanary(t.Context())
			if _, ok := err.(*pool.BootError); !ok {
				t.Fatalf("got %v", err)
			}
			if w := <-b.spawner.started; !w.got(unix.SIGKILL) {
				t.Error("it was not killed")
			}
			b.log.wait(t, "worker failed to boot")
		})
	}
}

// Two slots may break at once; it is one death, for one reason.
func TestPool_JunkOnTwoSlotsIsOneLine(t *testing.T) {
	c := fakeConfig()
	c.Threads = 2
	both := make(chan struct{}, 2)
	b := bootBench(t, c, serving(func(r *taken) {
		if r.w.number > 1 {
			r.ok("sane")
			return
		}
		both <- struct{}{}
		for len(both) < 2 {
			runtime.Gosched()
		}
		r.send([]byte("\x13\x37random bytes of any kind"))
	}))
	one, other := async(b, "/one"), async(b, "/other")
	<-one
	<-other
	b.log.wait(t, "worker died", "link protocol broken")
	if n := strings.Count(b.log.String(), "worker killed"); n != 1 {
		t.Errorf("%d lines for one kill:\n%s", n, b.log)
	}
}
