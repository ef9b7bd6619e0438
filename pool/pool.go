package pool

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/appserve/appserve/pool/python"
	"github.com/hashicorp/go-hclog"
)

// maxThreads is how many descriptors one message can carry to a worker.
const maxThreads = 250

// Pool is one generation of one configured pool.
type Pool struct {
	config   Config
	options  Options
	log      hclog.Logger
	appLog   hclog.Logger
	now      func() time.Time
	launcher *launcher
	seats    []*seat
	finding  sync.Mutex // guards the launcher's interpreter
	boots    *bootTurns
	oom      *oomWatch
	full     rareLine // "queue full"
	waited   rareLine // "queue timeout"

	// life ends when the pool is told to end: nothing boots any more. ended is
	// closed when all processes are gone. tasks counts every goroutine.
	life    context.Context
	endLife context.CancelFunc
	ended   chan struct{}
	tasks   sync.WaitGroup
	booting sync.WaitGroup // boots in progress; none begins after retiring is set
	kick    chan struct{}  // wakes the clock
	drained chan struct{}  // wakes Retire when the queue is empty
	legacy  atomic.Bool    // workers read only the oldest marshal codes
	leaving time.Duration  // leaveTimeout, which tests shorten

	messages sync.Pool // *message
	loans    sync.Pool // *loan

	mu        sync.Mutex // held for nanoseconds; guards all below, and every worker's and slot's state
	live      []*worker  // from their start until nothing of them is left
	ready     []*worker  // those that may get requests
	queue     queue
	forward   *Pool // who gets the requests that arrive here
	uses      uint64
	ahead     int           // requests that stand behind another one
	service   time.Duration // of a request, on average
	scattered time.Time     // until when no answers are gathered
	looked    time.Time     // when the clock last looked which requests were begun
	ticking   time.Duration // how often the clock looks; 0: it sleeps
	down      bool          // no worker, and the last boot failed: requests are answered at once
	closed    bool          // no more requests are taken
	retiring  bool
	cut       int // requests that were given up since then
}

// New checks what can be checked without starting anything (identity, root
// refused, env_file readable) and returns a pool without processes. Every pool
// that New returned ends with Retire or Kill.
func New(c Config, o Options) (*Pool, error) {
	if c.Processes < 1 || c.Threads < 1 || c.Threads > maxThreads {
		return nil, fmt.Errorf("%s: pool %q: %d processes with %d threads; want at least 1 of each and at most %d threads",
			c.Declared, c.Name, c.Processes, c.Threads, maxThreads)
	}
	l, err := newLauncher(c, o)
	if err != nil {
		return nil, err
	}
	if o.ReadFile == nil {
		o.ReadFile = os.ReadFile
	}
	p := &Pool{
		config: c, options: o, launcher: l, boots: newBootTurns(), oom: newOOMWatch(o.ReadFile), now: o.Now,
		log: o.Logger.ResetNamed("pool"), appLog: o.Logger.ResetNamed("app"),
		service: serviceWeight * stuckAfter, // not short until it has shown
		leaving: leaveTimeout,
		ended:   make(chan struct{}), kick: make(chan struct{}, 1), drained: make(chan struct{}, 1),
	}
	if p.now == nil {
		p.now = steadyClock()
	}
	p.life, p.endLife = context.WithCancel(context.Background())
	for i := range c.Processes {
		p.seats = append(p.seats, newSeat(p, i))
	}
	p.warnReadable()
	p.tasks.Add(1)
	go p.runClock()
	return p, nil
}

// newLauncher resolves identity and environment.
func newLauncher(c Config, o Options) (*launcher, error) {
	now := identityNow{os.Geteuid(), os.Getegid()}
	who, err := findAccount(c, now)
	if err != nil {
		return nil, err
	}
	env, err := newEnvironment(c, o.Environ, who)
	if err != nil {
		return nil, fmt.Errorf("%s: pool %q: %w", c.Declared, c.Name, err)
	}
	return &launcher{
		config: c, generation: o.Generation, environment: env, credential: who.credential(now), spawner: o.Spawner,
		interpreter: o.Interpreter, bootstrap: python.Bootstrap, archive: python.Archive(),
	}, nil
}

// warnReadable warns about secrets that everybody can read.
func (p *Pool) warnReadable() {
	if p.config.EnvFile == "" {
		return
	}
	if info, err := os.Stat(p.config.EnvFile); err == nil && info.Mode().Perm()&0o004 != 0 {
		p.log.Warn("everybody can read env_file; chmod o-r it if it holds secrets", "pool", p.config.Name, "env_file", p.config.EnvFile)
	}
}

// Name is the pool's label.
func (p *Pool) Name() string { return p.config.Name }

// Interpreter is the Python of the workers; its Path is empty before BootCanary.
func (p *Pool) Interpreter() Interpreter {
	p.finding.Lock()
	defer p.finding.Unlock()
	return p.launcher.interpreter
}

// BootCanary boots the first worker. The error is a *BootError, already
// logged, or the context's.
func (p *Pool) BootCanary(ctx context.Context) error {
	return p.bootSeat(ctx, p.seats[0])
}

// ensureInterpreter finds the interpreter, unless that was done.
func (p *Pool) ensureInterpreter(ctx context.Context) error {
	p.finding.Lock()
	defer p.finding.Unlock()
	if p.launcher.interpreter.Path != "" {
		return nil
	}
	found, err := p.launcher.findInterpreter(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return p.bootError(nil, "interpreter", err)
	}
	p.launcher.interpreter = found
	return nil
}

// BootRest boots the other workers, as many at once as BootSlots allows. Any
// failure is an error and ends the boots of the others; the caller then kills
// the pool. Errors are as of BootCanary.
func (p *Pool) BootRest(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	rest := p.seats[1:]
	errs := make([]error, len(rest))
	var boots sync.WaitGroup
	for i, s := range rest {
		boots.Go(func() {
			if errs[i] = p.bootSeat(ctx, s); errs[i] != nil {
				cancel()
			}
		})
	}
	boots.Wait()
	for _, err := range errs {
		if err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
	}
	return errors.Join(errs...)
}

// bootSeat boots a worker for a seat that has none.
func (p *Pool) bootSeat(ctx context.Context, s *seat) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(p.life, cancel)()
	w, err := p.bootWorker(ctx, s.number, nil)
	if err != nil {
		p.reportBoot(s.number, err)
		return err
	}
	if !s.occupy(w) {
		w.kill(reasonStopped, failStopping())
		return context.Canceled
	}
	return nil
}

// KeepBooting is for the first start only, after a failed boot: the handler
// answers 503 boot_failed and the boot is retried with back-off until it succeeds.
func (p *Pool) KeepBooting() {
	p.mu.Lock()
	p.down = len(p.ready) == 0
	p.mu.Unlock()
	p.boots.failed("")
	for _, s := range p.seats {
		s.occupy(nil)
	}
}

// bootFailed takes note of a boot that failed while the pool lives.
func (p *Pool) bootFailed(seat int, err error) {
	first, news := p.boots.failed(err.Error())
	if news {
		p.reportBoot(seat, err)
	}
	if first {
		p.log.Warn("workers do not boot; trying again, one at a time, at most every 30s", "pool", p.config.Name)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.ready) == 0 {
		p.down = true
		p.failQueue(failBoot())
	}
}

// replaceSpent has a worker replaced that reached max_requests. The pool's lock is held.
func (p *Pool) replaceSpent(w *worker) {
	p.seats[w.seat].ask(order{worker: w, reason: reasonMaxRequests})
}

// replaceNow has a worker replaced that takes no requests any more.
func (p *Pool) replaceNow(w *worker, reason string) {
	p.seats[w.seat].ask(order{worker: w, reason: reason, now: true})
}

// recycle does what a worker asks: to be replaced.
func (p *Pool) recycle(w *worker, reason string) {
	if reason != reasonSIGTERM {
		p.seats[w.seat].ask(order{worker: w, reason: reason})
		return
	}
	if w.beginDrain(reason) { // it takes no more messages already
		w.log().Warn("worker got SIGTERM; it is replaced")
		p.replaceNow(w, reason)
		p.tasks.Add(1)
		go w.finishInBackground(p.config.GracefulTimeout)
	}
}

// forget removes a worker of which nothing is left.
func (p *Pool) forget(w *worker) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.Index(p.live, w); i >= 0 {
		p.live = slices.Delete(p.live, i, i+1)
	}
}
