package listeners

import (
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// quota bounds the open connections of a listener, all its addresses together.
// While it is used up nothing is accepted; who comes then waits in the backlog
// of the kernel. It outlives generations, as connections do.
type quota struct {
	mu    sync.Mutex
	limit int // 0: none
	used  int
	room  chan struct{} // closed when there is room; nil while nobody waits
	said  time.Time     // when the log was told last
}

// quotaSilence is how long the log is spared another line about the same quota.
const quotaSilence = time.Minute

// set changes the limit.
func (q *quota) set(limit int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.limit = limit
	q.wake()
}

func (q *quota) take() {
	if q == nil {
		return
	}
	q.mu.Lock()
	q.used++
	q.mu.Unlock()
}

func (q *quota) release() {
	if q == nil {
		return
	}
	q.mu.Lock()
	q.used--
	q.wake()
	q.mu.Unlock()
}

func (q *quota) wake() {
	if q.room != nil && (q.limit == 0 || q.used < q.limit) {
		close(q.room)
		q.room = nil
	}
}

// full gives nil when there is room, else a channel that is closed when there
// may be some, and whether it is time to say so.
func (q *quota) full(now time.Time) (room <-chan struct{}, say bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.limit == 0 || q.used < q.limit {
		return nil, false
	}
	if q.room == nil {
		q.room = make(chan struct{})
	}
	if say = now.Sub(q.said) >= quotaSilence; say {
		q.said = now
	}
	return q.room, say
}

// wait returns when the listener may have another connection, or when its
// loops have to end. Several loops of one listener may each take one more.
// While it waits, connections that idle between two requests are asked to
// leave, a few each time: those that wait have something to ask.
func (q *quota) wait(d *door) {
	if q == nil {
		return
	}
	for {
		room, say := q.full(time.Now())
		if room == nil {
			return
		}
		if say {
			d.server.logger.Warn("as many connections as max_connections allows; further ones wait in the backlog (this line once a minute)",
				"listener", d.name(), "max_connections", q.most())
		}
		for _, c := range d.server.conns.idle(q, max(1, q.most()/idleShare)) {
			c.retire()
		}
		again := time.NewTimer(idlePause)
		select {
		case <-room:
		case <-again.C:
		case <-d.leave:
			again.Stop()
			return
		}
		again.Stop()
	}
}

// One in idleShare of the connections is asked to leave at a time, so often.
const (
	idleShare = 32
	idlePause = 500 * time.Millisecond
)

func (q *quota) most() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.limit
}

// quotaOf is the quota of a listener, by name. The caller holds s.mu.
func (s *Server) quotaOf(listener string) *quota {
	q := s.quotas[listener]
	if q == nil {
		q = &quota{}
		s.quotas[listener] = q
	}
	return q
}

// shareOfDescriptors is the limit of a listener that names none: 80 % of the
// descriptors this process may have, divided over its listeners.
func shareOfDescriptors(listeners int) int {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil || limit.Cur > 1<<30 {
		return 0 // there is no limit to share
	}
	return max(1, int(limit.Cur)*8/10/max(1, listeners))
}
