package h1

import (
	"errors"
	"io"
	"net/http"
	"os"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// awaited is what a connection reads for, and so whose clock runs.
type awaited int

const (
	first  awaited = iota // the first byte of the first request
	later                 // the first byte of another one
	rest                  // the rest of a head
	inBody                // a body; the handler's clock
	reply                 // nothing: somebody else answers the request
	last                  // what nobody wants any more
)

// past is a deadline that has passed.
const past = 1

var errTimeOver = os.ErrDeadlineExceeded

func isTimeout(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }

// reading is the receiving side of a connection. Times are those of watch; 0
// is none.
type reading struct {
	kind  awaited
	until int64 // deadline of what is awaited
	armed int64 // deadline that the socket has; it may have been changed to past by others

	byHandler atomic.Int64 // deadline that the handler set for the body
	blocked   atomic.Bool  // a body's reader waits

	target   []byte // nil: the free space of the desk, whichever it is then
	n        int
	err      error
	received int64        // bytes that belong to the request
	tunnel   atomic.Int64 // bytes after a hijack
}

// await says what is read from now on, and until when.
func (c *Conn) await(what awaited, until int64) { c.in.kind, c.in.until = what, until }

// readHead reads until the head of a request is complete or refused. Neither:
// there is none, because the client or its time has gone.
func (c *Conn) readHead() (size int, refusal *Refusal) {
	for {
		if d := c.desk; d != nil && d.in.unread() > 0 {
			size, refusal = d.head.advance(d.in.bytes(), &c.engine.rows)
			if size > 0 || refusal != nil {
				return size, refusal
			}
			if c.in.kind != rest {
				c.phase.Store(int32(Partial))
				c.await(rest, c.headDeadline())
			}
		}
		if err := c.fill(); err != nil {
			if isTimeout(err) && c.in.kind == rest && c.desk.head.begun(c.desk.in.bytes()) {
				return 0, &Refusal{
					Status: http.StatusRequestTimeout, Detail: "head not complete within header_timeout",
					Size: int64(c.desk.in.unread()), Fields: len(c.desk.head.fields),
				}
			}
			return 0, nil
		}
	}
}

// headDeadline is when a head that began has to be complete. For a new
// connection the time runs since it was accepted.
func (c *Conn) headDeadline() int64 {
	if c.in.kind == first {
		return c.in.until
	}
	return c.after(c.engine.rows.HeaderTimeout)
}

// fill reads at least one byte into the desk's buffer. While nothing of a
// request is there, waiting holds no desk.
func (c *Conn) fill() error {
	n, err := c.read(nil)
	if n > 0 {
		c.desk.in.w += n
	}
	return err
}

// read reads once, as long as the time lets it. A nil p is the free space of
// the desk, which is taken when there is something to read.
func (c *Conn) read(p []byte) (int, error) {
	for {
		n, err := c.attempt(p)
		if n > 0 {
			return n, nil
		}
		if err == nil {
			return 0, io.EOF
		}
		if !isTimeout(err) {
			c.context.cancel() // a reset, or we closed it
			return 0, err
		}
		if err := c.lateInTurn(); err != nil {
			return 0, err
		}
		p = c.in.target // nil when the desk was given back meanwhile: its space is another's by now
	}
}

// attempt reads once; what it returns as a timeout may be none.
func (c *Conn) attempt(p []byte) (int, error) {
	c.in.target, c.in.n, c.in.err = p, 0, nil
	if c.raw == nil {
		c.arm()
		n, err := c.nc.Read(c.target())
		c.in.blocked.Store(false)
		if err == io.EOF {
			err = nil
		}
		return n, err
	}
	err := c.raw.Read(c.pull)
	c.in.blocked.Store(false)
	if err != nil {
		return 0, err
	}
	return c.in.n, c.in.err
}

// target is where to read into.
func (c *Conn) target() []byte {
	if c.in.target != nil {
		return c.in.target
	}
	if c.desk == nil {
		c.desk = c.engine.desks.take()
	}
	return c.desk.in.room()
}

// tryRead is one attempt, as syscall.RawConn calls it: false waits. A
// connection without a request puts its desk back before it waits.
func (c *Conn) tryRead(fd uintptr) bool {
	c.turn.mu.Lock() // who answers the request may be about to give the desk back
	defer c.turn.mu.Unlock()
	p := c.target()
	for {
		n, err := readNow(fd, p)
		switch err {
		case nil:
			c.in.n = n
			if n > 0 {
				c.turn.takeBack()
			}
			return true
		case unix.EINTR:
		case unix.EAGAIN:
			if c.desk != nil && c.in.kind <= later && c.desk.in.unread() == 0 {
				c.engine.desks.give(c.desk)
				c.desk = nil
			}
			c.arm()
			return false
		default:
			c.in.err = os.NewSyscallError("read", err)
			return true
		}
	}
}

// pending reports whether something has arrived that nobody read.
func (c *Conn) pending() bool {
	if c.fd < 0 || c.closed.Load() {
		return false
	}
	ask := []unix.PollFd{{Fd: int32(c.fd), Events: unix.POLLIN}}
	n, err := pollNow(ask)
	return err == nil && n == 1 && ask[0].Revents&unix.POLLIN != 0
}

// setReadDeadline sets the handler's deadline for the body.
func (c *Conn) setReadDeadline(at int64) {
	c.in.byHandler.Store(at)
	if c.in.blocked.Load() {
		c.wake()
	}
}
