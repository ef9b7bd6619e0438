package pool

import (
	"slices"
	"time"

	"github.com/appserve/appserve/pool/link"
)

// Reading ahead spares a worker the sleep between two short requests. It must
// never hold a request back behind a slow one (runtime.md D1), so it is only
// done while requests are short, and what stands behind one that is not is
// taken back.
const (
	// maxAhead is how many requests may stand behind the one that a slot runs.
	// A worker that finds more of them runs longer before it sleeps, and finds
	// its caches warm; beyond this there is nothing left to gain.
	maxAhead = 15
	// aheadTime is how long those may take together, on average: the shorter
	// requests are, the more may stand behind one.
	aheadTime = time.Millisecond
	// stuckAfter is how long a request may run before those behind it are taken
	// back. While requests take less on average, one may stand behind another
	// in any case, so that a worker need not sleep between the two and wake up
	// with cold caches.
	stuckAfter = 5 * time.Millisecond
	// serviceWeight is the weight of the past in the moving average: 7 of 8.
	serviceWeight = 8
)

// learn adds a request's service time to the average. The pool's lock is held.
func (p *Pool) learn(service time.Duration) {
	p.service += (service - p.service) / serviceWeight
}

// depth is how many requests may stand behind one. The pool's lock is held.
func (p *Pool) depth(now time.Time) int {
	if p.service >= stuckAfter {
		return 0
	}
	return max(p.gatherDepth(now), int(min(maxAhead, max(1, (aheadTime-1)/max(p.service, 1)))))
}

// mayReadAhead says whether a request may be placed behind the one a slot
// runs. One with a descriptor stays here, and nothing stands behind one that
// may still have to be taken back: its body has gone ahead on a connection of
// its own, where it would stay. The pool's lock is held.
func (p *Pool) mayReadAhead(s *slot, r *request, now time.Time) bool {
	w := s.worker
	return len(s.ahead) < p.depth(now) && (s.state == slotSent && !s.apart || s.state == slotRunning || s.state == slotClosing) &&
		!s.full && now.Sub(s.started) <= stuckAfter && !r.message.apart && (w.limit == 0 || w.served < w.limit)
}

// pickAhead finds the slot with the fewest requests ahead for a new one, when
// nobody waits. The pool's lock is held.
func (p *Pool) pickAhead(r *request) *slot {
	if p.queue.length > 0 || p.depth(r.asked) == 0 {
		return nil
	}
	var best *slot
	for _, w := range p.ready {
		for _, s := range w.slots {
			if (best == nil || len(s.ahead) < len(best.ahead)) && p.mayReadAhead(s, r, r.asked) {
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
	s.forget(r)
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
	s.worker.pool.ahead--
	return true
}

// steal takes the oldest request back that stands behind another one, out of
// the slot with the most; nil when all were begun. The pool's lock is held.
func (p *Pool) steal() *request {
	for n := maxAhead; n > 0 && p.ahead > 0; n-- {
		for _, w := range p.ready {
			for _, s := range w.slots {
				if len(s.ahead) != n {
					continue
				}
				if r := s.takeBack(); r != nil {
					return r
				}
			}
		}
	}
	return nil
}

// takeBack takes back the oldest request that the slot's worker has not begun
// and somebody waits for; nil when there is none. The pool's lock is held.
func (s *slot) takeBack() *request {
	s.sending.Lock() // a message may be on its way
	defer s.sending.Unlock()
	for id, ok := s.unread.Take(); ok; id, ok = s.unread.Take() {
		if r := s.retrieve(id); r != nil {
			return r
		}
	}
	return nil
}

// retrieve finds the request of a message that was taken back; nil when nobody
// waits for it any more. The pool's lock is held.
func (s *slot) retrieve(id uint32) *request {
	if s.id == id && s.state.busy() { // the worker had not even begun the first
		r := s.request
		if s.vacate() != nil || r == nil {
			return nil
		}
		r.slot = nil
		return r
	}
	for _, r := range s.ahead {
		if r.id != id {
			continue
		}
		s.worker.served--
		s.forget(r)
		if r.abandoned {
			return nil
		}
		r.slot = nil
		return r
	}
	return nil
}

// vacate frees a slot whose worker has not received the message of the first
// request, and never will. A worker that answered it all the same is mad. The
// pool's lock is held.
func (s *slot) vacate() error {
	w := s.worker
	if err := s.state.apply(slotUnsend); err != nil {
		w.pool.tasks.Add(1)
		go w.disbelieve(s.index, link.NewProtocolError("an answer to a request that it had not received", nil))
		return err
	}
	s.release()
	s.deadline, s.silence, s.late, s.full = time.Time{}, 0, false, false
	w.served--
	switch {
	case len(s.ahead) > 0:
		s.promote(w.pool.now())
		return nil
	case w.joined:
		w.idle = append(w.idle, s)
	}
	w.busy--
	w.checkQuiet()
	return nil
}

// recallAll is recall for every slot of a worker. The pool's lock is held.
func (p *Pool) recallAll(w *worker) {
	for _, s := range w.slots {
		p.recall(s)
	}
}

// recall takes back all that a slot's worker has not begun; it waits in the
// queue again. The pool's lock is held.
func (p *Pool) recall(s *slot) {
	for r := s.takeBack(); r != nil; r = s.takeBack() {
		p.requeue(r)
	}
}

// requeue has a request that was taken back wait again, in the pool that took
// over if one did. The clock soon sends it. The pool's lock is held.
func (p *Pool) requeue(r *request) {
	if r.abandoned {
		return
	}
	if p.forward != nil {
		p.forward.mu.Lock()
		defer p.forward.mu.Unlock()
		p.forward.requeue(r)
		return
	}
	r.slot, r.started, r.unsent = nil, time.Time{}, false
	r.pool.Store(p)
	switch {
	case p.closed:
		p.countCut(1)
		r.response.fail(failStopping())
	case p.down:
		r.response.fail(failBoot())
	default:
		r.waiting = true
		p.queue.restore(r)
		p.ticking = p.queueTick()
		signal(p.kick)
	}
}

// recallStuck takes back what stands behind requests that take long, unless
// the pool ends and nobody else would run it. The pool's lock is held.
func (p *Pool) recallStuck(now time.Time) {
	if p.ahead == 0 || p.closed {
		return
	}
	for _, w := range p.ready {
		for _, s := range w.slots {
			if len(s.ahead) > 0 && now.Sub(s.started) > stuckAfter+s.unseen() {
				p.recall(s)
			}
		}
	}
}
