package pool

import (
	"encoding/hex"
	"errors"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/appserve/appserve/pool/link"
)

// worker is one process of a pool.
type worker struct {
	pool    *Pool
	seat    int // its stable number in the pool, APPSERVE_SLOT
	process Process
	control *link.Conn
	bodies  *link.Conn // files of large request bodies, each ahead of its request
	slots   []*slot
	output  *output
	readers sync.WaitGroup // one per slot
	begun   time.Time

	// Set during boot, constant afterwards.
	hello link.Hello
	kind  string // the application's interface
	limit int    // requests after which a replacement boots; 0: never

	dumps    chan *link.Dump // answers to dump requests
	dumping  sync.Mutex      // one at a time
	listened chan struct{}   // closed when serveControl has ended
	settled  chan struct{}   // closed when the boot has succeeded or failed for good
	dead     chan struct{}   // closed when the process has ended
	gone     chan struct{}   // closed when its whole session has

	// Under the pool's lock.
	state    workerState
	serving  bool   // it was ready once
	reason   string // why it ends, when we want it to; "" otherwise
	joined   bool   // it may get requests
	spent    bool   // a replacement was asked for, because it had its number of requests
	idle     []*slot
	busy     int
	served   int
	used     uint64 // larger: used later
	id       uint32
	inFlight int           // requests that ran when the process ended
	quiet    chan struct{} // closed when it drains and nothing worth waiting for runs
	isQuiet  bool
	verdict  *failure // what becomes of requests that run when the process ends
}

// Reasons for which a worker ends because we want it to.
const (
	reasonRetired      = "retired"
	reasonStopped      = "stopped"
	reasonBoot         = "did not boot"
	reasonMaxRequests  = "max_requests"
	reasonTimeout      = "request timeout"
	reasonCloseTimeout = "close timeout"
	reasonProtocol     = "link protocol broken"
	reasonLinkClosed   = "link_closed"
	reasonSIGTERM      = "sigterm" // somebody sent it the signal
)

// log returns the log for lines about the worker.
func (w *worker) log() workerLog {
	return workerLog{w.pool.log, w.pool.config.Name, w.seat, w.process.PID()}
}

// nextID returns an id for a request: counting up, never 0. The pool's lock is held.
func (w *worker) nextID() uint32 {
	w.id++
	if w.id == 0 {
		w.id = 1
	}
	return w.id
}

// exitsWithin waits for the end of the process.
func (w *worker) exitsWithin(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-w.process.Exited():
		return true
	case <-timer.C:
		return false
	}
}

// beginDrain takes the worker out of dispatch. It is false when the worker has
// ended, or was told to end before; the first reason stays.
func (w *worker) beginDrain(reason string) bool {
	p := w.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := w.state.move(workerReady, workerDraining); err != nil {
		return false
	}
	w.reason = reason
	p.withdraw(w)
	if p.forward != nil || !p.closed { // else nobody but this worker can run it
		p.recallAll(w)
	}
	w.checkQuiet()
	return true
}

// checkQuiet notices that a draining worker runs nothing that is worth waiting
// for: nothing at all, or only requests that were given up. The pool's lock is held.
func (w *worker) checkQuiet() {
	if w.isQuiet || w.state == workerReady {
		return
	}
	for _, s := range w.slots {
		if s.state.busy() && !s.late {
			return
		}
	}
	w.isQuiet = true
	close(w.quiet)
}

// kill ends the whole session of the worker at once. What runs gets verdict;
// the reason given first stays.
func (w *worker) kill(reason string, verdict *failure) {
	w.condemn(reason, verdict)
	w.signalGroup(syscall.SIGKILL)
}

// condemn takes everything from a worker that is about to be killed. It says
// whether this is why: false, another reason came before.
func (w *worker) condemn(reason string, verdict *failure) bool {
	p := w.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	if w.state != workerDead && w.state != workerClosing {
		_ = w.state.move(w.state, workerClosing) // legal from every state but those
		p.withdraw(w)
		p.recallAll(w)
	}
	if w.verdict == nil {
		w.verdict = verdict
	}
	if w.reason != "" {
		return false
	}
	w.reason = reason
	return true
}

// signalGroup signals the worker's session.
func (w *worker) signalGroup(sig syscall.Signal) {
	if err := w.process.SignalGroup(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		w.log().Error("cannot signal a worker", "signal", sig, "error", err)
	}
}

// breakLink ends a worker that broke the protocol: nothing of it is believed
// or read any more.
func (w *worker) breakLink(thread int, broken *link.ProtocolError) {
	if w.condemn(reasonProtocol, failProtocol()) { // one line, though junk may be on every slot
		w.log().Error("worker killed: it broke the link's protocol", "thread", thread, "what", broken.What,
			"first_bytes", hex.EncodeToString(broken.First))
	}
	w.signalGroup(syscall.SIGKILL)
	_ = w.control.Close()
	for _, s := range w.slots {
		_ = s.conn.Close()
	}
}

// disbelieve is breakLink as a goroutine of its own.
func (w *worker) disbelieve(thread int, broken *link.ProtocolError) {
	defer w.pool.tasks.Done()
	w.breakLink(thread, broken)
}

// loseLink replaces a worker whose process lives but whose link does not.
func (w *worker) loseLink(thread int) {
	if w.ends() || !w.condemn(reasonLinkClosed, failLinkClosed()) {
		return
	}
	w.log().Error("worker killed: the application closed its link to appserve", "thread", thread, "reason", reasonLinkClosed)
	w.signalGroup(syscall.SIGKILL)
}

// suspect is the goroutine that follows a send which failed: usually the
// process is just ending.
func (w *worker) suspect(thread int) {
	defer w.pool.tasks.Done()
	if !w.exitsWithin(exitGrace) {
		w.loseLink(thread)
	}
}

// ends says whether the worker was told to end.
func (w *worker) ends() bool {
	w.pool.mu.Lock()
	defer w.pool.mu.Unlock()
	return w.reason != ""
}

// cancel tells the worker that nobody waits for a request any more.
func (w *worker) cancel(id uint32, reason int) {
	if err := w.control.Send(link.EncodeCancel(id, reason), nil); err != nil {
		w.log().Debug("cancel not delivered", "error", err)
	}
}

// postpone sets the next number of requests after which a replacement boots.
func (w *worker) postpone() {
	p := w.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	if w.limit > 0 {
		w.limit, w.spent = w.served+p.requestLimit(), false
	}
}

// countServed is the number of requests that the worker was given.
func (w *worker) countServed() int {
	w.pool.mu.Lock()
	defer w.pool.mu.Unlock()
	return w.served
}
