package pool

import (
	"context"
	"slices"
	"sync"
	"time"
)

// HandOver moves the queued requests to another pool in arrival order; those
// that arrive here later are forwarded to it too (runtime.md D8). What runs
// here stays here.
func (p *Pool) HandOver(to *Pool) {
	if p == to {
		return
	}
	p.moveQueue(to)
	to.pump()
}

// moveQueue is HandOver under the locks.
func (p *Pool) moveQueue(to *Pool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, w := range p.live {
		p.recallAll(w)
	}
	to.mu.Lock()
	defer to.mu.Unlock()
	p.forward = to
	for r := p.queue.first; r != nil; r = r.after {
		r.pool.Store(to)
	}
	to.queue.merge(&p.queue)
	to.wantClock(to.queueTick())
	p.checkDrained()
}

// Retire ends the pool: what is queued (unless it was handed over) and running
// finishes within graceful_timeout, then the kill ladder. It returns when all
// processes are gone, or after killing them when ctx ends. It says how many
// requests finished and how many were cut. Only the first call does anything.
func (p *Pool) Retire(ctx context.Context) (finished, cut int) {
	total, first := p.beginRetire()
	if !first {
		<-p.ended
		return 0, 0
	}
	p.endLife()
	defer context.AfterFunc(ctx, p.killAll)()
	deadline := time.Time{}
	if p.config.GracefulTimeout > 0 {
		deadline = p.now().Add(p.config.GracefulTimeout)
	}
	p.awaitEmptyQueue(ctx, deadline)
	p.close()
	p.endWorkers(deadline)
	close(p.ended)
	cut = p.countCuts()
	finished = max(total-cut, 0)
	p.log.Info("retired", "pool", p.config.Name, "generation", p.options.Generation, "finished", finished, "cut", cut)
	return finished, cut
}

// beginRetire counts what the pool holds; first is false when it is ending already.
func (p *Pool) beginRetire() (total int, first bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.retiring {
		return 0, false
	}
	p.retiring = true
	total = p.queue.length
	for _, w := range p.live {
		total += w.held()
	}
	return total, true
}

// countCut counts requests that are given up because the pool ends. The
// pool's lock is held.
func (p *Pool) countCut(n int) {
	if p.retiring {
		p.cut += n
	}
}

// countCuts is the number of requests that were given up.
func (p *Pool) countCuts() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cut
}

// awaitEmptyQueue lets the workers take what waits; when nothing does, the
// pool is closed in the same moment, so that nothing is taken back any more.
func (p *Pool) awaitEmptyQueue(ctx context.Context, deadline time.Time) {
	var overdue <-chan time.Time
	if !deadline.IsZero() {
		timer := time.NewTimer(deadline.Sub(p.now()))
		defer timer.Stop()
		overdue = timer.C
	}
	for {
		p.mu.Lock()
		p.closed = p.closed || p.queue.length == 0 || len(p.ready) == 0
		closed := p.closed
		p.mu.Unlock()
		if closed {
			return
		}
		select {
		case <-p.drained:
		case <-overdue:
			return
		case <-ctx.Done():
			return
		}
	}
}

// checkDrained wakes Retire when the queue is empty. The pool's lock is held.
func (p *Pool) checkDrained() {
	if p.retiring && p.queue.length == 0 {
		signal(p.drained)
	}
}

// close takes no more requests and gives up those that wait.
func (p *Pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.countCut(p.queue.length)
	p.failQueue(failStopping())
}

// failQueue gives up all requests that wait. The pool's lock is held.
func (p *Pool) failQueue(f *failure) {
	for r := p.queue.pop(); r != nil; r = p.queue.pop() {
		r.waiting = false
		r.response.fail(f)
	}
	p.checkDrained()
}

// endWorkers drains all workers, those whose boot is being cut short last. No
// process is left.
func (p *Pool) endWorkers(deadline time.Time) {
	p.finishAll(deadline)
	p.booting.Wait()
	p.finishAll(deadline)
}

// finishAll drains all workers.
func (p *Pool) finishAll(deadline time.Time) {
	p.mu.Lock()
	workers := slices.Clone(p.live)
	p.mu.Unlock()
	var ends sync.WaitGroup
	for _, w := range workers {
		ends.Go(func() {
			grace := time.Duration(0)
			if !deadline.IsZero() {
				grace = max(deadline.Sub(p.now()), time.Millisecond)
			}
			w.beginDrain(reasonRetired) // else somebody ends it already
			w.finish(grace)
		})
	}
	ends.Wait()
}

// Kill ends all processes at once and waits for them; it is idempotent.
func (p *Pool) Kill() {
	_, first := p.beginRetire()
	p.endLife()
	p.close()
	p.killAll()
	if !first {
		<-p.ended
		return
	}
	p.endWorkers(time.Time{})
	close(p.ended)
}

// killAll kills every process of the pool.
func (p *Pool) killAll() {
	p.mu.Lock()
	workers := slices.Clone(p.live)
	p.mu.Unlock()
	for _, w := range workers {
		w.kill(reasonStopped, failStopping())
	}
}
