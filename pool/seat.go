package pool

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/go-hclog"
)

// seat is the stable place of one worker in a pool, APPSERVE_SLOT. Its
// goroutine keeps a worker in it: it alone decides when another one boots.
type seat struct {
	pool   *Pool
	number int
	orders chan order
	deaths backoff // of workers that were ready
	worker *worker // of the goroutine, once it runs
	taken  bool    // the goroutine runs; under the pool's lock
}

// order asks a seat to replace its worker.
type order struct {
	worker *worker
	reason string
	now    bool // it takes no requests any more; else the replacement is ready first
}

// maxOrders is more than one worker can cause.
const maxOrders = 8

func newSeat(p *Pool, number int) *seat {
	return &seat{pool: p, number: number, orders: make(chan order, maxOrders)}
}

// ask gives the seat an order; a seat with many has one for this worker already.
func (s *seat) ask(o order) {
	select {
	case s.orders <- o:
	default:
	}
}

// occupy starts the goroutine with a worker, or with none to boot one. False:
// it runs already, or the pool is ending.
func (s *seat) occupy(w *worker) bool {
	p := s.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	if s.taken || p.life.Err() != nil {
		return false
	}
	s.taken, s.worker = true, w
	p.tasks.Add(1)
	go s.run()
	return true
}

// run is the seat's goroutine; it ends with the life of the pool.
func (s *seat) run() {
	p := s.pool
	defer p.tasks.Done()
	ctx := p.life
	if s.worker == nil {
		s.worker = s.reboot(ctx, 0, nil)
	}
	for s.worker != nil {
		select {
		case <-ctx.Done():
			return
		case <-s.worker.dead:
			s.worker = s.succeed(ctx, s.worker)
		case o := <-s.orders:
			switch {
			case o.worker != s.worker:
			case o.now:
				s.worker = s.reboot(ctx, 0, func(pid int) {
					o.worker.log().Warn("worker replaced", "reason", o.reason, "replaced_by", pid)
				})
			default:
				s.overlap(ctx, o.reason)
			}
		}
	}
}

// succeed replaces a worker that died: at once the first time, then ever later.
func (s *seat) succeed(ctx context.Context, w *worker) *worker {
	d := s.obituary(w)
	if d.sound || d.wanted {
		s.deaths.succeeded()
	}
	s.deaths.failed()
	delay := s.deaths.delay(1)
	if delay > 0 {
		s.reportDeath(d, "next_try", seconds(delay))
		return s.reboot(ctx, delay, nil)
	}
	return s.reboot(ctx, 0, func(pid int) { s.reportDeath(d, "replaced_by", pid) })
}

// reboot boots workers until one is ready; nil when the life of the pool ended
// before. started is told the number of the first process.
func (s *seat) reboot(ctx context.Context, delay time.Duration, started func(pid int)) *worker {
	p := s.pool
	for {
		turn, wait := p.boots.begin(ctx)
		if !sleep(ctx, max(delay, wait)) {
			p.boots.end(turn)
			return nil
		}
		delay = 0
		w, err := p.bootWorker(ctx, s.number, func(pid int) {
			if started != nil {
				started(pid)
				started = nil
			}
		})
		if err == nil {
			p.boots.succeeded()
			p.boots.end(turn)
			return w
		}
		ended := isEnd(ctx, err)
		if !ended {
			p.bootFailed(s.number, err)
		}
		p.boots.end(turn)
		if ended {
			return nil
		}
	}
}

// overlap replaces a worker that still works: the new one is ready before the
// old one stops. When it does not boot the old one goes on.
func (s *seat) overlap(ctx context.Context, reason string) {
	p, old := s.pool, s.worker
	w, err := p.bootWorker(ctx, s.number, nil)
	if err != nil {
		if !isEnd(ctx, err) {
			p.reportBoot(s.number, err)
			old.log().Warn("the replacement did not boot; the old worker goes on", "reason", reason)
			old.postpone()
		}
		return
	}
	s.worker = w
	if !old.beginDrain(reason) {
		s.buried(old)
		return
	}
	old.log().Info("worker recycled", "reason", reason, "requests", old.countServed(), "replaced_by", w.process.PID())
	p.tasks.Add(1)
	go old.finishInBackground(p.config.GracefulTimeout)
}

// buried reports a worker that died while its replacement booted.
func (s *seat) buried(old *worker) {
	select {
	case <-old.dead:
		s.reportDeath(s.obituary(old), "replaced_by", s.worker.process.PID())
	default: // it is being killed, and whoever does that says so
	}
}

// isEnd says whether a boot failed only because the pool ends.
func isEnd(ctx context.Context, err error) bool {
	return ctx.Err() != nil || errors.Is(err, context.Canceled)
}

// sleep waits; false when ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// levelOf keeps a worker that dies again and again from filling the log.
func (s *seat) levelOf() hclog.Level {
	const loud = 3
	if s.deaths.failures <= loud {
		return hclog.Warn
	}
	return hclog.Debug
}
