package listeners

import (
	"io"
	"net"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// knock tells HTTP/2 by prior knowledge from HTTP/1.1 by the first bytes (RFC
// 9113, section 3.4). They are still there to be read afterwards.
func knock(nc net.Conn) (net.Conn, bool, error) {
	if s, ok := nc.(syscall.Conn); ok {
		is, err := peek(s)
		return nc, is, err
	}
	seen := make([]byte, 0, len(preface))
	for len(seen) < cap(seen) && strings.HasPrefix(preface, string(seen)) {
		n, err := nc.Read(seen[len(seen):cap(seen)])
		seen = seen[:len(seen)+n]
		if err != nil {
			return nil, false, err
		}
	}
	return &reread{Conn: nc, seen: seen}, string(seen) == preface, nil
}

// peek looks at what has arrived without taking it.
func peek(s syscall.Conn) (found bool, err error) {
	raw, err := s.SyscallConn()
	if err != nil {
		return false, err
	}
	var seen [len(preface)]byte
	failed := raw.Read(func(fd uintptr) bool {
		var n int
		for {
			if n, _, err = unix.Recvfrom(int(fd), seen[:], unix.MSG_PEEK); err != unix.EINTR {
				break
			}
		}
		switch {
		case err == unix.EAGAIN:
			err = nil
			return false
		case err != nil:
			return true
		case n == 0:
			err = io.EOF
			return true
		}
		found = n == len(seen) && string(seen[:]) == preface
		return found || !strings.HasPrefix(preface, string(seen[:n])) // else the next byte wakes us
	})
	if failed != nil {
		err = failed
	}
	return found, err
}

// reread is a connection some of which was read already.
type reread struct {
	net.Conn
	seen []byte
}

// Read implements net.Conn.
func (r *reread) Read(p []byte) (int, error) {
	if len(r.seen) > 0 {
		n := copy(p, r.seen)
		r.seen = r.seen[n:]
		return n, nil
	}
	return r.Conn.Read(p)
}
