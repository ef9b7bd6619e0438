package pool

import (
	"slices"
	"time"
)

// Reading ahead spares a worker the sleep between two short requests. It must
// never hold a request back behind a slow one (runtime.md D1), so it is only
// done while requests are short, and what stands behind one that is not is
// taken back.
const (
	// maxAhead is how many requests may stand behind the one that a slot runs.
	maxAhead = 3
	// shortService is the service time, on average, below which slots read ahead.
	shortService = time.Millisecond
	// stuckAfter is how long a request may run before those behind it are taken back.
	stuckAfter = 5 * time.Millisecond
	// serviceWeight is the weight of the past in the moving average: 7 of 8.
	serviceWeight = 8
)

// learn adds a request's service time to the average. The pool's lock is held.
func (p *Pool) learn(service time.Duration) {
	p.service += (service - p.service) / serviceWeight
}

// mayReadAhead says whether a request may be placed behind the one a slot
// runs. One with a descriptor stays here. The pool's lock is held.
func (p *Pool) mayReadAhead(s *slot, r *request) bool {
	w := s.worker
	return p.service < shortService && len(s.ahead) < maxAhead && (s.state == slotSent || s.state == slotRunning) &&
		!r.message.apart && (w.limit == 0 || w.served < w.limit)
}

// pickAhead finds the slot with the fewest requests ahead for a new one, when
// nobody waits. The pool's lock is held.
func (p *Pool) pickAhead(r *request) *slot {
	if p.service >= shortService || p.queue.length > 0 {
		return nil
	}
	var best *slot
	for _, w := range p.ready {
		for _, s := range w.slots {
			if (best == nil || len(s.ahead) < len(best.ahead)) && p.mayReadAhead(s, r) {
				best = s
			}
		}
	}
	return best
}

// promote makes the oldest request ahead the one that a free slot runs. The
// pool's lock is held.
func (s *slot) promote(now time.Time) {
	r := s.ahead[0]
	s.ahead = slices.Delete(s.ahead, 0, 1)
	s.hold(r, now)
}

// forget takes a request out of those ahead; false when it is not among them.
// The pool's lock is held.
func (s *slot) forget(r *request) bool {
	i := slices.Index(s.ahead, r)
	if i < 0 {
		return false
	}
	s.ahead = slices.Delete(s.ahead, i, i+1)
	return true
}

// steal takes the oldest request back that stands behind another one, out of
// the slot with the most; nil when all were begun. The pool's lock is held.
func (p *Pool) steal() *request {
	for {
		var fullest *slot
		for _, w := range p.ready {
			for _, s := range w.slots {
				if len(s.ahead) > 0 && (fullest == nil || len(s.ahead) > len(fullest.ahead)) {
					fullest = s
				}
			}
		}
		if fullest == nil {
			return nil
		}
		id, ok := fullest.unread.Take()
		if !ok {
			return nil // its worker is just beginning it, or it is just being sent
		}
		if r := fullest.retrieve(id); r != nil {
			return r
		}
	}
}

// retrieve finds the request of a message that was taken back; nil when nobody
// waits for it any more. The pool's lock is held.
func (s *slot) retrieve(id uint32) *request {
	s.worker.served--
	if s.id == id && s.state.busy() { // the worker had not even begun the first
		r := s.release()
		if err := s.state.apply(slotUnsend); err != nil {
			panic(err) // a message that was answered before it was taken: a bug
		}
		s.deadline, s.late = time.Time{}, false
		if len(s.ahead) > 0 {
			s.promote(s.worker.pool.now())
		} else {
			s.worker.busy--
			s.settle()
		}
		if r != nil {
			r.slot = nil
		}
		return r
	}
	for i, r := range s.ahead {
		if r.id == id {
			s.ahead = slices.Delete(s.ahead, i, i+1)
			if r.abandoned {
				return nil
			}
			r.slot = nil
			return r
		}
	}
	return nil
}

// settle keeps a slot that became free without a response for the next request.
func (s *slot) settle() {
	w := s.worker
	if w.state == workerReady && slices.Contains(w.pool.ready, w) {
		w.idle = append(w.idle, s)
		return
	}
	w.checkQuiet()
}

// recallAll is recall for every slot of a worker. The pool's lock is held.
func (p *Pool) recallAll(w *worker) {
	for _, s := range w.slots {
		p.recall(s)
	}
}

// recall takes back all that a slot's worker has not begun; it waits in the
// queue again, before all others. The pool's lock is held.
func (p *Pool) recall(s *slot) {
	s.sending.Lock() // a message may be on its way
	defer s.sending.Unlock()
	var back []*request
	for id, ok := s.unread.Take(); ok; id, ok = s.unread.Take() {
		if r := s.retrieve(id); r != nil {
			back = append(back, r)
		}
	}
	for _, r := range slices.Backward(back) {
		p.requeue(r)
	}
}

// requeue puts a request that was taken back before all others, in the pool
// that took over if one did. Its clock soon sends it. The pool's lock is held.
func (p *Pool) requeue(r *request) {
	r.slot, r.started = nil, time.Time{}
	if p.forward != nil {
		p.forward.mu.Lock()
		defer p.forward.mu.Unlock()
		p.forward.requeue(r)
		return
	}
	r.pool.Store(p)
	switch {
	case p.closed:
		r.response.fail(failStopping())
	case p.down:
		r.response.fail(failBoot())
	default:
		r.waiting = true
		p.queue.pushFront(r)
		p.ticking = queueTick
		signal(p.kick)
	}
}

// recallStuck takes back what stands behind requests that take long. The
// pool's lock is held.
func (p *Pool) recallStuck(now time.Time) {
	for _, w := range p.ready {
		for _, s := range w.slots {
			if len(s.ahead) > 0 && now.Sub(s.started) > stuckAfter {
				p.recall(s)
			}
		}
	}
}

// anyAhead says whether any request stands behind another one.
func (p *Pool) anyAhead() bool {
	for _, w := range p.live {
		for _, s := range w.slots {
			if len(s.ahead) > 0 {
				return true
			}
		}
	}
	return false
}
