package spawn

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"github.com/hashicorp/go-hclog"
	"golang.org/x/sys/unix"
)

// thread is what is special about the spawner's thread. Its methods run there.
type thread struct {
	logger hclog.Logger
	// shared: the umask could not be separated from the other threads'.
	// Docker's default seccomp profile refuses unshare(2).
	shared bool
	// mayKill: we may signal processes of other users. Without it even the
	// parent death signal does not reach them (tried).
	mayKill bool
	me      identity
	warned  map[string]bool
}

// What is said once, when it first matters.
const (
	warnUmask = "the umask of a process cannot be set apart from ours, because unshare(2) is refused here; ours changes for a moment at each start"
	warnKill  = "processes run as another user, and appserve may not signal them: it could not end one that hangs. Add CAP_KILL to AmbientCapabilities"
)

// prepare separates the calling thread from the others and takes away what no
// new process may inherit.
func prepare(logger hclog.Logger) (*thread, error) {
	t := &thread{logger: logger, me: ourIdentity(), warned: map[string]bool{}}
	t.shared = unix.Unshare(unix.CLONE_FS) != nil
	// The name is for people who look at threads; nothing depends on it.
	_ = os.WriteFile("/proc/thread-self/comm", []byte("appserve-spawn"), 0)
	_ = yieldToFront() // refused to some, who lose a little speed
	caps, err := dropInheritable()
	t.mayKill = caps[0].Effective&(1<<unix.CAP_KILL) != 0
	return t, err
}

// yieldToFront has all that the calling thread starts run as SCHED_BATCH: it
// has its share of the processors as before, but does not interrupt whoever
// wakes it up. A worker that is sent a request would otherwise take the
// processor of the front, which has more to send, and sleep again after each.
// Another policy is somebody's decision, and stays.
func yieldToFront() error {
	attributes, err := unix.SchedGetAttr(0, 0)
	if err != nil || attributes.Policy != unix.SCHED_NORMAL {
		return err
	}
	attributes.Policy = unix.SCHED_BATCH
	return unix.SchedSetAttr(0, attributes, 0)
}

// capabilities are those of a thread, as the kernel splits them.
type capabilities [2]unix.CapUserData

// dropInheritable clears the ambient and the inheritable capabilities of the
// calling thread and returns the others. Ambient ones would pass through
// setuid and exec into the application, which could then become root.
func dropInheritable() (capabilities, error) {
	var caps capabilities
	err := unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
	if err != nil && !errors.Is(err, unix.EINVAL) { // EINVAL: Linux before 4.3 has none
		return caps, fmt.Errorf("clearing the ambient capabilities: %w", err)
	}
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	if err := unix.Capget(&header, &caps[0]); err != nil {
		return caps, fmt.Errorf("reading the capabilities: %w", err)
	}
	if caps[0].Inheritable == 0 && caps[1].Inheritable == 0 {
		return caps, nil
	}
	caps[0].Inheritable, caps[1].Inheritable = 0, 0
	if err := unix.Capset(&header, &caps[0]); err != nil {
		return caps, fmt.Errorf("clearing the inheritable capabilities: %w", err)
	}
	return caps, nil
}

// fork starts the process of l and returns its number.
func (t *thread) fork(l *launch) (int, error) {
	defer t.umask(l.spec.Umask)()
	if c := l.spec.Credential; c != nil && c.UID != t.me.uid && !t.mayKill {
		t.warn(warnKill)
	}
	argv := append([]string{l.spec.Path}, l.spec.Args...)
	return syscall.ForkExec(l.spec.Path, argv, &syscall.ProcAttr{
		Dir:   l.spec.Dir,
		Env:   l.spec.Env,
		Files: l.files,
		Sys: &syscall.SysProcAttr{
			Setsid:     true,
			Pdeathsig:  syscall.SIGKILL,
			Credential: t.me.change(l.spec.Credential),
		},
	})
}

// umask sets the umask for one start and returns what puts the old one back.
// On a shared one the whole of appserve has it for that millisecond; that is
// still better than an application with a wrong umask for good.
func (t *thread) umask(mask int) (restore func()) {
	if mask < 0 {
		return func() {}
	}
	old := unix.Umask(mask)
	if t.shared && old != mask {
		t.warn(warnUmask)
	}
	return func() { unix.Umask(old) }
}

// warn says something once.
func (t *thread) warn(what string) {
	if !t.warned[what] {
		t.warned[what] = true
		t.logger.Warn(what)
	}
}
