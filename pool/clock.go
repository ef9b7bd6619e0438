package pool

import "time"

// How often the clock looks, while there is something to look at.
const (
	slotTick  = 100 * time.Millisecond
	shortTick = 10 * time.Millisecond // what stands behind a slow request must not wait for long
	// preciseQueue is up to which queue timeout a tenth of a second matters.
	preciseQueue = time.Second
	// idleTicks is how long the clock runs on for nothing, so that a lightly
	// loaded pool does not start and stop it for every request.
	idleTicks = 10
)

// wantClock makes the clock look at least this often. The pool's lock is held.
func (p *Pool) wantClock(interval time.Duration) {
	if p.ticking == 0 || p.ticking > interval {
		p.ticking = interval
		signal(p.kick)
	}
}

// runClock is the goroutine that ends waiting and running requests whose time
// is over; no request has a timer of its own. It ends with the pool.
func (p *Pool) runClock() {
	defer p.tasks.Done()
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	idle := 0
	for {
		select {
		case <-p.ended:
			return
		case <-p.kick:
		case <-timer.C:
		}
		interval, late := p.tick(p.now(), &idle)
		p.pump()
		for _, o := range late {
			p.tasks.Add(1)
			go p.expel(o)
		}
		if interval > 0 {
			timer.Reset(interval)
		} else {
			timer.Stop()
		}
	}
}

// tick looks once, and says how soon to look again; 0: when asked.
func (p *Pool) tick(now time.Time, idle *int) (time.Duration, []overdue) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expireQueue(now)
	p.noticeBegun(now)
	late := p.findOverdue(now)
	p.recallStuck(now)
	switch {
	case p.ahead > 0:
		*idle = 0
		p.ticking = shortTick
	case p.ticking == shortTick && *idle < idleTicks: // some will soon stand behind others again
		*idle++
	case p.queue.length > 0:
		*idle = 0
		p.ticking = p.queueTick()
	case p.anyBusy():
		*idle = 0
		p.ticking = slotTick
	case *idle < idleTicks:
		*idle++
		p.ticking = slotTick
	default:
		*idle = 0
		p.ticking = 0
	}
	return p.ticking, late
}

// queueTick is how often the clock looks while requests wait: every look wakes
// appserve up, and takes its processor from a worker.
func (p *Pool) queueTick() time.Duration {
	if patience := p.config.QueueTimeout; patience > 0 && patience < preciseQueue {
		return shortTick
	}
	return slotTick
}

// expireQueue gives up requests that waited too long. They all have the same
// patience, so only the oldest need a look.
func (p *Pool) expireQueue(now time.Time) {
	patience := p.config.QueueTimeout
	for r := p.queue.first; r != nil; r = p.queue.first {
		if patience <= 0 || now.Sub(r.asked) < patience {
			return
		}
		p.queue.remove(r)
		r.waiting = false
		r.response.fail(failQueueTimeout())
	}
	p.checkDrained()
}

// anyBusy says whether any slot holds a request.
func (p *Pool) anyBusy() bool {
	for _, w := range p.live {
		if w.busy > 0 {
			return true
		}
	}
	return false
}

// steadyClock is a clock for durations at half the price of time.Now: it does
// not ask for the time of day, which may jump and which nobody here wants.
func steadyClock() func() time.Time {
	start := time.Now()
	return func() time.Time { return start.Add(time.Since(start)) }
}
