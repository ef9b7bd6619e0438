package basicauth

import "context"

// Gate bounds how many passwords are checked at once: a hash is made to be
// slow, and whoever tries passwords must not get all processors to work on
// them. It remembers which ones were right. One gate serves all guards of a
// process, and outlives them, so that a reload does not ask for everything anew.
type Gate struct {
	working  chan struct{}
	waiting  chan struct{}
	verified *verified
}

// queue is how many requests may wait for a check, per check at once.
const queue = 64

// NewGate makes a gate for that many checks at once.
func NewGate(atOnce int) *Gate {
	atOnce = max(1, atOnce)
	return &Gate{working: make(chan struct{}, atOnce), waiting: make(chan struct{}, atOnce*queue), verified: newVerified()}
}

// enter waits for its turn. False: too many wait already, or ctx ended.
func (g *Gate) enter(ctx context.Context) bool {
	select {
	case g.working <- struct{}{}:
		return true
	default:
	}
	select {
	case g.waiting <- struct{}{}:
		defer func() { <-g.waiting }()
	default:
		return false
	}
	select {
	case g.working <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (g *Gate) leave() { <-g.working }
