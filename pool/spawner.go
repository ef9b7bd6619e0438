package pool

import (
	"os"
	"syscall"

	"github.com/appserve/appserve/pool/spawn"
)

// Spawner starts processes; the only code that forks stands behind it. It is
// in this process now, and can be behind a socket later.
type Spawner interface {
	Start(spec Spec) (Process, error)
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
	// SignalGroup signals everyone in the process's group, also after its
	// leader has ended; os.ErrProcessDone says that nobody is left.
	SignalGroup(syscall.Signal) error
}

// Spec, Credential and Status are the spawner's own.
type (
	Spec       = spawn.Spec
	Credential = spawn.Credential
	Status     = spawn.Status
)

// Spawn makes a Spawner out of the one in this process.
func Spawn(s *spawn.Spawner) Spawner { return spawnHere{s} }

type spawnHere struct {
	spawner *spawn.Spawner
}

// Start implements Spawner.
func (h spawnHere) Start(spec Spec) (Process, error) {
	process, err := h.spawner.Start(spec)
	if err != nil {
		return nil, err // not a Process that is nil
	}
	return process, nil
}
