package listeners

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// readAvailable reads what has arrived on a connection, whatever its deadline
// says, and does not wait: 0 when there is nothing.
func readAvailable(c net.Conn, p []byte) int {
	s, ok := c.(syscall.Conn)
	if !ok {
		return 0
	}
	raw, err := s.SyscallConn()
	if err != nil {
		return 0
	}
	n := 0
	err = raw.Control(func(fd uintptr) {
		n, err = unix.Read(int(fd), p)
	})
	if err != nil || n < 0 {
		return 0
	}
	return n
}
