package pool

import (
	"time"

	"github.com/appserve/appserve/pool/link"
)

// closeTimeout is how long close() and what else follows a complete response
// may take before the worker is replaced.
const closeTimeout = 30 * time.Second

// slot is one thread of a worker, seen from here: its link, and the one
// request that it holds.
type slot struct {
	worker *worker
	index  int // of its thread
	conn   *link.Conn
	room   chan struct{} // tells the reader that a client took something

	// Under the pool's lock.
	state    slotState
	request  *request // nil once its fate is decided
	id       uint32   // of the request on the link
	silence  time.Duration
	deadline time.Time // when silence has lasted too long; zero: the clock stands
	late     bool      // the deadline has passed and was acted upon
	name     string    // of the request, kept for log lines after its fate is decided
	method   string
	path     string
	started  time.Time
}

// newSlot returns a free slot.
func newSlot(w *worker, index int, conn *link.Conn) *slot {
	return &slot{worker: w, index: index, conn: conn, room: make(chan struct{}, 1)}
}

// hold gives the slot a request to run. The pool's lock is held.
func (s *slot) hold(r *request, now time.Time) error {
	if err := s.state.apply(slotDispatch); err != nil {
		return err
	}
	s.request, r.slot = r, s
	s.id = s.worker.nextID()
	r.id, r.started = s.id, now
	s.silence, s.late, s.deadline = r.timeout, false, time.Time{}
	s.heard(now)
	s.name, s.method, s.path, s.started = r.name, r.method, r.path, now
	return nil
}

// heard restarts the clock of silence. The pool's lock is held.
func (s *slot) heard(now time.Time) {
	if s.silence > 0 {
		s.deadline = now.Add(s.silence)
	}
}

// ended starts the clock of what follows a complete response. The pool's lock is held.
func (s *slot) ended(now time.Time) {
	s.silence = 0
	s.deadline = now.Add(closeTimeout)
}

// release takes the request out of the slot. The pool's lock is held.
func (s *slot) release() *request {
	r := s.request
	s.request = nil
	return r
}
