package socket

import (
	"fmt"
	"net"
	"os"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// firstInherited is where systemd puts the first socket (sd_listen_fds).
const firstInherited = 3

// Inherited are the sockets that systemd passed to this process, by name. They
// stay open as long as we live, so that a listener may go and come back.
type Inherited struct {
	files map[string][]*os.File
}

// Environment is what TakeInherited needs of the process: os has both.
type Environment struct {
	Getenv   func(string) string
	Unsetenv func(string) error
	PID      int
}

// TakeInherited takes over what LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES
// announce: each descriptor gets FD_CLOEXEC and the variables leave the
// environment, so that no child takes them for its own. Sockets meant for
// another process are left alone. It is called once, at the start.
func TakeInherited(e Environment) (*Inherited, error) {
	pid, count, names := e.Getenv("LISTEN_PID"), e.Getenv("LISTEN_FDS"), e.Getenv("LISTEN_FDNAMES")
	for _, name := range []string{"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"} {
		if err := e.Unsetenv(name); err != nil {
			return nil, fmt.Errorf("cleaning the environment: %w", err)
		}
	}
	taken := &Inherited{files: map[string][]*os.File{}}
	if count == "" || pid != "" && pid != strconv.Itoa(e.PID) {
		return taken, nil
	}
	n, err := strconv.Atoi(count)
	if err != nil || n < 0 || n > 1024 {
		return nil, fmt.Errorf("LISTEN_FDS=%q is no number of sockets", count)
	}
	return taken, taken.take(n, names)
}

func (in *Inherited) take(n int, names string) error {
	label := strings.Split(names, ":")
	for i := range n {
		fd := firstInherited + i
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_SETFD, unix.FD_CLOEXEC); err != nil {
			return fmt.Errorf("descriptor %d of LISTEN_FDS=%d is not open: %w", fd, n, err)
		}
		if err := unix.SetNonblock(fd, true); err != nil {
			return fmt.Errorf("descriptor %d of LISTEN_FDS: %w", fd, err)
		}
		name := "unknown" // what sd_listen_fds_with_names calls it
		if i < len(label) && label[i] != "" {
			name = label[i]
		}
		in.files[name] = append(in.files[name], os.NewFile(uintptr(fd), "systemd:"+name))
	}
	return nil
}

// Names are the names there are, sorted.
func (in *Inherited) Names() []string {
	if in == nil {
		return nil
	}
	names := make([]string, 0, len(in.files))
	for name := range in.files {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func (in *Inherited) listeners(name string) ([]net.Listener, error) {
	if in == nil || len(in.files[name]) == 0 {
		return nil, fmt.Errorf("systemd passed no socket named %q%s", name, in.hint())
	}
	var opened []net.Listener
	for _, f := range in.files[name] {
		l, err := duplicate(f)
		if err != nil {
			for _, l := range opened {
				l.Close()
			}
			return nil, fmt.Errorf("socket %q from systemd: %w", name, err)
		}
		opened = append(opened, l)
	}
	return opened, nil
}

func (in *Inherited) hint() string {
	if names := in.Names(); len(names) > 0 {
		return "; there are: " + strings.Join(names, ", ")
	}
	return "; give the .socket unit FileDescriptorName= and start appserve through it"
}

// duplicate makes a listener of an inherited socket and keeps the socket. It
// never asks f for Fd, which belongs to net.FileListener alone.
func duplicate(f *os.File) (net.Listener, error) {
	raw, err := f.SyscallConn()
	if err != nil {
		return nil, err
	}
	copied := -1
	err = control(raw, func(fd int) error {
		if kind, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE); err != nil || kind != unix.SOCK_STREAM {
			return fmt.Errorf("not a stream socket")
		}
		copied, err = unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, firstInherited)
		return err
	})
	if err != nil {
		return nil, err
	}
	file := os.NewFile(uintptr(copied), f.Name())
	defer file.Close()
	return fileListener(file)
}
