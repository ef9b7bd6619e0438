package pool_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/appserve/appserve/pool"
)

// hello answers every request.
func hello(r *taken) { r.ok(fmt.Sprintf("worker %d", r.w.number)) }

func TestPool_BootFailures(t *testing.T) {
	cases := []struct {
		name   string
		script func(w *fakeWorker)
		phase  string
		want   string
		stderr string
	}{
		{"exit at once", func(w *fakeWorker) {
			_, _ = w.err.WriteString("Fatal Python error: no codec\n")
			w.exit(pool.Status{Code: 1})
		}, "hello", "the interpreter did not start: it ended with exit status 1", "Fatal Python error"},
		{"import error", func(w *fakeWorker) {
			w.tell(fakeHello)
			w.hear("start")
			w.tell(`{"type":"failed","phase":"import","error":"ImportError: x","traceback":"Traceback\n  line"}`)
		}, "import", "ImportError: x", ""},
		{"import error, exits before it is read", func(w *fakeWorker) {
			w.tell(fakeHello)
			w.hear("start")
			w.tell(`{"type":"failed","phase":"chdir","error":"no such directory"}`)
			w.exit(pool.Status{})
		}, "chdir", "no such directory", ""},
		{"exit 0 while importing", func(w *fakeWorker) {
			w.tell(fakeHello)
			w.hear("start")
			w.exit(pool.Status{})
		}, "import", "the worker ended while it loaded the application: exit status 0", ""},
		{"hangs", func(w *fakeWorker) {
			w.tell(fakeHello)
			w.hear("start")
			w.hear("dump")
			w.tell(`{"type":"dump","threads":[{"name":"MainThread","request":0,"stack":"  File \"m.py\", line 1\n"}]}`)
		}, "ready", "the application was not ready within boot_timeout", ""},
		{"asgi", func(w *fakeWorker) {
			w.tell(fakeHello)
			w.hear("start")
			w.tell(`{"type":"failed","phase":"interface","error":"ASGI is not supported yet"}`)
		}, "interface", "not supported yet", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			config := fakeConfig()
			config.BootTimeout = 200 * time.Millisecond
			b := newBench(t, config, c.script)
			err := b.BootCanary(context.Background())
			var boot *pool.BootError
			if !errors.As(err, &boot) || boot.Phase != c.phase || !strings.Contains(boot.Message, c.want) {
				t.Fatalf("got %v, want phase %s, %q", err, c.phase, c.want)
			}
			if !strings.Contains(boot.Stderr, c.stderr) {
				t.Errorf("stderr %q", boot.Stderr)
			}
			if c.name == "hangs" && !strings.Contains(boot.Traceback, "m.py") {
				t.Errorf("traceback %q", boot.Traceback)
			}
			b.log.wait(t, "worker failed to boot", "phase="+c.phase, "app=m:app", "chdir=/srv", "declared=test.hcl:1")
		})
	}
}

func TestPool_MissingEnvironment(t *testing.T) {
	b := newBench(t, fakeConfig(), func(w *fakeWorker) {
		w.tell(fakeHello)
		w.hear("start")
		w.tell(`{"type":"failed","phase":"import","error":"KeyError: 'SECRET'","missing_env":"SECRET"}`)
	})
	script := b.spawner.script
	o := pool.Options{Logger: quiet(), Spawner: newFakeSpawner(t, script), Environ: []string{"SECRET=1"},
		Interpreter: pool.Interpreter{Path: "/usr/bin/python3"}}
	p, err := pool.New(fakeConfig(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Kill()
	var boot *pool.BootError
	if err := p.BootCanary(context.Background()); !errors.As(err, &boot) || boot.MissingEnv != "SECRET" ||
		!strings.Contains(boot.Message, `add inherit_env = ["SECRET"]`) {
		t.Errorf("got %v", err)
	}
}

func TestPool_BootIsCancelled(t *testing.T) {
	b := newBench(t, fakeConfig(), func(w *fakeWorker) { w.hear("start") })
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.BootCanary(ctx) }()
	w := <-b.spawner.started
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if !w.got(syscall.SIGKILL) {
		t.Error("the worker lives")
	}
	if b.log.has("failed to boot") {
		t.Errorf("a boot that somebody ended is called a failure:\n%s", b.log)
	}
}

func TestPool_BootRestFails(t *testing.T) {
	c := fakeConfig()
	c.Processes = 4
	b := newBench(t, c, func(w *fakeWorker) {
		if w.number == 3 {
			w.exit(pool.Status{Code: 3})
			return
		}
		serving(hello)(w)
	})
	if err := b.BootCanary(context.Background()); err != nil {
		t.Fatal(err)
	}
	var boot *pool.BootError
	if err := b.BootRest(context.Background()); !errors.As(err, &boot) {
		t.Errorf("got %v", err)
	}
}

func TestPool_KeepBooting(t *testing.T) {
	b := newBench(t, fakeConfig(), func(w *fakeWorker) {
		if w.number <= 2 {
			w.exit(pool.Status{Code: 1})
			return
		}
		serving(hello)(w)
	})
	if err := b.BootCanary(context.Background()); err == nil {
		t.Fatal("booted")
	}
	b.KeepBooting()
	if x := <-async(b, "/"); x.status != 503 || x.reason != "boot_failed" || x.header.Get("Retry-After") == "" {
		t.Errorf("%d %q %v", x.status, x.reason, x.header)
	}
	eventually(t, func() bool { return b.Ready() == 1 }, func() string { return "never ready\n" + b.log.String() })
	if x := <-async(b, "/"); x.body.String() != "worker 3" {
		t.Errorf("%d %q", x.status, x.body.String())
	}
}

func TestPool_CrashIsReplacedAtOnce(t *testing.T) {
	b := bootBench(t, fakeConfig(), serving(func(r *taken) {
		if r.w.number == 1 {
			r.w.exit(pool.Status{Code: -1, Signal: syscall.SIGSEGV})
			return
		}
		hello(r)
	}))
	if x := <-async(b, "/"); x.status != 502 || x.reason != "worker_crashed" {
		t.Errorf("%d %q", x.status, x.reason)
	}
	b.log.wait(t, "worker died", "pool=test", "slot=0", "pid=100001", "signal 11", "requests=1", "in_flight=1", "replaced_by=100002")
	if x := <-async(b, "/"); x.body.String() != "worker 2" {
		t.Errorf("%d %q", x.status, x.body.String())
	}
}

// What a worker sent before it died is a response (runtime.md D3).
func TestPool_LastWordsOfAWorker(t *testing.T) {
	b := bootBench(t, fakeConfig(), serving(func(r *taken) {
		r.head(0, 200, "")
		for range 5 {
			r.body(0, strings.Repeat("x", 50<<10))
		}
		r.body(last, "")
		r.w.exit(pool.Status{})
	}))
	if x := <-async(b, "/"); x.status != 200 || x.body.Len() != 250<<10 {
		t.Errorf("%d, %d bytes, %q", x.status, x.body.Len(), x.reason)
	}
	b.log.wait(t, "worker died", "exit status 0, although nobody asked it to exit")
}

func TestPool_CrashLoopBacksOff(t *testing.T) {
	b := bootBench(t, fakeConfig(), serving(func(r *taken) { r.w.exit(pool.Status{Code: 3}) }))
	for range 4 {
		if x := <-async(b, "/"); x.reason != "worker_crashed" {
			t.Fatalf("%d %q", x.status, x.reason)
		}
	}
	b.log.wait(t, "worker died", "replaced_by=100002")
	b.log.wait(t, "worker died", "pid=100002", "next_try=")
	b.log.wait(t, "workers keep dying")
	b.log.wait(t, "[WARN]", "worker died", "pid=100004", "in_flight=1") // somebody's 502 has a line
}

func TestPool_DiesAtBootForEver(t *testing.T) {
	c := fakeConfig()
	c.Processes = 3
	b := bootBench(t, c, func(w *fakeWorker) {
		if w.number > 3 {
			w.exit(pool.Status{Code: 9})
			return
		}
		serving(func(r *taken) { r.w.exit(pool.Status{Code: 3}) })(w)
	})
	for range 3 {
		<-async(b, "/")
	}
	b.log.wait(t, "workers do not boot; trying again")
	eventually(t, func() bool { x := <-async(b, "/"); return x.reason == "boot_failed" },
		func() string { return "requests wait although no worker can come" })
	if n := strings.Count(b.log.String(), "worker failed to boot"); n != 1 {
		t.Errorf("%d lines about the same failure", n)
	}
}

func TestPool_MaxRequests(t *testing.T) {
	c := fakeConfig()
	c.MaxRequests = 3
	b := bootBench(t, c, serving(hello))
	seen := map[string]int{}
	eventually(t, func() bool {
		x := <-async(b, "/")
		if x.status != 200 {
			t.Fatalf("%d %q", x.status, x.reason)
		}
		seen[x.body.String()]++
		return seen["worker 2"] > 0
	}, func() string { return "no replacement\n" + b.log.String() })
	if seen["worker 1"] < 3 {
		t.Errorf("%v", seen)
	}
	b.log.wait(t, "worker recycled", "reason=max_requests", "replaced_by=100002")
	w := <-b.spawner.started
	<-w.exited
	if w.got(syscall.SIGKILL) {
		t.Error("it was killed instead of drained")
	}
}

func TestPool_MaxRequestsWithoutReplacement(t *testing.T) {
	c := fakeConfig()
	c.MaxRequests = 2
	b := bootBench(t, c, func(w *fakeWorker) {
		if w.number > 1 {
			w.exit(pool.Status{Code: 1})
			return
		}
		serving(hello)(w)
	})
	for range 3 {
		if x := <-async(b, "/"); x.body.String() != "worker 1" {
			t.Fatalf("%d %q", x.status, x.reason)
		}
	}
	b.log.wait(t, "the replacement did not boot; the old worker goes on")
	if x := <-async(b, "/"); x.body.String() != "worker 1" {
		t.Errorf("%d %q", x.status, x.reason)
	}
}

func TestPool_AppExitRecycles(t *testing.T) {
	b := bootBench(t, fakeConfig(), serving(func(r *taken) {
		hello(r)
		if r.w.number == 1 {
			r.w.tell(fmt.Sprintf(`{"type":"recycle","reason":"app_exit","request":%d}`, r.id))
		}
	}))
	<-async(b, "/")
	b.log.wait(t, "worker recycled", "reason=app_exit")
	if x := <-async(b, "/"); x.body.String() != "worker 2" {
		t.Errorf("%q", x.body.String())
	}
}

func TestPool_SIGTERMOfAWorker(t *testing.T) {
	b := bootBench(t, fakeConfig(), serving(hello))
	w := <-b.spawner.started
	w.tell(`{"type":"recycle","reason":"sigterm","request":0}`)
	b.log.wait(t, "worker replaced", "sigterm", "replaced_by=100002")
	<-w.exited
	if x := <-async(b, "/"); x.body.String() != "worker 2" {
		t.Errorf("%q", x.body.String())
	}
}

func TestPool_LinkClosed(t *testing.T) {
	cases := map[string]func(w *fakeWorker){
		"reported": func(w *fakeWorker) { w.tell(`{"type":"link_closed","slot":0}`) },
	}
	for name, lose := range cases {
		t.Run(name, func(t *testing.T) {
			b := bootBench(t, fakeConfig(), serving(func(r *taken) {
				if r.w.number == 1 {
					lose(r.w)
					return
				}
				hello(r)
			}))
			if x := <-async(b, "/"); x.status != 502 || x.reason != "link_closed" {
				t.Errorf("%d %q", x.status, x.reason)
			}
			b.log.wait(t, "worker killed", "link_closed")
			if x := <-async(b, "/"); x.body.String() != "worker 2" {
				t.Errorf("%q", x.body.String())
			}
		})
	}
}

// A request that could not be sent, because the process was just ending, was
// not started: it goes to the next worker.
func TestPool_NotSentIsNotLost(t *testing.T) {
	b := bootBench(t, fakeConfig(), serving(hello))
	w := <-b.spawner.started
	w.closeRead(0) // as a worker that drains by itself: our send fails
	done := async(b, "/")
	b.log.wait(t, "worker takes no messages")
	w.exit(pool.Status{})
	if x := <-done; x.status != 200 || x.body.String() != "worker 2" {
		t.Errorf("%d %q %q", x.status, x.reason, x.body.String())
	}
}

func TestPool_GrandchildrenAreEnded(t *testing.T) {
	b := bootBench(t, fakeConfig(), serving(hello))
	w := <-b.spawner.started
	w.mu.Lock()
	w.orphans = true
	w.mu.Unlock()
	done := make(chan struct{})
	go func() { b.Kill(); close(done) }()
	<-w.exited
	eventually(t, func() bool { return w.got(syscall.SIGTERM) }, func() string { return "no SIGTERM for the group" })
	w.mu.Lock()
	w.orphans = false // it obeyed
	w.mu.Unlock()
	<-done
}

// An interpreter that is installed later is found later.
func TestPool_KeepLookingForAnInterpreter(t *testing.T) {
	if testing.Short() {
		t.Skip("boots real workers")
	}
	log := &logBuffer{}
	c := pythonConfig(t, helloApp)
	c.Python = filepath.Join(c.Chdir, "python")
	p, err := pool.New(c, pythonOptions(t, log))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	var boot *pool.BootError
	if err := p.BootCanary(context.Background()); !errors.As(err, &boot) || boot.Phase != "interpreter" {
		t.Fatalf("got %v", err)
	}
	p.KeepBooting()
	script := "#!/bin/sh\nexec python3 \"$@\"\n"
	if err := os.WriteFile(c.Python, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() bool { return p.Ready() == 1 }, log.String)
}
