package spawn

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"sync"

	"github.com/hashicorp/go-hclog"
	"golang.org/x/sys/unix"
)

// ErrClosed is the answer to a Start after Close.
var ErrClosed = errors.New("the spawner is closed")

// Spawner starts processes and collects their ends.
type Spawner struct {
	logger       hclog.Logger
	leaveOrphans bool
	session      int // ours: what shares it was not started here

	launches chan *launch
	closing  chan closure
	done     chan struct{} // closed when the spawner's goroutine has ended
	sigchld  chan os.Signal
	reaping  sync.RWMutex // see Process

	// Of the spawner's goroutine alone.
	thread   *thread
	children map[int]*Process
	orphans  orphans
}

// New starts the spawner's thread. An appserve makes one Spawner and closes
// it last. SIGCHLD is caught from then on, and no descriptor above 2 that was
// inherited is passed on.
func New(o Options) (*Spawner, error) {
	if o.Logger == nil {
		o.Logger = hclog.NewNullLogger()
	}
	s := &Spawner{
		logger:       o.Logger,
		leaveOrphans: o.LeaveOrphans,
		launches:     make(chan *launch),
		closing:      make(chan closure),
		done:         make(chan struct{}),
		sigchld:      make(chan os.Signal, 1),
		children:     map[int]*Process{},
	}
	if err := s.open(); err != nil {
		return nil, err
	}
	return s, nil
}

// open makes the process ready for children and starts the goroutine.
func (s *Spawner) open() error {
	if err := closeOnExec(); err != nil {
		return err
	}
	session, err := unix.Getsid(0)
	if err != nil {
		return fmt.Errorf("asking for our session: %w", err)
	}
	s.session = session
	if !s.leaveOrphans {
		if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
			return fmt.Errorf("becoming the reaper of orphans: %w", err)
		}
		s.orphans = newOrphans(session)
	}
	// Before the first start: whoever started us may have had SIGCHLD
	// ignored, and then the kernel would throw the statuses away.
	signal.Notify(s.sigchld, unix.SIGCHLD)
	ready := make(chan error, 1)
	go s.run(ready)
	if err := <-ready; err != nil {
		signal.Stop(s.sigchld)
		return err
	}
	return nil
}

// Start starts a process. An error names what was to be started, where and as
// whom; it wraps the kernel's answer, or ErrClosed.
func (s *Spawner) Start(spec Spec) (*Process, error) {
	l, err := newLaunch(spec)
	if err != nil {
		return nil, fmt.Errorf("starting %s: %w", describe(spec), err)
	}
	defer l.release()
	var r started
	select {
	case s.launches <- l:
		r = <-l.result
	case <-s.done:
		r.err = ErrClosed
	}
	if r.err != nil {
		l.closeReaders()
		return nil, fmt.Errorf("starting %s: %w", describe(spec), r.err)
	}
	return r.process, nil
}

// Close ends what is left: processes that were started and not ended by their
// owner, and adopted ones. It ends the spawner's thread in any case; an error
// names what was still alive when ctx ended. Further calls wait for the first.
func (s *Spawner) Close(ctx context.Context) error {
	c := closure{ctx: ctx, result: make(chan error, 1)}
	select {
	case s.closing <- c:
		return <-c.result
	case <-s.done:
		return nil
	}
}

// describe names a spec in an error.
func describe(spec Spec) string {
	var b strings.Builder
	b.WriteString(spec.Path)
	if spec.Dir != "" {
		fmt.Fprintf(&b, " in %s", spec.Dir)
	}
	if c := spec.Credential; c != nil {
		fmt.Fprintf(&b, " as uid %d, gid %d", c.UID, c.GID)
	}
	return b.String()
}
