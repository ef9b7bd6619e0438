package upstreams

import (
	"sync"
	"time"
)

// Tunnels knows the upgraded connections of all groups that share it, so that
// a stop need not wait for those that say nothing. The zero value is ready.
type Tunnels struct {
	mu    sync.Mutex
	grace time.Duration // 0: nobody is in a hurry
	open  map[*tunnel]struct{}
}

// EndSilent ends every tunnel that carries nothing either way for grace, from
// now on: those that are silent as long already, and the others when they are.
func (ts *Tunnels) EndSilent(grace time.Duration) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	ts.grace = grace
	for t := range ts.open {
		t.hurry(grace)
	}
}

// enter makes a tunnel known that is about to run.
func (ts *Tunnels) enter(t *tunnel) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if ts.open == nil {
		ts.open = map[*tunnel]struct{}{}
	}
	ts.open[t] = struct{}{}
	if ts.grace > 0 {
		t.hurry(ts.grace)
	}
}

// leave forgets a tunnel that has ended; nobody hurries it afterwards.
func (ts *Tunnels) leave(t *tunnel) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	delete(ts.open, t)
}
