package listeners

import (
	"errors"
	"net"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// patienceStep says in how many steps a deadline moves, because moving it
// costs a timer.
const patienceStep = 12

// progress keeps the deadline of writing ahead of a client that reads, where
// the engine of HTTP/1.1 does not: a client that takes nothing of a response
// for its patience is given up, because a worker or an upstream may be waiting
// behind it. How slowly it takes something does not matter. It is looked at
// twice in that time.
type progress struct {
	patience time.Duration
	moved    time.Time // when the deadline was moved
}

// extend gives the next write its time.
func (p *progress) extend(nc net.Conn) {
	step := p.patience / patienceStep
	if now := time.Now(); now.Sub(p.moved) >= step {
		p.moved = now
		_ = nc.SetWriteDeadline(now.Add(p.patience / 2))
	}
}

// look is what was seen of a client when a deadline passed.
type look struct {
	before bool
	queued int // bytes that the kernel held for it
}

// stalled reports whether a write is over: because it failed, or because the
// client took nothing since the last look. The kernel calls a socket writable
// only when a third of its buffer is free, so that sent = 0 alone means little.
func (l *look) stalled(nc net.Conn, sent int64, err error) bool {
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return true
	}
	last := *l
	*l = look{before: true, queued: queued(nc)}
	return sent == 0 && last.before && l.queued >= last.queued
}

// queued is how many bytes the client has not confirmed yet; 0 when the kernel
// does not tell.
func queued(nc net.Conn) (n int) {
	sc, ok := nc.(syscall.Conn)
	if !ok {
		return 0
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return 0
	}
	_ = raw.Control(func(fd uintptr) {
		n, _ = unix.IoctlGetInt(int(fd), unix.SIOCOUTQ)
	})
	return n
}
