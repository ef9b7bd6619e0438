package pool_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/appserve/appserve/pool"
)

// stress is a run of clients that leave and workers that die, hang, dawdle and
// fail, all by chance.
type stress struct {
	runs   sync.Map // how often a worker began a request (*atomic.Int32), by path
	ran    sync.Map // outcomes that only a request can have which was begun, by path
	deaths atomic.Int32
	seed   uint64
}

// chance returns a source that depends on the seed and on nothing else but who asks.
func (s *stress) chance(who uint64) *rand.Rand { return rand.New(rand.NewPCG(s.seed, who)) }

// maxDeaths keeps the pools from backing off.
const maxDeaths = 6

// work is what a worker does with a request, whose path says it: "/ok/17".
func (s *stress) work(r *taken) {
	path := requestPath(r)
	n, _ := s.runs.LoadOrStore(path, &atomic.Int32{})
	n.(*atomic.Int32).Add(1)
	kind := strings.Split(path, "/")[1]
	switch kind {
	case "slow":
		time.Sleep(8 * time.Millisecond)
	case "die":
		if s.deaths.Add(1) <= maxDeaths {
			r.w.exit(pool.Status{Code: -1, Signal: 9})
			return
		}
	case "hang":
		<-r.w.exited
		return
	case "error":
		r.fail(2, 1, "Traceback\nValueError: chance")
		return
	case "late":
		r.head(0, 200, path)
		r.body(last, "")
		time.Sleep(2 * time.Millisecond) // close() of the application
		r.done()
		return
	case "pieces":
		r.head(0, 200, path)
		for range 5 {
			r.body(0, strings.Repeat("-", 100))
		}
		r.body(lastDone, "")
		return
	}
	r.ok(path)
}

// script is a worker that answers dumps too, so that those that hang end soon.
func (s *stress) script(w *fakeWorker) {
	if !w.boot() {
		return
	}
	for i := range w.slots {
		go func() {
			for r := w.take(i); r != nil; r = w.take(i) {
				s.work(r)
			}
		}()
	}
	for m := w.hearAny(); m != nil; m = w.hearAny() {
		switch m["type"] {
		case "dump":
			w.tell(`{"type":"dump","threads":[]}`)
		case "drain":
			w.exit(pool.Status{})
		}
	}
}

// kindOf draws what a request will do.
func kindOf(chance *rand.Rand) string {
	switch n := chance.IntN(2000); {
	case n < 2:
		return "die"
	case n < 3:
		return "hang"
	case n < 60:
		return "slow"
	case n < 120:
		return "error"
	case n < 240:
		return "late"
	case n < 400:
		return "pieces"
	}
	return "ok"
}

// client sends requests until the end and checks each outcome.
func (s *stress) client(t *testing.T, number uint64, pools []*bench, end time.Time, outcomes *sync.Map) {
	chance := s.chance(number)
	for i := 0; time.Now().Before(end); i++ {
		path := fmt.Sprintf("/%s/%d.%d", kindOf(chance), number, i)
		r := get(path)
		if chance.IntN(3) == 0 {
			r = post(path, strings.Repeat(path, chance.IntN(2000)))
		}
		ctx, cancel := context.WithCancel(context.Background())
		if chance.IntN(10) == 0 {
			time.AfterFunc(time.Duration(chance.IntN(3000))*time.Microsecond, cancel)
		}
		x := newExchange(r.WithContext(ctx))
		x.serve(pools[chance.IntN(len(pools))].Handler(pool.HandlerOptions{}))
		cancel()
		outcome := fmt.Sprintf("%d %s", x.status, x.reason)
		n, _ := outcomes.LoadOrStore(outcome, &atomic.Int32{})
		n.(*atomic.Int32).Add(1)
		switch outcome {
		case "200 ":
			if !strings.HasPrefix(x.body.String(), path) {
				t.Errorf("%s: got %.60q", path, x.body.String())
			}
			s.ran.Store(path, outcome)
		case "500 app_error", "502 worker_crashed", "504 request_timeout":
			s.ran.Store(path, outcome)
		case "499 client_gone", "200 client_gone":
		default:
			t.Errorf("%s: %s", path, outcome)
		}
	}
}

// check compares what clients were told with what workers did. A fake worker
// may be slower to say so than its death is to be noticed.
func (s *stress) check(t *testing.T) {
	t.Helper()
	s.ran.Range(func(path, outcome any) bool {
		eventually(t, func() bool { _, ok := s.runs.Load(path); return ok },
			func() string { return fmt.Sprintf("%v was not begun, but ended with %v", path, outcome) })
		return true
	})
	s.runs.Range(func(path, n any) bool {
		if got := n.(*atomic.Int32).Load(); got != 1 {
			t.Errorf("%v was begun %d times", path, got)
		}
		return true
	})
}

// Whatever workers and clients do, and while one pool hands over to another,
// each request has one outcome that fits what a worker did with it, none runs
// twice, and nothing is held in the end. STRESS_SEED repeats a run, as far as
// chance and not the scheduler made it; STRESS_SECONDS makes it longer.
func TestStress(t *testing.T) {
	t.Run("some clients", func(t *testing.T) { runStress(t, 24) })
	t.Run("so many that answers are gathered", func(t *testing.T) { runStress(t, 200) })
}

func runStress(t *testing.T, many uint64) {
	s := &stress{seed: rand.Uint64()}
	if text := os.Getenv("STRESS_SEED"); text != "" {
		s.seed, _ = strconv.ParseUint(text, 10, 64)
	}
	length := 2
	if text := os.Getenv("STRESS_SECONDS"); text != "" {
		length, _ = strconv.Atoi(text)
	}
	t.Logf("STRESS_SEED=%d", s.seed)
	c := fakeConfig()
	c.Processes, c.Threads, c.QueueSize, c.MaxRequests, c.MaxRequestsJitter = 3, 2, 1000, 2000, 500
	c.RequestTimeout = 1500 * time.Millisecond // a busy machine must not look like a worker that hangs
	old, next := bootBench(t, c, s.script), bootBench(t, c, s.script)
	end := time.Now().Add(time.Duration(length) * time.Second)
	var clients sync.WaitGroup
	var outcomes sync.Map
	for i := range many {
		pools := []*bench{old}
		if i%4 == 0 {
			pools = []*bench{old, next}
		}
		clients.Go(func() { s.client(t, i, pools, end, &outcomes) })
	}
	stop := make(chan struct{})
	var surprise sync.WaitGroup
	surprise.Go(func() { s.surprise(stop, old, next) })
	time.Sleep(time.Until(end) / 2)
	old.HandOver(next.Pool)
	old.Retire(context.Background())
	clients.Wait()
	close(stop)
	surprise.Wait()
	for _, b := range []*bench{old, next} {
		b.rests(t)
	}
	s.check(t)
	outcomes.Range(func(outcome, n any) bool { t.Logf("%6d %v", n.(*atomic.Int32).Load(), outcome); return true })
}

// surprise makes the pools believe that requests are short, or as long as it
// takes to gather their answers, again and again.
func (s *stress) surprise(stop <-chan struct{}, pools ...*bench) {
	chance := s.chance(1 << 32)
	for {
		select {
		case <-stop:
			return
		case <-time.After(time.Duration(chance.IntN(2000)) * time.Microsecond):
		}
		for _, b := range pools {
			b.SetService(time.Duration(chance.IntN(2)*chance.IntN(4000)) * time.Microsecond)
		}
	}
}

// rests waits until a pool holds nothing: no request, no slot that is neither
// free nor listed, by no counter.
func (b *bench) rests(t *testing.T) {
	t.Helper()
	eventually(t, func() bool {
		counted, found, idle := b.Busy()
		ahead, stand := b.Ahead()
		return counted+found+ahead+stand+b.Queued() == 0 && idle == b.Ready()*2
	}, func() string {
		counted, found, idle := b.Busy()
		ahead, stand := b.Ahead()
		return fmt.Sprintf("busy %d %d, ahead %d %d, queued %d; %d idle slots of %d workers\n%s",
			counted, found, ahead, stand, b.Queued(), idle, b.Ready(), b.log)
	})
}
