package socket

import (
	"errors"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// Drain accepts what waits in the backlog of a listener until there is
// nothing more, because closing a listener resets it. The caller has stopped
// accepting by setting a deadline in the past; Drain does not care for it.
func Drain(l net.Listener) ([]net.Conn, error) {
	c, ok := l.(syscall.Conn)
	if !ok {
		return nil, nil
	}
	raw, err := c.SyscallConn()
	if err != nil {
		return nil, err
	}
	var conns []net.Conn
	var failed error
	err = raw.Control(func(fd uintptr) { conns, failed = drain(int(fd)) })
	return conns, errors.Join(err, failed)
}

func drain(listening int) (conns []net.Conn, err error) {
	for {
		fd, _, err := unix.Accept4(listening, unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK)
		switch {
		case errors.Is(err, unix.EAGAIN):
			return conns, nil
		case errors.Is(err, unix.EINTR), errors.Is(err, unix.ECONNABORTED):
			continue
		case err != nil:
			return conns, os.NewSyscallError("accept4", err)
		}
		f := os.NewFile(uintptr(fd), "accepted")
		c, err := net.FileConn(f)
		f.Close()
		if err != nil {
			return conns, err
		}
		if t, ok := c.(*net.TCPConn); ok {
			_ = t.SetNoDelay(true) // as Accept does
		}
		conns = append(conns, c)
	}
}
