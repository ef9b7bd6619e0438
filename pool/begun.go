package pool

import "time"

// predecessor is a request whose worker has gone on to the next one. What it
// sent of this one before may still be on its way.
type predecessor struct {
	id     uint32
	state  slotState
	name   string
	method string
	path   string
}

// mayHaveBegun says whether the worker may have begun the request with that
// id: it is the oldest ahead, and the one before it may be done, for a worker
// that finds its next message says no DONE (runtime.md D5). It says something
// of every request, so that no other can be. The pool's lock is held.
func (s *slot) mayHaveBegun(id uint32) bool {
	return len(s.ahead) > 0 && s.ahead[0].id == id && !s.ahead[0].unsent && slotMoves[s.state][slotDone] == slotFree
}

// begun notices that a slot's worker has gone on to the oldest request ahead,
// at some moment between two. The pool's lock is held.
func (p *Pool) begun(s *slot, notBefore, noticed time.Time) {
	at := noticed
	if s.state == slotClosing { // else nobody knows how long the one before it took
		p.learn(s.complete.Sub(s.started))
		at = later(notBefore, later(s.complete, s.ahead[0].placed))
	}
	_ = s.state.apply(slotDone) // mayHaveBegun says that it is legal
	s.late, s.full = false, false
	s.promote(at)
	s.heard(noticed) // nobody counts as silent before we could know that it began
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// noticeBegun finds the workers that went on to a request and have not
// answered anything yet: it is not in the link any more. From then on its
// clocks run. The pool's lock is held.
func (p *Pool) noticeBegun(now time.Time) {
	before := p.looked
	p.looked = now
	if p.ahead == 0 {
		return
	}
	for _, w := range p.live {
		for _, s := range w.slots {
			for len(s.ahead) > 0 && s.mayHaveBegun(s.ahead[0].id) && s.received(s.ahead[0]) {
				s.before = append(s.before, predecessor{id: s.id, state: s.state, name: s.name, method: s.method, path: s.path})
				p.begun(s, before, now)
			}
		}
	}
}

// received reports whether the worker has received the message of the oldest
// request ahead. The pool's lock is held.
func (s *slot) received(r *request) bool {
	s.sending.Lock() // it may be on its way
	defer s.sending.Unlock()
	return !r.unsent && s.unread.Received(r.id)
}
