package spawn

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
)

// Process is a process that was started here. It leads its own session and
// process group.
type Process struct {
	pid            int
	stdout, stderr *os.File
	exited         chan struct{}

	// reaping is the spawner's: held for reading while a signal is sent and
	// for writing while statuses are collected, so that a signal never hits
	// another process that got the same number meanwhile.
	reaping   *sync.RWMutex
	reaped    bool
	status    Status
	groupGone bool // nobody is left in the process group, and its number is free
}

// PID is the number of the process, and of its session and group.
func (p *Process) PID() int { return p.pid }

// Stdout is the reading end of the standard output; the caller closes it. It
// may stay open after the process has ended, while a grandchild holds it.
func (p *Process) Stdout() *os.File { return p.stdout }

// Stderr is the reading end of the standard error; as Stdout.
func (p *Process) Stderr() *os.File { return p.stderr }

// Exited is closed once the process has ended and was reaped.
func (p *Process) Exited() <-chan struct{} { return p.exited }

// Status is how the process ended; the zero Status until Exited is closed.
func (p *Process) Status() Status {
	p.reaping.RLock()
	defer p.reaping.RUnlock()
	return p.status
}

// Signal sends sig to the process; os.ErrProcessDone when it has ended. For
// a process of another user it needs CAP_KILL.
func (p *Process) Signal(sig syscall.Signal) error {
	p.reaping.RLock()
	defer p.reaping.RUnlock()
	if p.reaped {
		return os.ErrProcessDone
	}
	if err := syscall.Kill(p.pid, sig); err != nil {
		return fmt.Errorf("sending signal %d to process %d: %w", int(sig), p.pid, err)
	}
	return nil
}

// SignalGroup sends sig to everyone in the group of the process, also after
// it has ended itself; os.ErrProcessDone when nobody is left.
func (p *Process) SignalGroup(sig syscall.Signal) error {
	p.reaping.RLock()
	defer p.reaping.RUnlock()
	if p.groupGone {
		return os.ErrProcessDone
	}
	err := syscall.Kill(-p.pid, sig)
	if errors.Is(err, syscall.ESRCH) {
		return os.ErrProcessDone
	}
	if err != nil {
		return fmt.Errorf("sending signal %d to the group of process %d: %w", int(sig), p.pid, err)
	}
	return nil
}

// finish records how the process ended; the caller holds reaping for writing.
// A group without its leader keeps the number taken, an empty one does not,
// so that is looked at while the number cannot have been given away yet.
func (p *Process) finish(s Status) {
	p.reaped, p.status = true, s
	p.groupGone = errors.Is(syscall.Kill(-p.pid, 0), syscall.ESRCH)
	close(p.exited)
}
