package h1

import (
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// writing is the sending side of a connection.
type writing struct {
	pieces    [3][]byte // what is left to send, in order
	more      bool      // a file follows at once
	err       error
	armed     bool  // the socket has a deadline of ours
	byHandler int64 // deadline that the handler set
	before    bool  // the client was looked at
	queued    int   // bytes that the kernel held for it then
	moved     int64 // bytes that it took since
	extended  int64 // when the deadline was moved; without a socket of our own

	once   bool   // who writes must not wait, and leaves the rest
	rest   []byte // that was left
	unsent int64  // bytes of it that could not be sent later

	sent   int64        // bytes that belong to the request
	tunnel atomic.Int64 // bytes after a hijack
}

// write sends up to three pieces at the client's pace. A client that takes
// nothing for the send timeout is given up. Any error is final: the client is
// gone.
func (c *Conn) write(a, b, tail []byte) error {
	out := &c.out
	if out.pieces = [3][]byte{a, b, tail}; out.empty() {
		return nil
	}
	if out.once {
		return c.writeOnce()
	}
	out.before = false
	var err error
	for {
		out.err, out.moved = nil, 0
		if c.raw == nil {
			err = c.writeSlowly()
		} else if err = c.raw.Write(c.push); err == nil {
			err = out.err
		}
		if err == nil || !isTimeout(err) || c.stalled(out.moved) {
			break
		}
		c.armWrite()
	}
	out.pieces = [3][]byte{}
	c.written(err)
	return err
}

// writeOnce sends what the client takes at once, and keeps the rest.
func (c *Conn) writeOnce() error {
	out := &c.out
	var err error
	if len(out.rest) == 0 {
		out.err = nil
		if err = c.raw.Write(c.push); err == nil {
			err = out.err
		}
	}
	if err == nil {
		for _, p := range out.pieces {
			out.rest = append(out.rest, p...)
		}
	}
	out.pieces = [3][]byte{}
	c.written(err)
	return err
}

// writeRest sends what writeOnce has kept. False: the client is gone.
func (c *Conn) writeRest(w *response) bool {
	rest := c.out.rest
	if c.out.rest = nil; len(rest) > 0 && w.err == nil {
		before := c.out.sent
		w.err = c.write(rest, nil, nil)
		c.out.unsent = int64(len(rest)) - (c.out.sent - before)
	}
	return w.err == nil
}

// written takes the deadline away, and ends the context when writing failed.
func (c *Conn) written(err error) {
	if c.out.armed && c.out.byHandler == 0 {
		c.out.armed = false
		_ = c.nc.SetWriteDeadline(time.Time{})
	}
	if err != nil {
		c.context.cancel()
	}
}

// tryWrite is one attempt, as syscall.RawConn calls it: false waits.
func (c *Conn) tryWrite(fd uintptr) bool {
	out := &c.out
	for {
		n, err := out.try(int(fd))
		if n > 0 {
			out.took(n)
		}
		switch {
		case err == nil && out.empty():
			return true
		case err == nil, err == unix.EINTR:
		case err == unix.EAGAIN && out.once:
			return true
		case err == unix.EAGAIN:
			if !out.armed {
				c.armWrite()
			}
			return false
		default:
			out.err = os.NewSyscallError("write", err)
			return true
		}
	}
}

// try sends what one system call can.
func (o *writing) try(fd int) (n int, err error) {
	switch {
	case o.more:
		return unix.SendmsgN(fd, o.pieces[0], nil, nil, unix.MSG_MORE|unix.MSG_NOSIGNAL)
	case len(o.pieces[1]) == 0 && len(o.pieces[2]) == 0:
		return writeNow(uintptr(fd), o.pieces[0])
	default:
		return writevNow(uintptr(fd), &o.pieces)
	}
}

// took takes n bytes away from what is left.
func (o *writing) took(n int) {
	o.sent += int64(n)
	o.moved += int64(n)
	for i := range o.pieces {
		m := min(n, len(o.pieces[i]))
		o.pieces[i] = o.pieces[i][m:]
		n -= m
	}
}

func (o *writing) empty() bool {
	return len(o.pieces[0])+len(o.pieces[1])+len(o.pieces[2]) == 0
}

// slowly is how much is written at once where the deadline cannot be set in
// between, in bytes.
const slowly = 64 << 10

// writeSlowly writes where there is no socket of our own, as to TLS. There a
// deadline that passed is final, so it is far enough away for a whole piece.
func (c *Conn) writeSlowly() error {
	out := &c.out
	for i := range out.pieces {
		for len(out.pieces[i]) > 0 {
			c.extend()
			n, err := c.nc.Write(out.pieces[i][:min(len(out.pieces[i]), slowly)])
			out.sent += int64(n)
			out.pieces[i] = out.pieces[i][n:]
			if err != nil {
				out.before, out.queued, out.moved = true, 0, 0
				return err
			}
		}
	}
	return nil
}

// extend moves the deadline in steps, because moving it costs a timer.
func (c *Conn) extend() {
	now, patience := c.engine.watch.clock.Load(), int64(c.engine.rows.SendTimeout)
	if patience == 0 {
		return
	}
	if c.out.extended == 0 || c.out.byHandler == 0 && now-c.out.extended >= patience/12 {
		c.out.extended = now
		_ = c.nc.SetWriteDeadline(time.Now().Add(time.Duration(patience + patience/12)))
	}
}

// armWrite sets the deadline of a write that waits. The client is looked at
// twice in its time.
func (c *Conn) armWrite() {
	at := earlier(c.out.byHandler, c.after(c.engine.rows.SendTimeout/2))
	if c.out.armed = at != 0; c.out.armed {
		_ = c.nc.SetWriteDeadline(c.engine.watch.base.Add(time.Duration(at)))
	}
}

// stalled reports whether a client took nothing since the last look. The
// kernel calls a socket writable only when a third of its buffer is free, so
// that nothing sent means little by itself.
func (c *Conn) stalled(moved int64) bool {
	if by := c.out.byHandler; by != 0 && by <= c.engine.watch.now() {
		return true
	}
	before, last := c.out.before, c.out.queued
	c.out.before, c.out.queued = true, c.unconfirmed()
	return moved == 0 && before && c.out.queued >= last
}

// unconfirmed is how many bytes the client has not confirmed yet; 0 when the
// kernel does not tell.
func (c *Conn) unconfirmed() (n int) {
	s, ok := c.nc.(syscall.Conn)
	if !ok {
		return 0
	}
	raw, err := s.SyscallConn()
	if err != nil {
		return 0
	}
	_ = raw.Control(func(fd uintptr) { n, _ = unix.IoctlGetInt(int(fd), unix.SIOCOUTQ) })
	return n
}
