package pool_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/appserve/appserve/pool"
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
