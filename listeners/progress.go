package listeners

import (
	"errors"
	"io"
	"math"
	"net"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// A client that takes nothing of a response for sendPatience is given up: a
// worker or an upstream may be waiting behind it. How slowly it takes something
// does not matter. It is looked at twice in that time; and the deadline that
// does it moves only in steps, because moving it costs a timer.
const (
	sendPatience = 60 * time.Second
	patienceStep = 12
)

// progress keeps the deadline of writing ahead of a client that reads.
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

// send writes a piece of a response at the client's pace.
func (c *conn) send(p []byte) (n int, err error) {
	var seen look
	for {
		c.sending.extend(c.Conn)
		var m int
		if c.cork.in {
			m, err = c.writeCorked(p[n:])
		} else {
			m, err = c.Conn.Write(p[n:])
		}
		n += m
		if err == nil || seen.stalled(c.Conn, int64(m), err) {
			return n, err
		}
	}
}

// sendFile is send for a file. It goes on only where exactly what was taken
// from the file was sent; a copy without sendfile may have read more.
func (c *conn) sendFile(to io.ReaderFrom, file io.Reader) (n int64, err error) {
	part, ok := file.(*io.LimitedReader)
	if !ok {
		part = &io.LimitedReader{R: file, N: math.MaxInt64}
	}
	var seen look
	for {
		c.sending.extend(c.Conn)
		left := part.N
		m, err := to.ReadFrom(part)
		n += m
		if err == nil || left-part.N != m || seen.stalled(c.Conn, m, err) {
			return n, err
		}
	}
}
