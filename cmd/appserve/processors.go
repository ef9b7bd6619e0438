package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"
	"golang.org/x/sys/unix"
)

// How the use of processors is watched.
const (
	watchBusy = 100 * time.Millisecond // the interval, while there is something to do
	watchIdle = time.Second            // and while there is not
	idleUse   = 0.01                   // of a processor: up to here there is not
	// fewerAfter is how many intervals in a row must have done with fewer.
	fewerAfter = 20
)

// processors keeps the number of processors that Go uses as small as the work
// of this process allows, and no smaller.
//
// Go wakes a second thread whenever it resumes a goroutine while a processor
// of its own is idle, in case more is to come. Here the processors belong to
// the workers: one is interrupted for nothing, and finds its caches cold. One
// processor carries tens of thousands of requests per second, so mostly one is
// enough. There are more as soon as that one is used up and the machine has
// others to spare.
type processors struct {
	logger hclog.Logger
	most   int               // what Go found when it started
	look   func() machineUse // at the processors, now
	set    func(int)
	done   chan struct{} // closed when watch has ended

	mu       sync.Mutex
	current  int
	calm     int // intervals in a row in which fewer would have done
	borrowed int // how many times all are asked for
	before   int // the number before that
}

// machineUse is what was used of the machine's processors until some moment.
type machineUse struct {
	at        time.Time
	used      time.Duration // by this process
	idle      float64       // by nobody, in seconds of all processors; they may be centuries
	idleKnown bool
}

// newProcessors begins with one processor. An operator's GOMAXPROCS wins: nil
// then, which is good for all methods.
func newProcessors(logger hclog.Logger) *processors {
	if _, set := os.LookupEnv("GOMAXPROCS"); set {
		return nil
	}
	p := &processors{
		logger: logger, most: runtime.GOMAXPROCS(0), look: lookAtMachine, done: make(chan struct{}),
		set: func(n int) { runtime.GOMAXPROCS(n) },
	}
	p.current = p.most
	p.change(1)
	return p
}

// start watches until the returned function is called, which leaves Go all that
// it found.
func (p *processors) start() (stop func()) {
	if p == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.Background())
	go p.watch(ctx)
	return func() {
		cancel()
		<-p.done
		p.borrow()
	}
}

// watch is the goroutine that adjusts the number; it ends with ctx.
func (p *processors) watch(ctx context.Context) {
	defer close(p.done)
	timer := time.NewTimer(watchBusy)
	defer timer.Stop()
	for last := p.look(); ; {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		now := p.look()
		share := now.since(last)
		last = now
		if p.adjust(share) == 1 && share.used <= idleUse {
			timer.Reset(watchIdle)
		} else {
			timer.Reset(watchBusy)
		}
	}
}

// borrow asks for all processors until the returned function is called: for
// work in one piece that requests must not wait behind, such as a reload.
func (p *processors) borrow() (giveBack func()) {
	if p == nil {
		return func() {}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.borrowed++; p.borrowed == 1 {
		p.before = p.current
		p.change(p.most)
	}
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.borrowed--; p.borrowed == 0 {
			p.change(p.before)
		}
	}
}

// machineShare is what was used during an interval, in processors.
type machineShare struct {
	used, idle float64
}

// describe is the share for a log line.
func (s machineShare) describe() []any {
	return []any{"used", fmt.Sprintf("%.2f", s.used), "idle", fmt.Sprintf("%.2f", s.idle)}
}

// since is what was used after an earlier look. Where nobody says what is
// idle, enough is.
func (m machineUse) since(earlier machineUse) machineShare {
	interval := max(m.at.Sub(earlier.at), time.Millisecond).Seconds()
	share := machineShare{used: (m.used - earlier.used).Seconds() / interval, idle: float64(runtime.NumCPU())}
	if m.idleKnown && earlier.idleKnown {
		share.idle = (m.idle - earlier.idle) / interval
	}
	return share
}

// adjust takes the next number from what was used during the last interval.
// Twice as many come at once, half of them go after some time.
func (p *processors) adjust(share machineShare) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	fewer := float64(p.current / 2)
	switch {
	case p.borrowed > 0:
	case p.current < p.most && share.used > 0.8*float64(p.current) && share.idle > 0.5:
		p.calm = 0
		p.change(min(2*p.current, p.most), share.describe()...)
	case p.current > 1 && (share.used < fewer/2 || share.used < fewer && share.idle < 0.1):
		if p.calm++; p.calm >= fewerAfter {
			p.calm = 0
			p.change(p.current/2, share.describe()...)
		}
	default:
		p.calm = 0
	}
	return p.current
}

// change sets the number, and logs it with what it was taken from. The lock is held.
func (p *processors) change(n int, from ...any) {
	if n == p.current {
		return
	}
	p.logger.Debug("processors", append([]any{"now", n, "before", p.current}, from...)...)
	p.current = n
	p.set(n)
}

// lookAtMachine reads what this process has used and what nobody has: waiting
// for a disk is not idle, and in a container it is all of the machine that is
// seen. A machine that says it was never idle does not know (gVisor).
func lookAtMachine() machineUse {
	m := machineUse{at: time.Now()}
	var usage unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &usage) == nil {
		m.used = time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	}
	var up float64
	if text, err := os.ReadFile("/proc/uptime"); err == nil {
		n, _ := fmt.Sscan(string(text), &up, &m.idle)
		m.idleKnown = n == 2 && m.idle > 0
	}
	return m
}
