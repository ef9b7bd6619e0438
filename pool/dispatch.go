package pool

import "time"

// admit asks for a slot: the request has one afterwards (its owner sends it),
// or waits in the queue for its wake signal, or gets the failure.
func (p *Pool) admit(r *request) *failure {
	for {
		f, to := p.admitHere(r)
		if to == nil {
			return f
		}
		p = to
	}
}

// admitHere is admit in one pool; it names the pool that took over, if one did.
func (p *Pool) admitHere(r *request) (*failure, *Pool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.forward != nil {
		return nil, p.forward
	}
	if p.closed {
		return failStopping(), nil
	}
	r.pool.Store(p)
	if s := p.pick(); s != nil {
		p.assign(s, r, r.asked)
		return nil, nil
	}
	if p.down {
		return failBoot(), nil
	}
	if p.config.QueueSize > 0 && p.queue.length >= p.config.QueueSize {
		return failQueueFull(), nil
	}
	r.waiting = true
	p.queue.push(r)
	p.wantClock(queueTick)
	return nil, nil
}

// pick takes an idle slot: of the process with the fewest busy ones (they
// share an interpreter lock), on a tie of the one that was used last (its
// caches are warm). nil when none is idle.
func (p *Pool) pick() *slot {
	var best *worker
	for _, w := range p.ready {
		if len(w.idle) == 0 {
			continue
		}
		if best == nil || w.busy < best.busy || w.busy == best.busy && w.used > best.used {
			best = w
		}
	}
	if best == nil {
		return nil
	}
	last := len(best.idle) - 1
	s := best.idle[last]
	best.idle = best.idle[:last]
	return s
}

// assign gives a free slot to a request. The pool's lock is held.
func (p *Pool) assign(s *slot, r *request, now time.Time) {
	if err := s.hold(r, now); err != nil {
		panic(err) // an idle slot that is not free: a bug
	}
	w := s.worker
	w.busy++
	w.served++
	p.uses++
	w.used = p.uses
	p.wantClock(slotTick)
	if w.limit > 0 && w.served == w.limit {
		p.replaceSpent(w)
	}
}

// freed takes back a slot whose request is done and gives it the next one, if
// one waits. The pool's lock is held.
func (p *Pool) freed(s *slot, now time.Time) {
	s.deadline, s.silence, s.late = time.Time{}, 0, false
	w := s.worker
	w.busy--
	if w.state != workerReady {
		w.checkQuiet()
		return
	}
	p.offer(s, now)
}

// offer gives a free slot of a ready worker to the oldest waiting request, or
// keeps it for the next. The pool's lock is held.
func (p *Pool) offer(s *slot, now time.Time) {
	r := p.queue.pop()
	if r == nil {
		s.worker.idle = append(s.worker.idle, s)
		return
	}
	r.waiting = false
	p.assign(s, r, now)
	signal(r.wake)
	p.checkDrained()
}

// leave takes a request out of the queue; false when it does not wait there.
func (r *request) leave() bool {
	p := r.lockPool()
	defer p.mu.Unlock()
	if !r.waiting {
		return false
	}
	r.waiting = false
	p.queue.remove(r)
	p.checkDrained()
	return true
}

// lockPool locks the pool that has the request, which can change until then.
func (r *request) lockPool() *Pool {
	for {
		p := r.pool.Load()
		p.mu.Lock()
		if r.pool.Load() == p {
			return p
		}
		p.mu.Unlock()
	}
}

// dispatched returns the slot that was given to the request; nil while it waits
// or when it got a failure instead.
func (r *request) dispatched() *slot {
	p := r.lockPool()
	defer p.mu.Unlock()
	return r.slot
}

// abandon says that nobody waits for the response any more. The slot stays
// busy until the worker is done with it.
func (r *request) abandon(reason int) {
	p := r.lockPool()
	s := r.slot
	if s == nil || s.request != r {
		p.mu.Unlock()
		return
	}
	_ = s.state.apply(slotCancel) // legal in every state
	s.release()
	p.mu.Unlock()
	s.worker.cancel(r.id, reason)
}

// unsend frees the slot of a request that shall not be sent after all.
func (p *Pool) unsend(r *request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := r.slot
	if s == nil || s.request != r || s.state.apply(slotUnsend) != nil {
		return // its time was over already, or the process has ended
	}
	s.release()
	p.freed(s, p.now())
}

// undo takes a request back that could not be sent: the worker's link does not
// take messages any more. The slot is not used again.
func (p *Pool) undo(r *request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := r.slot
	if s.request == r {
		s.release()
	}
	r.slot = nil
	r.response.forgive()
	_ = s.state.apply(slotExit) // legal in every state
	s.deadline = time.Time{}
	s.worker.busy--
	p.withdraw(s.worker)
	s.worker.checkQuiet()
}

// join makes a worker's slots available. The pool's lock is held.
func (p *Pool) join(w *worker, now time.Time) {
	p.ready = append(p.ready, w)
	p.down = false
	for _, s := range w.slots {
		p.offer(s, now)
	}
}

// withdraw takes a worker out of dispatch. The pool's lock is held.
func (p *Pool) withdraw(w *worker) {
	for i, other := range p.ready {
		if other == w {
			p.ready = append(p.ready[:i], p.ready[i+1:]...)
			break
		}
	}
	w.idle = nil
}
