package pool

import (
	"errors"
	"slices"
	"time"

	"github.com/appserve/appserve/pool/link"
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
	if p.queue.length == 0 { // else whoever brought it together with an idle slot is about to pump
		if s := p.pick(r); s != nil {
			p.place(s, r, r.asked)
			return s, nil, nil
		}
	}
	switch {
	case p.down:
		return nil, failBoot(), nil
	case p.config.QueueSize > 0 && p.queue.length >= p.config.QueueSize:
		return nil, failQueueFull(), nil
	}
	r.waiting = true
	p.queue.push(r)
	p.wantClock(p.queueTick())
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
	r.behind, r.placed = s.state != slotFree, now
	if r.behind {
		s.ahead = append(s.ahead, r)
		p.ahead++
		p.wantClock(shortTick)
	} else {
		s.hold(r, now)
		w.busy++
		p.wantClock(slotTick)
	}
	w.served++
	p.uses++
	w.used = p.uses
	if w.limit > 0 && w.served >= w.limit && !w.spent {
		w.spent = true
		p.replaceSpent(w)
	}
	s.sending.Lock()
}

// transmit sends the message of a request that was placed here. What cannot be
// sent has had no part of the application, and goes elsewhere.
func (s *slot) transmit(r *request) {
	f, err := r.message.sendTo(s, r)
	failed := f != nil || err != nil
	if failed {
		r.unsent = true
	}
	s.sending.Unlock()
	if failed {
		s.worker.pool.unplace(s, r, f, err)
	}
}

// freed notices that the slot's request is done, and since when. It returns the
// next one to transmit, if one was waiting. The pool's lock is held.
func (p *Pool) freed(s *slot, since, now time.Time) *request {
	w := s.worker
	p.learn(since.Sub(s.started))
	s.deadline, s.silence, s.late, s.full = time.Time{}, 0, false, false
	if len(s.ahead) > 0 {
		s.promote(later(since, s.ahead[0].placed))
	} else {
		w.busy--
	}
	if !w.joined {
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
	case r != nil && (free || p.mayReadAhead(s, r, now)):
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
func (s *slot) feed(now time.Time) {
	p := s.worker.pool
	for {
		p.mu.Lock()
		var r *request
		if s.worker.joined && s.state != slotFree {
			r = p.offer(s, now)
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
	case s == nil || r.abandoned:
	case s.request == r:
		_ = s.state.apply(slotCancel) // legal in every state
		s.release()
		told = true
	case slices.Contains(s.ahead, r):
		told = true
	}
	r.abandoned = true
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

// unplace takes a request out of its slot whose message did not leave. With a
// failure that is its fate; else it goes elsewhere: because the link is full,
// which only a request behind others can find, or because the worker takes no
// messages any more and gets none again.
func (p *Pool) unplace(s *slot, r *request, f *failure, err error) {
	full := r.behind && errors.Is(err, link.ErrFull)
	dead, cause := err != nil && !full, err
	p.mu.Lock()
	if dead {
		p.withdraw(s.worker)
	}
	switch {
	case s.forget(r):
		s.worker.served--
		s.full = full
	case s.id == r.id && s.state.busy():
		if s.vacate() != nil {
			s.release()
			f, err = failProtocol(), nil
		}
	case s.request == r: // the process has ended meanwhile
		s.release()
	}
	if err != nil {
		p.requeue(r)
	}
	if dead {
		p.recallAll(s.worker)
	}
	p.mu.Unlock()
	if f != nil {
		r.response.fail(f)
	}
	if dead {
		s.worker.log().Debug("worker takes no messages", "thread", s.index, "error", cause)
		p.tasks.Add(1)
		go s.worker.suspect(s.index)
	}
	p.pump()
}

// join makes a worker's slots available; the caller pumps. The pool's lock is held.
func (p *Pool) join(w *worker) {
	p.ready = append(p.ready, w)
	w.joined = true
	p.down = false
	w.idle = append(w.idle, w.slots...)
}

// withdraw takes a worker out of dispatch. The pool's lock is held.
func (p *Pool) withdraw(w *worker) {
	p.ready = slices.DeleteFunc(p.ready, func(other *worker) bool { return other == w })
	w.idle, w.joined = nil, false
}
