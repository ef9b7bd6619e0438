package pool

import (
	"syscall"
	"time"

	"github.com/appserve/appserve/pool/link"
)

// Bounds of a worker's end.
const (
	// siblingGrace is what requests beside an overdue one still get.
	siblingGrace = 10 * time.Second
	// leaveTimeout is how long a worker without requests may take to exit:
	// threads that are no daemons and exit hooks can hang for ever.
	leaveTimeout = 10 * time.Second
	// sessionGrace lies between SIGTERM and SIGKILL for what a worker leaves behind.
	sessionGrace = 5 * time.Second
	sessionPoll  = 50 * time.Millisecond
)

// finish is the goroutine that ends a draining worker: what it holds may
// finish within grace (0: no limit), then it is told to leave, then killed. It
// returns when the whole session is gone.
func (w *worker) finish(grace time.Duration) {
	var overdue <-chan time.Time
	if grace > 0 {
		timer := time.NewTimer(grace)
		defer timer.Stop()
		overdue = timer.C
	}
	select {
	case <-w.quiet:
		w.leave()
	case <-overdue:
		w.log().Warn("graceful_timeout passed; worker killed", "in_flight", w.countHeld())
		w.kill(reasonRetired, failStopping())
	case <-w.process.Exited():
	}
	<-w.gone
	w.reportLostWhileDraining()
}

// reportLostWhileDraining names a worker that died although it was only to
// finish: nobody replaces it, so nobody else says so.
func (w *worker) reportLostWhileDraining() {
	w.pool.mu.Lock()
	lost, crashed := w.inFlight, w.verdict == nil || w.verdict.reason == failCrashed().reason
	w.inFlight = 0 // said once
	w.pool.mu.Unlock()
	if lost > 0 && crashed {
		w.log().Warn("worker died while it drained", "cause", causeOf(w.process.Status()), "in_flight", lost)
	}
}

// finishInBackground is finish as a goroutine of its own.
func (w *worker) finishInBackground(grace time.Duration) {
	defer w.pool.tasks.Done()
	w.finish(grace)
}

// leave tells a worker that holds nothing to exit, and kills it when it does not.
func (w *worker) leave() {
	p := w.pool
	p.mu.Lock()
	_ = w.state.move(workerDraining, workerClosing) // else it is being killed or dead
	p.mu.Unlock()
	if err := w.control.Send(link.EncodeDrain(), nil); err != nil {
		w.log().Debug("drain not delivered", "error", err)
	}
	for _, s := range w.slots {
		_ = s.conn.CloseWrite() // fails when the worker is gone already
	}
	if w.exitsWithin(p.leaving) {
		return
	}
	w.log().Warn("worker does not exit; killed", "after", p.leaving, "stacks", w.stacks(0))
	w.kill(reasonRetired, failStopping())
}

// countHeld counts the requests that somebody still waits for.
func (w *worker) countHeld() int {
	w.pool.mu.Lock()
	defer w.pool.mu.Unlock()
	return w.held()
}

// held counts the requests that somebody still waits for. The pool's lock is held.
func (w *worker) held() int {
	n := 0
	for _, s := range w.slots {
		n += s.held()
	}
	return n
}

// watch is the goroutine that waits for the end of the process and cleans up
// behind it, in the order of runtime.md D3: the process is what lives or dies,
// and what it left on its links is still taken. It ends with the last reader.
func (w *worker) watch() {
	defer w.pool.tasks.Done()
	<-w.process.Exited()
	p := w.pool
	w.stopListening()
	p.mu.Lock()
	p.withdraw(w)
	_ = w.state.move(w.state, workerDead) // legal from every state but dead
	switch {
	case w.verdict != nil:
	case w.process.Status().Code == exitLinkClosed:
		w.verdict = failLinkClosed()
	default:
		w.verdict = failCrashed()
	}
	p.recallAll(w) // at once: a reader may be waiting for its client
	w.inFlight = w.held()
	p.countCut(w.inFlight)
	past := time.Unix(1, 0)
	for _, s := range w.slots {
		_ = s.conn.SetReadDeadline(past) // fails only when closed already
	}
	p.mu.Unlock()
	close(w.dead)
	w.clearSession()
	w.output.finish()
	close(w.gone)
	<-w.settled
	w.readers.Wait()
	_ = w.control.Close()
	if w.bodies != nil {
		_ = w.bodies.Close()
	}
	p.forget(w)
}

// stopListening ends serveControl once it has read what the worker said last,
// which may be why it ended.
func (w *worker) stopListening() {
	_ = w.control.SetReadDeadline(time.Unix(1, 0)) // fails only when closed already
	w.pool.mu.Lock()
	serving := w.serving
	w.pool.mu.Unlock()
	if serving {
		<-w.listened
	}
}

// clearSession ends what the worker left behind in its session.
func (w *worker) clearSession() {
	if w.process.SignalGroup(syscall.SIGTERM) != nil {
		return // nobody is left
	}
	ticker := time.NewTicker(sessionPoll)
	defer ticker.Stop()
	for range sessionGrace / sessionPoll {
		<-ticker.C
		if w.process.SignalGroup(0) != nil {
			return
		}
	}
	w.log().Warn("processes that the worker left behind ignore SIGTERM; killed")
	w.signalGroup(syscall.SIGKILL)
}
