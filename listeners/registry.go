package listeners

import (
	"sync"

	"github.com/appserve/appserve/listeners/h1"
)

// connection is what the registry knows: an accepted connection, whatever it
// speaks or is about to speak.
type connection interface {
	retire()        // leave: at once when idle, after what runs otherwise
	cut()           // end now
	through() *door // where it came in
}

// through implements connection.
func (c *conn) through() *door { return c.door }

// registry knows every open connection, hijacked ones too, which http.Server
// forgets.
type registry struct {
	mu    sync.Mutex
	conns map[connection]*quota // and where each of them is counted
	empty chan struct{}         // not nil once somebody waits for the end of the last one
}

func (r *registry) add(c connection) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.conns == nil {
		r.conns = map[connection]*quota{}
	}
	q := c.through().quota.Load()
	q.take()
	r.conns[c] = q
}

func (r *registry) remove(c connection) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if q, ok := r.conns[c]; ok {
		q.release()
	}
	delete(r.conns, c)
	if len(r.conns) == 0 && r.empty != nil {
		close(r.empty)
		r.empty = nil
	}
}

// drained gives a channel that is closed when there is no connection any more.
func (r *registry) drained() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.empty == nil {
		r.empty = make(chan struct{})
	}
	empty := r.empty
	if len(r.conns) == 0 {
		close(empty)
		r.empty = nil
	}
	return empty
}

// all gives the connections that a filter takes; nil takes all.
func (r *registry) all(take func(connection) bool) []connection {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found []connection
	for c := range r.conns {
		if take == nil || take(c) {
			found = append(found, c)
		}
	}
	return found
}

// idle gives up to n connections of a quota that wait for their next request:
// any of them, the order of a map is another one each time.
func (r *registry) idle(q *quota, n int) []*conn {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found []*conn
	for one, counted := range r.conns {
		if len(found) == n {
			break
		}
		if c, ok := one.(*conn); ok && counted == q && c.http.Phase() == h1.Idle {
			found = append(found, c)
		}
	}
	return found
}
