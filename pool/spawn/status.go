package spawn

import (
	"fmt"
	"syscall"
)

// Status is how a process ended.
type Status struct {
	Code   int            // exit status; -1 when a signal ended it
	Signal syscall.Signal // 0 when it exited by itself
	Core   bool           // the signal left a core dump
}

// statusOf reads what wait4 reported.
func statusOf(ws syscall.WaitStatus) Status {
	if ws.Signaled() {
		return Status{Code: -1, Signal: ws.Signal(), Core: ws.CoreDump()}
	}
	return Status{Code: ws.ExitStatus()}
}

// String is the status for a log line: "exit status 3", "signal 9 (killed)".
func (s Status) String() string {
	if s.Signal == 0 {
		return fmt.Sprintf("exit status %d", s.Code)
	}
	number := fmt.Sprintf("signal %d", int(s.Signal))
	core := ""
	if s.Core {
		core = ", core dumped"
	}
	if name := s.Signal.String(); name != number { // real-time signals have no name
		return number + " (" + name + core + ")"
	}
	return number + core
}
