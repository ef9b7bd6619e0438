package pool

import (
	"os"
	"syscall"
)

// Spawner starts processes; the only code that forks stands behind it.
type Spawner interface {
	Start(Spec) (Process, error)
}

// Spec is one process to start. Standard input is /dev/null, standard output
// and error are pipes.
type Spec struct {
	Path string
	Args []string // without argv[0], which is Path
	Env  []string
	Dir  string // "": as appserve
	// Files become descriptors 3, 4, ...; the caller still owns them.
	Files      []*os.File
	Credential *Credential // nil: as appserve runs
	Umask      int         // -1: inherited
}

// Credential is the identity of a process, numerically.
type Credential struct {
	UID    uint32
	GID    uint32
	Groups []uint32
}

// Process is a started process, leader of its own session.
type Process interface {
	PID() int
	// Stdout and Stderr are the reading ends; the caller closes them.
	Stdout() *os.File
	Stderr() *os.File
	// Exited is closed once the process has been reaped; Status is valid then.
	Exited() <-chan struct{}
	Status() Status
	Signal(syscall.Signal) error
	// SignalGroup signals the whole session's process group, also after its
	// leader has ended; an error says that nobody is left.
	SignalGroup(syscall.Signal) error
}

// Status is how a process ended.
type Status struct {
	Code   int            // exit status; -1 when ended by a signal
	Signal syscall.Signal // 0 when it exited by itself
	Text   string         // "signal 9 (killed)", "exit status 3"
}

// String is the text for a log line.
func (s Status) String() string { return s.Text }
