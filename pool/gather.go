package pool

import (
	"errors"
	"time"

	"github.com/appserve/appserve/pool/link"
)

// On a pool that is saturated, passing an answer on at once helps nobody: the
// clients behind it have waited long and wait longer, while each answer wakes
// appserve up, which takes a processor from a worker and leaves its caches
// cold. So answers are gathered there, as a network card gathers interrupts:
// the readers of all slots rest, and take what has come at the same moments.
// The workers never wait for that, because each has more requests ahead than it
// can answer meanwhile.
const (
	// gatherInterval is the time between two of these moments.
	gatherInterval = 4 * time.Millisecond
	// gatherShare is how many times as long a new request has to wait: what an
	// answer waits is little beside that.
	gatherShare = 8
	// gatherAhead is how many requests may stand behind one for it. More
	// answers than the kernel's net.unix.max_dgram_qlen, of 10 or 512, would
	// stop the worker.
	gatherAhead = 8
	// gatherPause is for how long nothing is gathered after it was a mistake.
	gatherPause = time.Second
)

// gatherDepth is how many requests have to stand behind the one that a slot
// runs, so that its worker has enough to do while its answers are gathered; 0:
// they are not. The pool's lock is held.
func (p *Pool) gatherDepth(now time.Time) int {
	if p.queue.length == 0 || len(p.ready) == 0 || p.service >= stuckAfter || now.Before(p.scattered) {
		return 0
	}
	slots := time.Duration(len(p.ready) * p.config.Threads)
	if time.Duration(p.queue.length)*p.service < gatherShare*gatherInterval*slots {
		return 0 // a new one need not wait long, or requests take no time at all
	}
	if slots*gatherInterval < 2*p.service {
		return 0 // there would be nothing to gather
	}
	depth := int(gatherInterval/p.service) + 3 // one has begun already, one may be short, and we may be late
	if depth > gatherAhead {
		return 0
	}
	return depth
}

// receive waits for one message, or, while answers are gathered, for the
// moment to look for it.
func (s *slot) receive(buf []byte) (link.Message, error) {
	for s.gathers {
		m, err := s.conn.ReceivePending(buf)
		if !errors.Is(err, link.ErrEmpty) {
			return m, err
		}
		rest := s.rest()
		s.gathers = rest > 0
		if s.gathers {
			s.conn.Ignore()
			time.Sleep(rest)
		}
	}
	return s.conn.Receive(buf)
}

// rest says for how long the reader may rest, now that it has taken all there
// was; 0: not at all.
func (s *slot) rest() time.Duration {
	p := s.worker.pool
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	s.rests = time.Time{}
	depth := p.gatherDepth(now)
	if depth == 0 || len(s.ahead) < depth || s.state != slotSent && s.state != slotClosing || !s.worker.joined {
		return 0
	}
	s.rests, s.deepest = time.Now(), s.ahead[len(s.ahead)-1].id
	return now.Truncate(gatherInterval).Add(gatherInterval).Sub(now) // the same moment for all
}

// unseen is for how long messages may have been left where they are. The
// pool's lock is held.
func (s *slot) unseen() time.Duration {
	if s.rests.IsZero() {
		return 0
	}
	return gatherInterval
}

// sentAt is when the worker sent a message: just now, but for a rest. The time
// of day, which the kernel goes by, may jump. It is for the reader.
func (s *slot) sentAt(m *link.Message, now time.Time) time.Time {
	if s.rests.IsZero() || m.Sent.IsZero() {
		return now
	}
	return now.Add(-max(0, min(time.Since(m.Sent), time.Since(s.rests))))
}

// judge ends the gathering for a while when a message shows that it was a
// mistake: the worker answered all that it had during the rest, or in pieces,
// and may have waited for us to take them. The pool's lock is held.
func (s *slot) judge(m *link.Message, f link.Frame, now time.Time) {
	if s.rests.IsZero() || !m.Sent.IsZero() && !m.Sent.After(s.rests) {
		return
	}
	if whole := f.Type == link.TypeHead && f.Last(); !whole || f.ID == s.deepest {
		s.worker.pool.scattered = now.Add(gatherPause)
	}
}
