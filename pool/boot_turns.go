package pool

import (
	"context"
	"sync"
	"time"
)

// bootTurns is a pool's memory of boots that failed. While they fail, one
// worker boots at a time, ever later, however many are missing.
type bootTurns struct {
	turn chan struct{} // holds one token while somebody has the turn

	mu      sync.Mutex
	counter backoff
	last    string // what failed last
}

func newBootTurns() *bootTurns { return &bootTurns{turn: make(chan struct{}, 1)} }

// begin says how long to wait before a boot, and takes the turn when boots
// have been failing. The caller gives it back with end.
func (b *bootTurns) begin(ctx context.Context) (turn bool, wait time.Duration) {
	if b.delay() == 0 {
		return false, 0
	}
	select {
	case b.turn <- struct{}{}:
		return true, b.delay()
	case <-ctx.Done():
		return false, 0
	}
}

// end gives the turn back.
func (b *bootTurns) end(turn bool) {
	if turn {
		<-b.turn
	}
}

func (b *bootTurns) delay() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.counter.delay(0)
}

// failed counts a failure, and says whether it is worth a log line: the first
// one, and each that differs from the one before.
func (b *bootTurns) failed(what string) (first, news bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	first = b.counter.failures == 0
	news = first || what != b.last
	b.counter.failed()
	b.last = what
	return first, news
}

// succeeded forgets the failures.
func (b *bootTurns) succeeded() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.counter.succeeded()
	b.last = ""
}
