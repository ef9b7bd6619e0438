package pool

import "fmt"

// workerState is where a worker process stands in its life. Why it got there
// is kept beside the state (worker.reason), never in it.
type workerState uint8

// The states in the order of a life; docs/ draws them.
const (
	workerStarting workerState = iota // the process exists, HELLO is awaited
	workerBooting                     // START was sent, READY is awaited
	workerReady                       // takes requests
	workerDraining                    // takes no new requests, finishes what it holds
	workerClosing                     // holds nothing or is being killed; its exit is awaited
	workerDead                        // the process has ended
	workerStates
)

// workerMoves is the transition table: the states that may follow each state.
var workerMoves = [workerStates][workerStates]bool{
	workerStarting: {workerBooting: true, workerClosing: true, workerDead: true},
	workerBooting:  {workerReady: true, workerClosing: true, workerDead: true},
	workerReady:    {workerDraining: true, workerClosing: true, workerDead: true},
	workerDraining: {workerClosing: true, workerDead: true},
	workerClosing:  {workerDead: true},
}

// String is the state's name for logs and errors.
func (s workerState) String() string {
	switch s {
	case workerStarting:
		return "starting"
	case workerBooting:
		return "booting"
	case workerReady:
		return "ready"
	case workerDraining:
		return "draining"
	case workerClosing:
		return "closing"
	case workerDead:
		return "dead"
	case workerStates:
	}
	return fmt.Sprintf("worker state %d", uint8(s))
}

// moveError is an illegal transition: a bug in the caller, or an event that
// came too late, which the caller may ignore knowingly.
type moveError struct {
	from, to fmt.Stringer
}

func (e *moveError) Error() string { return fmt.Sprintf("no way from %v to %v", e.from, e.to) }

// move changes a worker's state, which must be from, to another. The pool's
// lock is held.
func (s *workerState) move(from, to workerState) error {
	if *s != from || !workerMoves[from][to] {
		return &moveError{from: *s, to: to}
	}
	*s = to
	return nil
}
