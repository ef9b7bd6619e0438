// Package conn owns one connection to a server: buffered reading that holds
// no memory while it waits, deadlines on progress, cancelling from another
// goroutine, and the question whether an idle connection is still good.
//
// It refuses to know any protocol, and never reconnects.
package conn

import (
	"fmt"
	"io"
	"net"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// maxWrite bounds one write, so that its deadline is one of progress.
const maxWrite = 64 << 10

// Limits are the rules of one request on a connection.
type Limits struct {
	Read  time.Duration // the longest silence between two reads; 0: no limit
	Write time.Duration // the longest time a write of at most 64 KiB takes; 0: no limit

	// BeforeWait is called by Fill each time it is about to wait because
	// nothing has arrived: the moment to flush what was passed on so far. An
	// error ends the Fill with it. May be nil.
	BeforeWait func() error
}

// Conn is a connection. One goroutine reads, one (the same or another)
// writes; Cancel, Pause and Resume may be called from anywhere.
type Conn struct {
	nc      net.Conn
	raw     syscall.RawConn // nil: nc has no descriptor of its own
	buffers *Buffers
	limits  Limits

	buf  *[BufferSize]byte // nil while nothing is buffered and nothing was asked for
	r, w int               // buf[r:w] is unread

	pull      func(fd uintptr) bool // tryRead, made once
	pulled    int
	pullErr   error
	announced bool  // BeforeWait was called in this Fill
	waitErr   error // what it answered

	look  func(fd uintptr) bool // tryLook, made once
	quiet bool                  // what it found

	abandon func() // Cancel with ErrAbandoned, made once

	read  deadline
	write deadline
	birth time.Time
	since atomic.Int64 // nanoseconds after birth when the peer's silence began, or paused
	cause atomic.Pointer[error]
}

// New wraps a connection and takes ownership of it.
func New(nc net.Conn, buffers *Buffers) *Conn {
	c := &Conn{nc: nc, buffers: buffers, birth: time.Now()}
	if sc, ok := nc.(syscall.Conn); ok {
		if raw, err := sc.SyscallConn(); err == nil {
			c.raw = raw
		}
	}
	c.pull, c.look = c.tryRead, c.tryLook
	c.abandon = func() { c.Cancel(ErrAbandoned) }
	return c
}

// Begin starts a request: its limits apply from now on.
func (c *Conn) Begin(l Limits) {
	c.limits = l
	c.Resume()
}

// Buffered returns what was read and not yet consumed. It is valid until the next Fill.
func (c *Conn) Buffered() []byte {
	if c.buf == nil {
		return nil
	}
	return c.buf[c.r:c.w]
}

// Discard consumes n of the buffered bytes.
func (c *Conn) Discard(n int) {
	c.r += n
	if c.r > c.w {
		panic("conn: more was discarded than is buffered")
	}
}

// Fill reads at least one more byte behind the buffered ones. The error is
// io.EOF at a clean end, *TimeoutError, ErrBufferFull, the cause given to
// Cancel, or that of the system.
func (c *Conn) Fill() error {
	if err := c.makeRoom(); err != nil {
		return err
	}
	if err := c.armRead(); err != nil {
		return err
	}
	for c.announced, c.waitErr = false, nil; ; {
		n, err := c.readSome()
		if c.waitErr != nil {
			return c.waitErr
		}
		if n > 0 {
			c.w += n
			return nil
		}
		if err == nil {
			return io.EOF
		}
		if !isTimeout(err) {
			return c.blame(err)
		}
		if err := c.extend(); err != nil {
			return err
		}
	}
}

// Patience is the longest silence between two reads; 0: no limit.
func (c *Conn) Patience() time.Duration { return c.limits.Read }

// makeRoom moves the unread bytes to the front when the end is reached.
func (c *Conn) makeRoom() error {
	if c.buf == nil {
		return nil
	}
	if c.r == c.w {
		c.r, c.w = 0, 0
	}
	if c.w == BufferSize {
		if c.r == 0 {
			return ErrBufferFull
		}
		c.w = copy(c.buf[:], c.buf[c.r:c.w])
		c.r = 0
	}
	return nil
}

func (c *Conn) readSome() (int, error) {
	if c.raw != nil {
		if err := c.raw.Read(c.pull); err != nil {
			return 0, err
		}
		return c.pulled, c.pullErr
	}
	if !c.announce() {
		return 0, nil
	}
	c.borrow()
	n, err := c.nc.Read(c.buf[c.w:])
	if err == io.EOF {
		err = nil
	}
	return n, err
}

// tryRead reads once without waiting. When nothing is there it gives the
// buffer back, says so by BeforeWait, and has the runtime wait.
func (c *Conn) tryRead(fd uintptr) bool {
	c.borrow()
	c.pulled, c.pullErr = 0, nil
	n, err := unix.Read(int(fd), c.buf[c.w:])
	switch err {
	case nil:
		c.pulled = n
		return true
	case unix.EINTR:
		return c.tryRead(fd)
	case unix.EAGAIN:
		c.giveBackIfEmpty()
		return !c.announce()
	}
	c.pullErr = os.NewSyscallError("read", err)
	return true
}

// announce calls BeforeWait, once in a Fill, and says whether to go on.
func (c *Conn) announce() bool {
	if !c.announced && c.limits.BeforeWait != nil {
		c.announced = true
		c.waitErr = c.limits.BeforeWait()
	}
	return c.waitErr == nil
}

func (c *Conn) borrow() {
	if c.buf == nil {
		c.buf, c.r, c.w = c.buffers.take(), 0, 0
	}
}

func (c *Conn) giveBackIfEmpty() {
	if c.buf != nil && c.r == c.w {
		c.buffers.give(c.buf)
		c.buf, c.r, c.w = nil, 0, 0
	}
}

// Write sends p, in pieces that each get the write limit.
func (c *Conn) Write(p []byte) (int, error) {
	sent := 0
	for len(p) > 0 {
		piece := p[:min(len(p), maxWrite)]
		if err := c.armWrite(); err != nil {
			return sent, err
		}
		n, err := c.nc.Write(piece)
		sent += n
		if err != nil {
			if isTimeout(err) {
				err = &TimeoutError{Writing: true, After: c.limits.Write}
			}
			return sent, c.blame(err)
		}
		p = p[n:]
	}
	return sent, nil
}

// CloseWrite says that nothing more will be sent, where the transport can say it.
func (c *Conn) CloseWrite() error {
	if half, ok := c.nc.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// Alive says whether an idle connection can be used again: the peer has
// neither closed it nor sent anything unasked. A connection without a
// descriptor cannot be asked and counts as alive.
func (c *Conn) Alive() bool {
	if c.raw == nil {
		return true
	}
	return c.armRead() == nil && c.raw.Read(c.look) == nil && c.quiet
}

// tryLook asks the kernel whether there is anything to read, an end or an
// error included.
func (c *Conn) tryLook(fd uintptr) bool {
	ask := [1]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN | unix.POLLRDHUP}}
	n, err := unix.Poll(ask[:], 0)
	c.quiet = n == 0 && err == nil
	return true
}

// Park ends a request and says whether the connection may serve another:
// nothing unread is left and nobody cancelled it. It then holds no buffer.
func (c *Conn) Park() bool {
	c.limits.BeforeWait = nil
	if c.r != c.w || c.cause.Load() != nil {
		return false
	}
	c.giveBackIfEmpty()
	return true
}

// Close closes the connection and gives its buffer back. The reader calls it.
func (c *Conn) Close() error {
	c.r, c.w = 0, 0
	c.giveBackIfEmpty()
	if err := c.nc.Close(); err != nil {
		return fmt.Errorf("closing the connection: %w", err)
	}
	return nil
}
