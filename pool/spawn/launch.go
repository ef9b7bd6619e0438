package spawn

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// launch is one process being started: the descriptors it will get, as
// numbers that belong to the launch alone.
type launch struct {
	spec           Spec
	files          []uintptr // 0, 1, 2, ... of the new process
	owned          []int     // closed after the start
	stdout, stderr *os.File
	result         chan started
}

// started is the answer to a launch.
type started struct {
	process *Process
	err     error
}

// newLaunch opens standard input, makes the pipes and duplicates the files of
// spec. Nothing stays open after an error.
func newLaunch(spec Spec) (*launch, error) {
	l := &launch{spec: spec, result: make(chan started, 1)}
	err := l.addNull()
	if err == nil {
		l.stdout, err = l.addPipe("stdout")
	}
	if err == nil {
		l.stderr, err = l.addPipe("stderr")
	}
	for i := 0; err == nil && i < len(spec.Files); i++ {
		err = l.add(spec.Files[i])
	}
	if err != nil {
		l.release()
		l.closeReaders()
		return nil, err
	}
	return l, nil
}

// addNull gives the process an empty standard input.
func (l *launch) addNull() error {
	fd, err := unix.Open(os.DevNull, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("opening %s: %w", os.DevNull, err)
	}
	l.give(fd)
	return nil
}

// add duplicates f as the next descriptor. The number is taken through
// SyscallConn: Fd() would make the shared description blocking for everyone.
func (l *launch) add(f *os.File) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return fmt.Errorf("passing %s on: %w", f.Name(), err)
	}
	var fd int
	var dupErr error
	err = raw.Control(func(number uintptr) {
		fd, dupErr = unix.FcntlInt(number, unix.F_DUPFD_CLOEXEC, 3)
	})
	if err == nil {
		err = dupErr
	}
	if err != nil {
		return fmt.Errorf("passing %s on: %w", f.Name(), err)
	}
	l.give(fd)
	return nil
}

// addPipe gives the process the writing end of a new pipe, and us the reading
// one. Only ours is non-blocking: a program expects to be able to print.
func (l *launch) addPipe(name string) (*os.File, error) {
	var ends [2]int
	if err := unix.Pipe2(ends[:], unix.O_CLOEXEC); err != nil {
		return nil, fmt.Errorf("making a pipe for %s: %w", name, err)
	}
	l.give(ends[1])
	if err := unix.SetNonblock(ends[0], true); err != nil {
		unix.Close(ends[0])
		return nil, fmt.Errorf("making a pipe for %s: %w", name, err)
	}
	return os.NewFile(uintptr(ends[0]), name), nil
}

func (l *launch) give(fd int) {
	l.owned = append(l.owned, fd)
	l.files = append(l.files, uintptr(fd))
}

// release closes what only the new process keeps.
func (l *launch) release() {
	for _, fd := range l.owned {
		unix.Close(fd)
	}
	l.owned = nil
}

// closeReaders closes our ends of a process that never ran.
func (l *launch) closeReaders() {
	for _, f := range []*os.File{l.stdout, l.stderr} {
		if f != nil {
			f.Close()
		}
	}
}
