package spawn

import (
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// run is the spawner's goroutine, from New to Close. It never gives its
// thread back: the thread ends with it.
func (s *Spawner) run(ready chan<- error) {
	runtime.LockOSThread()
	if unix.Gettid() == os.Getpid() {
		// The main thread never ends, and /proc/PID shows its attributes.
		// While we hold it the next goroutine cannot land on it.
		other := make(chan error)
		go s.run(other)
		ready <- <-other
		runtime.UnlockOSThread()
		return
	}
	t, err := prepare(s.logger)
	if err != nil {
		ready <- err
		return
	}
	s.thread = t
	ready <- nil
	defer close(s.done)
	defer signal.Stop(s.sigchld)
	s.serve()
}

// serve starts, collects and adopts until Close.
func (s *Spawner) serve() {
	for {
		select {
		case l := <-s.launches:
			l.result <- s.start(l)
		case <-s.sigchld:
			s.collect()
			s.orphans.reap(s.children)
		case <-s.orphans.due:
			s.orphans.census(s.logger, s.children)
		case c := <-s.closing:
			c.result <- s.end(c.ctx)
			return
		}
	}
}

// start runs one launch.
func (s *Spawner) start(l *launch) started {
	pid, err := s.thread.fork(l)
	if err != nil {
		return started{err: err}
	}
	p := &Process{
		pid:     pid,
		stdout:  l.stdout,
		stderr:  l.stderr,
		exited:  make(chan struct{}),
		reaping: &s.reaping,
	}
	s.children[pid] = p
	return started{process: p}
}

// collect takes the statuses of all our processes that have ended. With
// __WNOTHREAD only children of this thread are waited for, which are exactly
// those: the kernel hangs orphans on the main thread, and other code of this
// binary forks on its own threads. No status is taken from anyone else, and
// none of ours hides behind a zombie that somebody else is to collect.
func (s *Spawner) collect() {
	s.reaping.Lock()
	defer s.reaping.Unlock()
	for {
		var ws syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &ws, syscall.WNOHANG|unix.WNOTHREAD, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil || pid <= 0 { // ECHILD, or nobody has ended
			return
		}
		p := s.children[pid]
		if p == nil { // an orphan after all
			s.orphans.forget(pid)
			continue
		}
		delete(s.children, pid)
		p.finish(statusOf(ws))
		s.orphans.left(p, time.Second)
	}
}
