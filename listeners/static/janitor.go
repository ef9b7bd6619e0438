package static

import (
	"sync"
	"sync/atomic"
	"time"
)

// janitor sweeps from time to time while there is something to sweep. It has
// no goroutine while there is nothing.
type janitor struct {
	sweep func() (left bool)

	waiting atomic.Bool // the timer runs
	mu      sync.Mutex
	timer   *time.Timer
	closed  bool
}

// wake makes sure that a sweep follows.
func (j *janitor) wake() {
	if j.waiting.Load() || !j.waiting.CompareAndSwap(false, true) {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if !j.closed {
		j.timer = time.AfterFunc(idle, j.work)
	}
}

// work is the timer's goroutine; it ends with the sweep.
func (j *janitor) work() {
	j.waiting.Store(false) // before the sweep: what comes behind its back asks for another one
	if j.sweep() {
		j.wake()
	}
}

// close lets no further sweep begin.
func (j *janitor) close() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.closed = true
	if j.timer != nil {
		j.timer.Stop()
	}
}
