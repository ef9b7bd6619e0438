package pool_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/appserve/appserve/pool"
)

// A worker that is killed with three requests unread: they are answered exactly
// once by the next one, whatever their method; the running one is not.
func TestAheadPython_Killed(t *testing.T) {
	log := &logBuffer{}
	c := pythonConfig(t, `
import os, time
def app(environ, start_response):
    with open("count", "a") as f:
        f.write(f"{os.getpid()} {environ['PATH_INFO']} {environ['wsgi.input'].read().decode()}\n")
    if environ["PATH_INFO"] == "/running":
        time.sleep(1000)
    start_response("200 OK", [])
    return [b"done"]
`)
	clock := &testClock{}
	o := pythonOptions(t, log)
	o.Now = clock.now
	p, err := pool.New(c, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	if err := p.BootCanary(t.Context()); err != nil {
		t.Fatal(err)
	}
	clock.freeze()
	p.SetService(0)
	count := func() []string {
		content, _ := os.ReadFile(filepath.Join(c.Chdir, "count"))
		return strings.Split(strings.TrimSpace(string(content)), "\n")
	}
	send := func(path string) <-chan *testExchange {
		done := make(chan *testExchange, 1)
		go func() { done <- serve(p.Handler(pool.HandlerOptions{}), post(path, "of "+path)) }()
		return done
	}
	running := send("/running")
	eventually(t, func() bool { return strings.Contains(count()[0], "of /running") }, func() string { return "not running" })
	var unread []<-chan *testExchange
	for i := range 3 {
		unread = append(unread, send(fmt.Sprintf("/%d", i)))
		eventually(t, func() bool { n, _ := p.Ahead(); return n == i+1 }, func() string { return "not ahead" })
	}
	pid, err := strconv.Atoi(strings.Fields(count()[0])[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if x := <-running; x.status != 502 || x.reason != "worker_crashed" {
		t.Errorf("%d %q", x.status, x.reason)
	}
	for i, done := range unread {
		if x := <-done; x.status != 200 || x.body.String() != "done" {
			t.Errorf("%d: %d %q", i, x.status, x.reason)
		}
		if n := strings.Count(strings.Join(count(), "\n")+"\n", fmt.Sprintf(" /%d of /%d\n", i, i)); n != 1 {
			t.Errorf("/%d ran %d times", i, n)
		}
	}
	log.wait(t, "worker died", "signal 9 (killed)", "in_flight=1")
}

// Worker and slot count come to rest, and no request is lost, when workers get
// SIGTERM while requests stand ahead.
func TestAheadPython_SIGTERM(t *testing.T) {
	c := pythonConfig(t, `
import os
def app(environ, start_response):
    start_response("200 OK", [])
    return [str(os.getpid()).encode()]
`)
	c.Processes = 2
	log := &logBuffer{}
	p := bootPython(t, c, log)
	h := p.Handler(pool.HandlerOptions{})
	stop := make(chan struct{})
	var clients sync.WaitGroup
	var bad sync.Map
	for range 8 {
		clients.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if x := serve(h, post("/", "x")); x.status != 200 {
					bad.Store(fmt.Sprintf("%d %s", x.status, x.reason), true)
				}
			}
		})
	}
	pids := map[string]bool{}
	for range 3 {
		pid := serve(h, get("/")).body.String()
		pids[pid] = true
		n, err := strconv.Atoi(pid)
		if err != nil {
			t.Fatal(err)
		}
		_ = syscall.Kill(n, syscall.SIGTERM) // it may be gone already
		log.wait(t, "worker got SIGTERM", "pid="+pid)
		eventually(t, func() bool { return p.Ready() == 2 }, log.String)
	}
	close(stop)
	clients.Wait()
	bad.Range(func(what, _ any) bool { t.Errorf("%v", what); return true })
	eventually(t, func() bool { counted, found, _ := p.Busy(); n, m := p.Ahead(); return counted+found+n+m == 0 },
		func() string { return "not at rest" })
	if finished, cut := p.Retire(context.Background()); finished != 0 || cut != 0 {
		t.Errorf("%d finished, %d cut", finished, cut)
	}
}

// A fast page beside a slow one, at two workers (runtime.md section 8 test 1):
// fast requests do not wait for the slow ones to end, although some of them
// are placed behind those. On a busy machine one measurement may fail; without
// take-back all of them do.
func TestAheadPython_BesideASlowPage(t *testing.T) {
	for name, work := range map[string]string{
		"sleeping":                     "time.sleep(0.1)",
		"holding the interpreter lock": "sum(range(4_000_000))",
	} {
		t.Run(name, func(t *testing.T) {
			c := pythonConfig(t, fmt.Sprintf(`
import time
def app(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        %s
    start_response("200 OK", [])
    return [b"ok"]
`, work))
			c.Processes = 2
			p := bootPython(t, c, &logBuffer{})
			const attempts = 4
			for i := range attempts {
				slow, fast := measureBesideSlow(t, p)
				limit := slices.Min(slow) / 2 // who waits longer has waited for a slow one
				waited, p99 := 0, fast[len(fast)*99/100]
				for _, d := range fast {
					if d > limit {
						waited++
					}
				}
				t.Logf("%d slow requests, the shortest %v; %d fast ones, p99 %v, %d of them over %v", len(slow), slices.Min(slow), len(fast), p99, waited, limit)
				if waited < len(slow)/3 && p99 < 25*time.Millisecond {
					return
				}
				if i == attempts-1 {
					t.Errorf("fast requests wait for slow ones: %d over %v, p99 %v", waited, limit, p99)
				}
			}
		})
	}
}

// measureBesideSlow runs eight clients of a fast page beside one of a slow one
// for most of a second, and returns how long their requests took, in order of
// length. Meanwhile the pool is made to believe that all requests are short:
// the slow one always comes as a surprise.
func measureBesideSlow(t *testing.T, p *pool.Pool) (slow, fast []time.Duration) {
	t.Helper()
	h := p.Handler(pool.HandlerOptions{})
	end := time.Now().Add(700 * time.Millisecond)
	var mu sync.Mutex
	var clients sync.WaitGroup
	client := func(path string, all *[]time.Duration) {
		var mine []time.Duration
		for begin := time.Now(); begin.Before(end); begin = time.Now() {
			p.SetService(0)
			if x := serve(h, get(path)); x.status != 200 {
				t.Errorf("%s: %d %q", path, x.status, x.reason)
			}
			mine = append(mine, time.Since(begin))
		}
		mu.Lock()
		defer mu.Unlock()
		*all = append(*all, mine...)
	}
	clients.Go(func() { client("/slow", &slow) })
	for range 8 {
		clients.Go(func() { client("/fast", &fast) })
	}
	clients.Wait()
	slices.Sort(slow)
	slices.Sort(fast)
	return slow, fast
}
