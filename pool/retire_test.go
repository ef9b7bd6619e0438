package pool_test

import (
	"context"
	"fmt"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/appserve/appserve/pool"
	"github.com/hashicorp/go-hclog"
)

func quiet() hclog.Logger { return hclog.NewNullLogger() }

func TestPool_RetireFinishesWhatRuns(t *testing.T) {
	finish := make(chan struct{})
	running := make(chan struct{}, 10)
	b := bootBench(t, fakeConfig(), serving(func(r *taken) {
		running <- struct{}{}
		<-finish
		r.ok("x")
	}))
	first := async(b, "/running")
	<-running
	second := async(b, "/queued")
	eventually(t, func() bool { return b.Queued() == 1 }, func() string { return "not queued" })
	retired := make(chan [2]int)
	go func() { f, c := b.Retire(context.Background()); retired <- [2]int{f, c} }()
	eventually(t, b.Retiring, func() string { return "not retiring" })
	close(finish)
	for _, done := range []<-chan *testExchange{first, second} {
		if x := <-done; x.status != 200 {
			t.Errorf("%d %q", x.status, x.reason)
		}
	}
	if got := <-retired; got != [2]int{2, 0} {
		t.Errorf("finished and cut: %v", got)
	}
	w := <-b.spawner.started
	if w.got(syscall.SIGKILL) {
		t.Error("the worker was killed")
	}
	if f, c := b.Retire(context.Background()); f+c != 0 {
		t.Error("retired twice")
	}
}

func TestPool_RetireCuts(t *testing.T) {
	for name, retire := range map[string]func(b *bench) (int, int){
		"graceful_timeout": func(b *bench) (int, int) { return b.Retire(context.Background()) },
		"context": func(b *bench) (int, int) {
			ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
			defer cancel()
			return b.Retire(ctx)
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := fakeConfig()
			if name == "graceful_timeout" {
				c.GracefulTimeout = 100 * time.Millisecond
			}
			running := make(chan struct{}, 1)
			b := bootBench(t, c, serving(func(r *taken) { running <- struct{}{}; <-r.w.exited }))
			done := async(b, "/")
			<-running
			finished, cut := retire(b)
			x := <-done
			if x.status != 503 || x.reason != "stopping" {
				t.Errorf("%d %q", x.status, x.reason)
			}
			if name == "graceful_timeout" && (finished != 0 || cut != 1) {
				t.Errorf("%d finished, %d cut", finished, cut)
			}
		})
	}
}

// A worker that was told to drain and does not exit is killed, with its stacks.
func TestPool_RetireKillsWhoStays(t *testing.T) {
	b := bootBench(t, fakeConfig(), func(w *fakeWorker) {
		w.boot()
		w.hear("drain")
		w.hear("dump")
		w.tell(`{"type":"dump","threads":[{"name":"atexit","stack":"  File \"m.py\"\n"}]}`)
	})
	b.SetLeaveTimeout(50 * time.Millisecond)
	b.Retire(context.Background())
	b.log.wait(t, "worker does not exit; killed")
	b.log.wait(t, `thread "atexit"`)
}

func TestPool_HandOverKeepsTheOrder(t *testing.T) {
	finish := make(chan struct{})
	running := make(chan struct{}, 1)
	old := bootBench(t, fakeConfig(), serving(func(r *taken) { running <- struct{}{}; <-finish; r.ok("old") }))
	var mu sync.Mutex
	var order []string
	next := bootBench(t, fakeConfig(), serving(func(r *taken) {
		mu.Lock()
		order = append(order, requestPath(r))
		mu.Unlock()
		r.ok("new")
	}))
	first := async(old, "/running")
	<-running
	var waiting []<-chan *testExchange
	for i := range 5 {
		waiting = append(waiting, async(old, fmt.Sprintf("/%d", i)))
		eventually(t, func() bool { return old.Queued() == i+1 }, func() string { return "not queued" })
	}
	old.HandOver(next.Pool)
	waiting = append(waiting, async(old, "/late"))
	for i, done := range waiting {
		if x := <-done; x.body.String() != "new" {
			t.Errorf("%d: %d %q", i, x.status, x.body.String())
		}
	}
	close(finish)
	if x := <-first; x.body.String() != "old" {
		t.Errorf("%q", x.body.String())
	}
	mu.Lock()
	defer mu.Unlock()
	if got := fmt.Sprint(order[:5]); got != "[/0 /1 /2 /3 /4]" {
		t.Errorf("order %v", order)
	}
}

func TestPool_KillEndsWhatWaits(t *testing.T) {
	running := make(chan struct{}, 1)
	b := bootBench(t, fakeConfig(), serving(func(r *taken) { running <- struct{}{}; <-r.w.exited }))
	first := async(b, "/running")
	<-running
	second := async(b, "/queued")
	eventually(t, func() bool { return b.Queued() == 1 }, func() string { return "not queued" })
	b.Kill()
	b.Kill()
	for _, done := range []<-chan *testExchange{first, second} {
		if x := <-done; x.status != 503 || x.reason != "stopping" {
			t.Errorf("%d %q", x.status, x.reason)
		}
	}
}

// A worker that dies while it drains is named; nobody replaces it.
func TestPool_DiesWhileDraining(t *testing.T) {
	running, die := make(chan struct{}, 1), make(chan struct{})
	b := bootBench(t, fakeConfig(), serving(func(r *taken) {
		running <- struct{}{}
		<-die
		r.w.exit(pool.Status{Code: 3})
	}))
	done := async(b, "/")
	<-running
	retired := make(chan struct{})
	go func() { b.Retire(context.Background()); close(retired) }()
	eventually(t, func() bool { return b.Ready() == 0 }, func() string { return "not draining" })
	close(die)
	if x := <-done; x.status != 502 || x.reason != "worker_crashed" {
		t.Errorf("%d %q", x.status, x.reason)
	}
	<-retired
	b.log.wait(t, "worker died while it drained", "exit status 3", "in_flight=1")
	<-b.spawner.started
	select {
	case <-b.spawner.started:
		t.Error("it was replaced")
	default:
	}
}
