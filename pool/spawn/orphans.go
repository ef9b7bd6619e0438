package spawn

import (
	"errors"
	"os"
	"syscall"
	"time"

	"github.com/hashicorp/go-hclog"
	"golang.org/x/sys/unix"
)

// orphans are the processes that were handed to appserve when their parents
// ended. They are reaped; the living ones are named once, and ended by Close.
// The zero value leaves all of them alone. Of the spawner's goroutine alone.
type orphans struct {
	enabled bool
	session int
	// inherited are the children appserve had before its program was even
	// started ("sleep 1000 & exec appserve" in an entrypoint). As PID 1 we are
	// the only one who can reap them.
	inherited map[int]bool
	named     map[int]bool
	groups    map[int]bool // of our ended processes, which their owners still look after
	due       <-chan time.Time
}

// newOrphans adopts from now on; session is ours.
func newOrphans(session int) orphans {
	o := orphans{
		enabled:   true,
		session:   session,
		inherited: map[int]bool{},
		named:     map[int]bool{},
		groups:    map[int]bool{},
	}
	if os.Getpid() == 1 {
		for _, pid := range adoptedBy(1) {
			o.inherited[pid] = true
		}
	}
	return o
}

// list is every orphan, ended or not. Children in our own session were started
// by other code of this binary; all that starts here leads a session of its own.
func (o *orphans) list(ours map[int]*Process) []int {
	if !o.enabled {
		return nil
	}
	var pids []int
	for _, pid := range adoptedBy(os.Getpid()) {
		session, err := unix.Getsid(pid)
		if err != nil || ours[pid] != nil || (session == o.session && !o.inherited[pid]) {
			continue
		}
		pids = append(pids, pid)
	}
	return pids
}

// reap collects the ended ones. Once more when something was found: the list
// is read while it changes.
func (o *orphans) reap(ours map[int]*Process) {
	for found := true; found; {
		found = false
		for _, pid := range o.list(ours) {
			got, err := syscall.Wait4(pid, nil, syscall.WNOHANG, nil)
			if err == nil && got == pid {
				o.forget(pid)
				found = true
			}
		}
	}
}

// forget drops one that was reaped.
func (o *orphans) forget(pid int) {
	delete(o.inherited, pid)
	delete(o.named, pid)
}

// left is told that one of our processes has ended, and asks for a census
// soon: what it leaves behind may just be ending too.
func (o *orphans) left(p *Process, delay time.Duration) {
	if !o.enabled {
		return
	}
	if !p.groupGone {
		o.groups[p.pid] = true
	}
	if o.due == nil {
		o.due = time.After(delay)
	}
}

// census names, once, every orphan that nobody looks after: it left the group
// of the process it descends from, so no kill ladder reaches it.
func (o *orphans) census(logger hclog.Logger, ours map[int]*Process) {
	o.due = nil
	for group := range o.groups {
		if errors.Is(syscall.Kill(-group, 0), syscall.ESRCH) {
			delete(o.groups, group)
		}
	}
	for _, pid := range o.list(ours) {
		group, err := unix.Getpgid(pid)
		if err != nil || o.named[pid] || o.groups[group] || ours[group] != nil {
			continue
		}
		o.named[pid] = true
		logger.Warn("a process outlived the one that started it; it will be ended when appserve stops",
			"pid", pid, "command", commandOf(pid),
			"pool", environOf(pid, "APPSERVE_POOL"), "slot", environOf(pid, "APPSERVE_SLOT"))
	}
}

// kill ends every orphan.
func (o *orphans) kill(ours map[int]*Process) {
	for _, pid := range o.list(ours) {
		// An error shows in that it is still there later.
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}
