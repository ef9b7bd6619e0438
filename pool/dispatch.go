package pool

import (
	"slices"
	"time"
)

// admit asks for a slot: the request is sent to one, or waits in the queue
// until somebody who frees a slot sends it, or gets the failure.
func (p *Pool) admit(r *request) *failure {
	for {
		s, f, to := p.admitHere(r)
		if s != nil {
			s.transmit(r)
		}
		if to == nil {
			return f
		}
		p = to
	}
}

// admitHere is admit in one pool: it places the request, or names the pool
// that took over.
func (p *Pool) admitHere(r *request) (*slot, *failure, *Pool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.forward != nil:
		return nil, nil, p.forward
	case p.closed:
		return nil, failStopping(), nil
	}
	r.pool.Store(p)
	if s := p.pick(r); s != nil {
		p.place(s, r, r.asked)
		return s, nil, nil
	}
	switch {
	case p.down:
		return nil, failBoot(), nil
	case p.config.QueueSize > 0 && p.queue.length >= p.config.QueueSize:
		return nil, failQueueFull(), nil
	}
	r.waiting = true
	p.queue.push(r)
	p.wantClock(queueTick)
	return nil, nil, nil
}

// pick finds a slot for a new request: an idle one of the process with the
// fewest busy ones (they share an interpreter lock), on a tie of the one that
// was used last (its caches are warm); else one to read ahead, if nobody waits.
func (p *Pool) pick(r *request) *slot {
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
		return p.pickAhead(r)
	}
	last := len(best.idle) - 1
	s := best.idle[last]
	best.idle = best.idle[:last]
	return s
}

// place gives a slot a request: to run, or behind the one it runs. The caller
// transmits it as soon as the pool's lock, which is held, is free.
func (p *Pool) place(s *slot, r *request, now time.Time) {
	w := s.worker
	r.waiting, r.slot, r.id = false, s, w.nextID()
	if s.state == slotFree {
		s.hold(r, now)
		w.busy++
		p.wantClock(slotTick)
	} else {
		s.ahead = append(s.ahead, r)
		p.wantClock(queueTick)
	}
	w.served++
	p.uses++
	w.used = p.uses
	if w.limit > 0 && w.served == w.limit {
		p.replaceSpent(w)
	}
	s.sending.Lock()
}

// transmit sends the message of a request that was placed here. What cannot be
// sent has had no part of the application, and goes elsewhere.
func (s *slot) transmit(r *request) {
	f, dead := r.message.sendTo(s, r)
	s.sending.Unlock()
	p := s.worker.pool
	switch {
	case dead:
		p.bounce(s, r)
	case f != nil:
		p.unplace(s, r, f)
	}
}

// freed notices that the slot's request is done. It returns the next one to
// transmit, if one was waiting. The pool's lock is held.
func (p *Pool) freed(s *slot, now time.Time) *request {
	w := s.worker
	p.learn(now.Sub(s.started))
	s.deadline, s.silence, s.late = time.Time{}, 0, false
	if len(s.ahead) > 0 {
		s.promote(now)
	} else {
		w.busy--
	}
	if w.state != workerReady {
		w.checkQuiet()
		return nil
	}
	return p.offer(s, now)
}

// offer gives a slot of a ready worker the oldest waiting request, if it has
// room for one, and returns it to be transmitted; a free slot that gets none
// is kept for the next. The pool's lock is held.
func (p *Pool) offer(s *slot, now time.Time) *request {
	free := s.state == slotFree
	r := p.queue.first
	switch {
	case r != nil && (free || p.mayReadAhead(s, r)):
		p.queue.remove(r)
		p.place(s, r, now)
		p.checkDrained()
		return r
	case !free:
		return nil
	}
	if r := p.steal(); r != nil {
		p.place(s, r, now)
		return r
	}
	s.worker.idle = append(s.worker.idle, s)
	return nil
}

// feed fills a slot that has just been given a request, as far as it may be
// ahead of its worker.
func (s *slot) feed() {
	p := s.worker.pool
	for {
		p.mu.Lock()
		var r *request
		if s.worker.state == workerReady && s.state != slotFree {
			r = p.offer(s, p.now())
		}
		p.mu.Unlock()
		if r == nil {
			return
		}
		s.transmit(r)
	}
}

// pump sends waiting requests to idle slots, after something else than a
// finished request brought the two together.
func (p *Pool) pump() {
	for {
		p.mu.Lock()
		r := p.queue.first
		var s *slot
		if r != nil {
			s = p.pick(r)
		}
		if s == nil {
			p.mu.Unlock()
			return
		}
		p.queue.remove(r)
		p.place(s, r, p.now())
		p.checkDrained()
		p.mu.Unlock()
		s.transmit(r)
	}
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

// abandon says that nobody waits for the response any more: a request that
// waits leaves the queue, the slot of one that runs stays busy until the worker
// is done with it. Afterwards nobody touches the request's message.
func (r *request) abandon(reason int) {
	p := r.lockPool()
	s, told := r.slot, false
	switch {
	case r.waiting:
		r.waiting = false
		p.queue.remove(r)
		p.checkDrained()
	case s == nil:
	case s.request == r:
		_ = s.state.apply(slotCancel) // legal in every state
		s.release()
		told = true
	case slices.Contains(s.ahead, r):
		r.abandoned, told = true, true
	}
	p.mu.Unlock()
	if told {
		s.worker.cancel(r.id, reason)
	}
	if s != nil {
		s.awaitSent()
	}
}

// awaitSent returns when no message is being sent to the slot any more.
func (s *slot) awaitSent() {
	s.sending.Lock()
	defer s.sending.Unlock()
}

// unplace takes a request out of its slot that could not be sent, and fails it.
func (p *Pool) unplace(s *slot, r *request, f *failure) {
	p.mu.Lock()
	var next *request
	if s.request == r && s.state.apply(slotUnsend) == nil {
		s.release()
		next = p.freed(s, p.now())
	} else {
		s.forget(r)
	}
	p.mu.Unlock()
	r.response.fail(f)
	if next != nil {
		s.transmit(next)
	}
}

// bounce takes back a request whose worker takes no messages any more; the
// worker gets none again.
func (p *Pool) bounce(s *slot, r *request) {
	p.mu.Lock()
	if s.request == r {
		s.release()
		_ = s.state.apply(slotExit) // legal in every state
		s.deadline = time.Time{}
		s.worker.busy--
		p.requeue(r)
	} else if s.forget(r) {
		p.requeue(r)
	}
	p.withdraw(s.worker)
	p.recallAll(s.worker)
	s.worker.checkQuiet()
	p.mu.Unlock()
	p.tasks.Add(1)
	go s.worker.suspect(s.index)
	p.pump()
}

// join makes a worker's slots available; the caller pumps. The pool's lock is held.
func (p *Pool) join(w *worker) {
	p.ready = append(p.ready, w)
	p.down = false
	w.idle = append(w.idle, w.slots...)
}

// withdraw takes a worker out of dispatch. The pool's lock is held.
func (p *Pool) withdraw(w *worker) {
	p.ready = slices.DeleteFunc(p.ready, func(other *worker) bool { return other == w })
	w.idle = nil
}
