package listeners

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// cork makes a head wait for the file that follows it, so that both leave in
// full packets. It only ever waits in the kernel: whatever is sent next takes
// it along, and the kernel itself sends it after 200 ms (tcp(7), TCP_CORK).
type cork struct {
	in   bool // the next write is to wait
	held bool // something waits
}

// setCork puts the cork in or takes it out; what still waits then leaves. The
// exchange calls it around the head of a file, when no other goroutine writes.
func (c *conn) setCork(in bool) {
	held := c.cork.held
	c.cork = cork{in: in}
	if t, ok := c.Conn.(interface{ SetNoDelay(bool) error }); ok && held {
		_ = t.SetNoDelay(true) // it is set already; setting it again is what sends
	}
}

// writeCorked is Write with the cork in. One piece waits at most: whoever
// writes on has nothing that the kernel could not send by itself.
func (c *conn) writeCorked(p []byte) (n int, err error) {
	c.cork = cork{held: true}
	raw, err := c.Conn.(syscall.Conn).SyscallConn()
	if err != nil {
		return 0, err
	}
	failed := raw.Write(func(fd uintptr) bool {
		for n < len(p) {
			var sent int
			sent, err = unix.SendmsgN(int(fd), p[n:], nil, nil, unix.MSG_MORE|unix.MSG_NOSIGNAL)
			switch err {
			case nil:
				n += sent
			case unix.EINTR:
			case unix.EAGAIN:
				return false
			default:
				return true
			}
		}
		return true
	})
	if failed != nil { // a deadline passed or the connection was closed; err may still be EAGAIN
		err = failed
	}
	return n, err
}
