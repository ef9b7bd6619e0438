package pool

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"github.com/appserve/appserve/pool/link"
)

// helloTimeout is how long an interpreter may take to say anything at all.
const helloTimeout = 10 * time.Second

// bootWorker starts one worker and waits until it is ready. started, when not
// nil, is told the process number as soon as there is one. The error is a
// *BootError, not logged, or the context's.
func (p *Pool) bootWorker(ctx context.Context, seat int, started func(pid int)) (*worker, error) {
	if !p.beginBoot() {
		return nil, context.Canceled
	}
	defer p.booting.Done()
	if err := p.options.BootSlots.acquire(ctx); err != nil {
		return nil, err
	}
	defer p.options.BootSlots.release()
	if err := p.ensureInterpreter(ctx); err != nil {
		return nil, err
	}
	w, err := p.startWorker(seat)
	if err != nil {
		return nil, p.bootError(nil, "start", err)
	}
	if started != nil {
		started(w.process.PID())
	}
	stop := context.AfterFunc(ctx, func() { _ = w.control.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	err = w.boot(ctx)
	if err == nil && !stop() {
		err = ctx.Err()
	}
	if err != nil {
		w.dismiss()
		w.addStderr(err)
		return nil, err
	}
	p.serveWorker(w)
	return w, nil
}

// dismiss ends a worker that did not boot.
func (w *worker) dismiss() {
	w.kill(reasonBoot, failStopping())
	<-w.gone
	for _, s := range w.slots {
		s.close() // no reader was started
	}
	close(w.settled)
}

// serveWorker gives a booted worker its readers and its first requests.
func (p *Pool) serveWorker(w *worker) {
	w.readers.Add(len(w.slots))
	for _, s := range w.slots {
		go s.read()
	}
	p.mu.Lock()
	w.serving = true
	p.tasks.Add(1)
	go w.serveControl(make([]byte, link.ReceiveBuffer))
	retiring := p.retiring
	if w.state == workerReady && !retiring {
		p.join(w)
	}
	p.mu.Unlock()
	close(w.settled)
	p.pump()
	if retiring {
		w.kill(reasonStopped, failStopping()) // it was ready too late
		return
	}
	w.log().Info("worker ready", "interface", w.kind, "boot", seconds(p.now().Sub(w.begun)))
}

// beginBoot counts a boot; false when the pool is ending. Whoever ends it
// waits for the boots that have begun, so that no process starts behind its back.
func (p *Pool) beginBoot() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.retiring {
		return false
	}
	p.booting.Add(1)
	return true
}

// startWorker starts a process and what looks after it. From here on its
// goroutines own its descriptors.
func (p *Pool) startWorker(seat int) (*worker, error) {
	process, conn, err := p.launcher.start(seat)
	if err != nil {
		return nil, err
	}
	w := &worker{
		pool: p, seat: seat, process: process, control: conn, begun: p.now(), limit: p.requestLimit(),
		dumps: make(chan *link.Dump, 1), listened: make(chan struct{}), settled: make(chan struct{}),
		dead: make(chan struct{}), gone: make(chan struct{}), quiet: make(chan struct{}),
	}
	w.output = newOutput(workerLog{p.appLog, p.config.Name, seat, process.PID()}, process.Stdout(), process.Stderr())
	p.mu.Lock()
	p.live = append(p.live, w)
	p.mu.Unlock()
	p.tasks.Add(1)
	go w.watch()
	return w, nil
}

// requestLimit is max_requests with the worker's share of the jitter.
func (p *Pool) requestLimit() int {
	if p.config.MaxRequests <= 0 {
		return 0
	}
	return p.config.MaxRequests + rand.IntN(max(p.config.MaxRequestsJitter, 0)+1)
}

// boot speaks with a new worker until it is ready.
func (w *worker) boot(ctx context.Context) error {
	buf := make([]byte, link.ReceiveBuffer)
	hello, err := w.expectHello(ctx, buf)
	if err != nil {
		return err
	}
	w.hello = *hello
	if err := w.sendStart(); err != nil {
		return w.pool.bootError(w, "start", err)
	}
	ready, err := w.expectReady(ctx, buf)
	if err != nil {
		return err
	}
	w.kind = ready.Interface
	p := w.pool
	p.mu.Lock()
	err = w.state.move(workerBooting, workerReady)
	p.mu.Unlock()
	if err != nil {
		return p.bootError(w, "ready", errors.New(w.ended("the worker ended as soon as it was ready")))
	}
	_ = w.control.SetReadDeadline(time.Time{}) // fails only when closed, which the next receive says
	return nil
}

// expectHello waits for the first message of the interpreter.
func (w *worker) expectHello(ctx context.Context, buf []byte) (*link.Hello, error) {
	message, err := w.await(ctx, buf, helloTimeout)
	if errors.Is(err, link.ErrEmpty) {
		err = errors.New(w.ended(fmt.Sprintf("the interpreter did not start: it said nothing within %v", helloTimeout)))
	}
	if err != nil {
		return nil, w.pool.bootError(w, "hello", err)
	}
	hello, ok := message.(*link.Hello)
	switch {
	case !ok:
		return nil, w.pool.bootError(w, "hello", fmt.Errorf("the worker began with %T, not with hello", message))
	case hello.Protocol != link.Protocol:
		return nil, w.pool.bootError(w, "hello",
			fmt.Errorf("the worker speaks protocol %d, not %d: this is a bug in appserve", hello.Protocol, link.Protocol))
	}
	p := w.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := w.state.move(workerStarting, workerBooting); err != nil {
		return nil, w.pool.bootError(w, "hello", err)
	}
	if hello.Legacy() {
		p.legacy.Store(true)
	}
	return hello, nil
}

// sendStart creates the slots and tells the worker what to run. We keep a hold
// on the worker's ends, to take back what it does not begin.
func (w *worker) sendStart() error {
	c := &w.pool.config
	theirs := make([]*os.File, 0, c.Threads+1)
	for i := range c.Threads {
		conn, file, err := link.Pair("slot")
		if err != nil {
			return err
		}
		unread, err := link.NewUnread(file)
		if err != nil {
			_ = conn.Close()
			return errors.Join(err, file.Close())
		}
		theirs = append(theirs, file)
		w.pool.mu.Lock()
		w.slots = append(w.slots, newSlot(w, i, conn, unread))
		w.pool.mu.Unlock()
	}
	bodies, file, err := link.Pair("bodies")
	if err != nil {
		return err
	}
	defer file.Close()
	w.bodies = bodies
	theirs = append(theirs, file)
	message, err := link.Start{
		Pool: c.Name, Slot: w.seat, Generation: w.pool.options.Generation, App: c.App, Interface: c.Interface,
		Chdir: c.Chdir, PythonPath: c.PythonPath, Threads: c.Threads, GC: c.GC,
	}.Encode()
	if err != nil {
		return err
	}
	if err := w.control.SendFiles(message, theirs); err != nil {
		return fmt.Errorf("%s: %w", w.ended("sending the start message"), err)
	}
	return nil
}

// expectReady waits for the application.
func (w *worker) expectReady(ctx context.Context, buf []byte) (*link.Ready, error) {
	timeout := w.pool.config.BootTimeout
	message, err := w.await(ctx, buf, timeout)
	if errors.Is(err, link.ErrEmpty) {
		return nil, w.notReady(buf, timeout)
	}
	if err != nil {
		return nil, w.pool.bootError(w, "import", err)
	}
	switch m := message.(type) {
	case *link.Ready:
		return m, nil
	case *link.Failed:
		return nil, w.loadError(m)
	}
	return nil, w.pool.bootError(w, "import", fmt.Errorf("the worker answered start with %T", message))
}

// notReady says why READY did not come: the process ended, or boot_timeout
// passed, and then where it hangs.
func (w *worker) notReady(buf []byte, timeout time.Duration) error {
	select {
	case <-w.process.Exited():
		return w.pool.bootError(w, "import", errors.New(w.ended("")))
	default:
	}
	e := w.pool.bootError(w, "ready", fmt.Errorf("the application was not ready within boot_timeout (%v)", timeout))
	if w.control.Send(link.EncodeDump(), nil) == nil {
		if message, err := w.await(context.Background(), buf, dumpTimeout); err == nil {
			if d, ok := message.(*link.Dump); ok {
				e.Traceback = formatStacks(d.Threads, 0)
			}
		}
	}
	return e
}

// await receives one control message; link.ErrEmpty when none came in time,
// before the process ended, or before ctx did.
func (w *worker) await(ctx context.Context, buf []byte, timeout time.Duration) (any, error) {
	deadline := time.Time{}
	if timeout > 0 {
		deadline = time.Now().Add(timeout)
	}
	_ = w.control.SetReadDeadline(deadline) // fails only when closed
	if ctx.Err() != nil || w.hasExited() {  // their deadline was overwritten
		_ = w.control.SetReadDeadline(time.Unix(1, 0))
	}
	message, err := w.receiveControl(buf)
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return message, err
}

// hasExited says whether the process has ended.
func (w *worker) hasExited() bool {
	select {
	case <-w.process.Exited():
		return true
	default:
		return false
	}
}

// ended describes how the process ended, or says otherwise when it lives.
func (w *worker) ended(otherwise string) string {
	if !w.exitsWithin(exitGrace) {
		return otherwise
	}
	if w.hello.Protocol == 0 {
		return "the interpreter did not start: it ended with " + w.process.Status().String()
	}
	return "the worker ended while it loaded the application: " + w.process.Status().String()
}
