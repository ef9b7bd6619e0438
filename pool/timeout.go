package pool

import (
	"fmt"
	"time"
)

// overdue is a request that the clock found silent for too long.
type overdue struct {
	slot    *slot
	id      uint32
	name    string
	method  string
	path    string
	age     time.Duration
	silence time.Duration
	closing bool // the response is complete, what follows it is not
}

// findOverdue collects what is overdue and decides its fate: the client gets
// its answer now. The pool's lock is held.
func (p *Pool) findOverdue(now time.Time) []overdue {
	var found []overdue
	for _, w := range p.live {
		for _, s := range w.slots {
			if s.late || s.deadline.IsZero() || now.Before(s.deadline.Add(s.unseen())) {
				continue
			}
			s.late = true
			found = append(found, overdue{slot: s, id: s.id, name: s.name, method: s.method, path: s.path,
				age: now.Sub(s.started), silence: s.silence, closing: s.state == slotClosing})
			_ = s.state.apply(slotTimeout) // legal in every state
			if r := s.release(); r != nil {
				r.response.fail(failTimeout())
			}
			w.checkQuiet()
		}
	}
	return found
}

// expel is the goroutine that replaces a worker with an overdue request: the
// log gets the stacks, the replacement boots at once, requests beside the
// overdue one get their remaining time but at most siblingGrace, then the
// worker is killed.
func (p *Pool) expel(o overdue) {
	defer p.tasks.Done()
	w := o.slot.worker
	reason := reasonTimeout
	if o.closing {
		reason = reasonCloseTimeout
	}
	drains := w.beginDrain(reason)
	if drains {
		p.replaceNow(w, reason)
	}
	o.report(w.stacks(o.id))
	timer := time.NewTimer(siblingGrace)
	defer timer.Stop()
	select {
	case <-w.quiet:
	case <-timer.C:
	case <-w.process.Exited():
	}
	w.kill(reason, failCrashed())
}

// report logs an overdue request with the stacks of all threads.
func (o *overdue) report(stacks string) {
	what := fmt.Sprintf("request silent for %v", o.silence)
	if o.closing {
		what = fmt.Sprintf("request not closed within %v of its response", closeTimeout)
	}
	o.slot.worker.log().Error(what, "request", o.name, "method", o.method, "path", o.path,
		"age", seconds(o.age), "stacks", stacks)
}

// seconds renders a duration for a log line.
func seconds(d time.Duration) string {
	return fmt.Sprintf("%.2fs", d.Seconds())
}
