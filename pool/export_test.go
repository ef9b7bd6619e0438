package pool

import "time"

// Join waits until every goroutine of an ended pool has ended.
func (p *Pool) Join() { p.tasks.Wait() }

// Queued is the number of requests that wait.
func (p *Pool) Queued() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.queue.length
}

// Ready is the number of workers that take requests.
func (p *Pool) Ready() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.ready)
}

// Retiring says whether the pool was told to end.
func (p *Pool) Retiring() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.retiring
}

// Ahead is the number of requests that stand behind another one, as the
// counter and as the slots say.
func (p *Pool) Ahead() (counted, found int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, w := range p.live {
		for _, s := range w.slots {
			found += len(s.ahead)
		}
	}
	return p.ahead, found
}

// Busy is the number of slots that hold a request, as the counters of the
// workers and as the slots say, and of the ready workers' slots that are idle.
func (p *Pool) Busy() (counted, found, idle int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, w := range p.live {
		counted += w.busy
		for _, s := range w.slots {
			if s.state.busy() {
				found++
			}
		}
	}
	for _, w := range p.ready {
		idle += len(w.idle)
	}
	return counted, found, idle
}

// SetService sets what the pool believes about the length of requests.
func (p *Pool) SetService(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.service = d
}

// Resting is the number of slots whose readers rest.
func (p *Pool) Resting() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, w := range p.live {
		for _, s := range w.slots {
			if s.unseen() > 0 {
				n++
			}
		}
	}
	return n
}

// Scattered says whether gathering was a mistake lately.
func (p *Pool) Scattered() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.scattered.IsZero()
}

// GatherDepth is how far slots would read ahead to gather answers.
func GatherDepth(c Config, service time.Duration, workers, waiting int) int {
	now := time.Now()
	p := &Pool{config: c, service: service, ready: make([]*worker, workers), queue: queue{length: waiting}}
	return p.gatherDepth(now)
}

// SetLeaveTimeout sets how long workers without requests may take to exit,
// before any is told to.
func (p *Pool) SetLeaveTimeout(d time.Duration) { p.leaving = d }

// WatchOOM is what the obituaries ask about kills for lack of memory.
func WatchOOM(read func(string) ([]byte, error)) func(time.Time) bool {
	return newOOMWatch(read).killed
}
