package pool_test

import (
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/appserve/appserve/pool"
	"github.com/appserve/appserve/pool/link"
)

// testTurn is what the engine does of a request whose handler has returned.
type testTurn struct {
	mu       sync.Mutex // held by who works on the request
	left     interface{ Resume() }
	recalled chan struct{} // closed by Recall
	once     sync.Once     // of recalled
	back     atomic.Bool   // it was
	answered chan struct{} // closed by Complete
	stays    bool          // the handler has to
}

// Detach is refused to what waits, and to requests with a body, as the engine does.
func (x *testExchange) Detach(left interface{ Resume() }) bool {
	if x.turn.stays || x.slow != nil || x.written != nil || x.request.Body != http.NoBody {
		return false
	}
	x.turn.mu.Lock()
	x.turn.left, x.turn.recalled, x.turn.answered = left, make(chan struct{}), make(chan struct{})
	return true
}

func (x *testExchange) Claim() bool {
	if !x.turn.mu.TryLock() {
		return false
	}
	if x.turn.left == nil || x.turn.back.Load() {
		x.turn.mu.Unlock()
		return false
	}
	return true
}

func (x *testExchange) Complete() {
	defer x.turn.mu.Unlock()
	defer close(x.turn.answered)
	defer aborted()
	x.turn.left.Resume()
}

func (x *testExchange) Recall() {
	x.turn.back.Store(true)
	x.turn.once.Do(func() { close(x.turn.recalled) })
}

// attend is where the connection's goroutine waits.
func (x *testExchange) attend() {
	x.turn.mu.Unlock()
	select {
	case <-x.turn.answered:
		return
	case <-x.turn.recalled:
	case <-x.request.Context().Done():
	}
	x.turn.mu.Lock()
	left := x.turn.left
	x.turn.left = nil
	x.turn.mu.Unlock()
	select {
	case <-x.turn.answered:
	default:
		left.Resume()
	}
}

// bySlot says whether the slot's reader answered the request.
func (x *testExchange) bySlot() bool {
	select {
	case <-x.turn.answered: // nil, and so never, when it stayed
		return true
	default:
		return false
	}
}

func TestAway_TheSlotAnswers(t *testing.T) {
	answered := make(chan struct{})
	b := bootBench(t, fakeConfig(), serving(func(r *taken) {
		<-answered // until the handler has returned
		r.ok("hello")
	}))
	for range 3 {
		x := newExchange(get("/"))
		done := make(chan struct{})
		go func() {
			defer close(done)
			x.serve(b.Handler(pool.HandlerOptions{}))
		}()
		waitDetached(t, x)
		answered <- struct{}{}
		<-done
		if !x.bySlot() || x.status != http.StatusOK || x.body.String() != "hello" || x.header.Get("Content-Length") != "5" {
			t.Errorf("by the slot: %v, %d %q", x.bySlot(), x.status, x.body.String())
		}
		if x.worker == "" || x.app <= 0 {
			t.Errorf("observed worker %q, %v", x.worker, x.app)
		}
	}
}

// waitDetached waits until the handler of a request has returned.
func waitDetached(t *testing.T, x *testExchange) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the handler does not return")
		}
		if x.turn.mu.TryLock() {
			away := x.turn.left != nil
			x.turn.mu.Unlock()
			if away {
				return
			}
		}
	}
}

// What is not one complete response in one message is the connection's own to
// pass on.
func TestAway_Recalled(t *testing.T) {
	for name, c := range map[string]struct {
		worker       func(r *taken)
		status       int
		body, reason string
	}{
		"a stream":     {func(r *taken) { r.head(0, 200, "he"); r.body(lastDone, "llo") }, 200, "hello", ""},
		"an exception": {func(r *taken) { r.fail(link.FlagDone, link.PhaseBeforeHead, "KeyError: x") }, 500, "", "app_error"},
		"a death":      {func(r *taken) { r.w.exit(pool.Status{Signal: syscall.SIGKILL}) }, 502, "", "worker_crashed"},
	} {
		t.Run(name, func(t *testing.T) {
			b := bootBench(t, fakeConfig(), serving(c.worker))
			x := serve(b.Handler(pool.HandlerOptions{}), get("/"))
			if x.bySlot() || x.status != c.status || x.body.String() != c.body || x.reason != c.reason {
				t.Errorf("by the slot: %v, %d %q %s", x.bySlot(), x.status, x.body.String(), x.reason)
			}
		})
	}
}

// The engine of TLS and HTTP/2 does not let the handler return.
func TestAway_Stays(t *testing.T) {
	b := bootBench(t, fakeConfig(), serving(func(r *taken) { r.ok("hello") }))
	x := newExchange(get("/"))
	x.turn.stays = true
	x.serve(b.Handler(pool.HandlerOptions{}))
	if x.bySlot() || x.status != http.StatusOK || x.body.String() != "hello" {
		t.Errorf("by the slot: %v, %d %q", x.bySlot(), x.status, x.body.String())
	}
}
