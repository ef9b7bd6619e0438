package pool

import (
	"sync"
	"time"

	"github.com/appserve/appserve/pool/link"
)

// closeTimeout is how long close() and what else follows a complete response
// may take before the worker is replaced.
const closeTimeout = 30 * time.Second

// slot is one thread of a worker, seen from here: its link, the request that
// it runs, and a few that were sent behind it.
type slot struct {
	worker *worker
	index  int // of its thread
	conn   *link.Conn
	unread *link.Unread  // takes back what the worker has not begun
	room   chan struct{} // tells the reader that a client took something
	// gathers says that the reader need not be woken by what comes; its own.
	gathers bool

	// sending is held from the moment a request is placed, under the pool's
	// lock, until its message is sent, without it: messages leave in the order
	// of their requests. Who holds it never waits for the pool's lock.
	sending sync.Mutex

	// Under the pool's lock.
	state    slotState
	request  *request   // nil once its fate is decided
	ahead    []*request // sent behind it, oldest first
	id       uint32     // of the request on the link
	silence  time.Duration
	deadline time.Time // when silence has lasted too long; zero: the clock stands
	late     bool      // the deadline has passed and was acted upon
	full     bool      // the link had no room for more
	apart    bool      // the body of the request travels as a descriptor
	name     string    // of the request, kept for log lines after its fate is decided
	method   string
	path     string
	started  time.Time
	complete time.Time     // when its response was
	rests    time.Time     // since when its reader has left messages where they are, of the system's clock; zero: it has taken all. Only the reader sets it
	deepest  uint32        // id of the last request that was ahead then
	before   []predecessor // of the request; what they sent may still be on its way
}

// newSlot returns a free slot.
func newSlot(w *worker, index int, conn *link.Conn, unread *link.Unread) *slot {
	return &slot{
		worker: w, index: index, conn: conn, unread: unread, room: make(chan struct{}, 1), ahead: make([]*request, 0, maxAhead),
	}
}

// hold makes a request the one that a free slot runs. The pool's lock is held.
func (s *slot) hold(r *request, now time.Time) {
	if err := s.state.apply(slotDispatch); err != nil {
		panic(err) // a slot that is not free: a bug
	}
	s.id, s.name, s.method, s.path, s.started = r.id, r.name, r.method, r.path, now
	s.silence, s.late, s.deadline = r.timeout, false, time.Time{}
	s.heard(now)
	s.apart = !r.behind && r.message.apart // one that stood behind another has none, and its message may be gone
	if r.abandoned {                       // its owner is gone, and reads what is its own
		_ = s.state.apply(slotCancel) // legal in every state
		return
	}
	s.request, r.started = r, now
}

// held counts the requests that somebody still waits for. The pool's lock is held.
func (s *slot) held() int {
	n := 0
	if s.request != nil {
		n++
	}
	for _, r := range s.ahead {
		if !r.abandoned {
			n++
		}
	}
	return n
}

// heard restarts the clock of silence. The pool's lock is held.
func (s *slot) heard(now time.Time) {
	if s.silence > 0 {
		s.deadline = now.Add(s.silence)
	}
}

// ended starts the clock of what follows a complete response. The pool's lock is held.
func (s *slot) ended(now time.Time) {
	s.silence, s.complete = 0, now
	s.deadline = now.Add(closeTimeout)
}

// close lets go of the link.
func (s *slot) close() {
	_ = s.conn.Close()
	_ = s.unread.Close()
}

// release takes the request out of the slot. The pool's lock is held.
func (s *slot) release() *request {
	r := s.request
	s.request = nil
	return r
}
