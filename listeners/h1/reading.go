package h1

import (
	"errors"
	"io"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// awaited is what a connection reads for, and so whose clock runs.
type awaited int

const (
	first  awaited = iota // the first byte of the first request
	later                 // the first byte of another one
	rest                  // the rest of a head
	inBody                // a body; the handler's clock
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

// after is the time a duration from now; 0 for none.
func (c *Conn) after(d time.Duration) int64 {
	if d <= 0 {
		return 0
	}
	return c.engine.watch.now() + int64(d)
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
		if err := c.late(); err != nil {
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
	p := c.target()
	for {
		n, err := readNow(fd, p)
		switch err {
		case nil:
			c.in.n = n
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

// deadline is when waiting has to end as things stand; 0: never.
func (c *Conn) deadline() int64 {
	retired := c.retired.Load()
	switch in := &c.in; in.kind {
	case first:
		if retired == 0 {
			return in.until
		}
		return earlier(in.until, retired+int64(lastCall))
	case later:
		if retired != 0 {
			return past
		}
		if in.until == 0 && c.engine.rows.KeepaliveTimeout > 0 {
			in.until = c.engine.watch.clock.Load() + int64(c.engine.rows.KeepaliveTimeout+lookStep)
		}
		return in.until
	case inBody:
		return in.byHandler.Load()
	default:
		return in.until
	}
}

// earlier of two deadlines.
func earlier(a, b int64) int64 {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// arm gives the socket its deadline, because reading is about to wait. One
// that comes too early stays: moving it costs more than looking again, since
// most connections have something to read before. Whoever changes what
// deadline gives calls wake after it; either arm or wake sees the other.
func (c *Conn) arm() {
	in := &c.in
	if in.kind == inBody {
		in.blocked.Store(true)
	}
	for {
		want := c.deadline()
		if in.armed != 0 && in.armed <= want && in.armed > c.engine.watch.clock.Load() || want == in.armed && want == 0 {
			return
		}
		c.setArmed(want)
		if c.deadline() == want {
			return
		}
	}
}

func (c *Conn) setArmed(want int64) {
	c.in.armed = want
	at := time.Time{}
	if want != 0 {
		at = c.engine.watch.base.Add(time.Duration(want))
	}
	_ = c.nc.SetReadDeadline(at) // it fails on a closed connection, and so will reading
}

// wake makes a reader look at its deadline again.
func (c *Conn) wake() { _ = c.nc.SetReadDeadline(time.Unix(1, 0)) }

// late decides what a deadline means that passed: nil reads again.
func (c *Conn) late() error {
	want := c.deadline()
	if want != 0 && want <= c.engine.watch.now() {
		if c.in.kind == last || c.in.kind == inBody || c.in.kind == rest || !c.pending() {
			return errTimeOver
		}
		// A request has arrived just as the connection was asked to leave.
		c.await(rest, c.after(c.engine.rows.HeaderTimeout))
		want = c.in.until
	}
	c.setArmed(want)
	if again := c.deadline(); again != want && again != 0 && again <= c.engine.watch.now() {
		c.wake()
	}
	return nil
}

// pending reports whether something has arrived that nobody read.
func (c *Conn) pending() bool {
	if c.fd < 0 || c.closed.Load() {
		return false
	}
	ask := []unix.PollFd{{Fd: int32(c.fd), Events: unix.POLLIN}}
	n, err := unix.Poll(ask, 0)
	return err == nil && n == 1 && ask[0].Revents&unix.POLLIN != 0
}

// setReadDeadline sets the handler's deadline for the body.
func (c *Conn) setReadDeadline(at int64) {
	c.in.byHandler.Store(at)
	if c.in.blocked.Load() {
		c.wake()
	}
}
