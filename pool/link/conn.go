package link

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// ErrFull says that the kernel's buffer has no room for a message: the other
// side does not read.
var ErrFull = errors.New("the worker does not read its link")

// ErrEmpty says that no message is waiting.
var ErrEmpty = errors.New("no message is waiting")

// Conn is the master's end of one SEQPACKET pair. One goroutine may receive
// while any number send.
//
// The descriptor is wrapped once and its number is never handed out: asking
// an os.File for it would make the shared description blocking.
type Conn struct {
	file   *os.File
	raw    syscall.RawConn
	closed atomic.Bool
	in     receiver
	out    sender
}

// Message is one received message. Data shares the receive buffer; Descriptors
// is nil unless some rode in it, and is then the caller's to close.
type Message struct {
	Data        []byte
	Descriptors *Descriptors
}

// Pair creates a connected pair: our end, non-blocking, and the worker's,
// blocking as Python expects (the flag belongs to each end's own description).
// Both are close-on-exec at birth. The worker's end is the caller's to close.
func Pair(name string) (*Conn, *os.File, error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("creating the link %q: %w", name, err)
	}
	for _, fd := range fds {
		// Asked for, not required: the default still takes every message we send.
		_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF, sendBufferSize)
	}
	conn, err := newConn(fds[0], name)
	if err == nil {
		err = unix.SetNonblock(fds[1], false)
	}
	if err != nil {
		if conn != nil {
			_ = conn.Close()
		}
		_ = unix.Close(fds[1])
		return nil, nil, fmt.Errorf("creating the link %q: %w", name, err)
	}
	return conn, os.NewFile(uintptr(fds[1]), name+" (worker)"), nil
}

// newConn wraps a non-blocking socket, which it owns from then on.
func newConn(fd int, name string) (*Conn, error) {
	file := os.NewFile(uintptr(fd), name)
	raw, err := file.SyscallConn()
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	c := &Conn{file: file, raw: raw}
	c.in.try = c.in.receive
	c.in.tryOnce = c.in.receiveOnce
	c.out.try = c.out.send
	return c, nil
}

// Receive waits for one message and reads it into buf. Its errors are io.EOF
// (the other end was closed everywhere), a *ProtocolError, an error that wraps
// os.ErrDeadlineExceeded or os.ErrClosed, or the kernel's.
func (c *Conn) Receive(buf []byte) (Message, error) {
	c.in.prepare(buf)
	if err := c.raw.Read(c.in.try); err != nil {
		return Message{}, c.cause(err)
	}
	return c.in.message(buf)
}

// ReceivePending reads a message that is already there, whatever the deadline
// says; ErrEmpty when there is none.
func (c *Conn) ReceivePending(buf []byte) (Message, error) {
	c.in.prepare(buf)
	if err := c.raw.Control(c.in.tryOnce); err != nil {
		return Message{}, c.cause(err)
	}
	if c.in.errno == unix.EAGAIN {
		return Message{}, ErrEmpty
	}
	return c.in.message(buf)
}

// Send sends one message with at most one descriptor (nil: none). It never
// waits: ErrFull when the kernel has no room.
func (c *Conn) Send(message []byte, file *os.File) error {
	if file == nil {
		return c.send(message, nil)
	}
	return c.SendFiles(message, []*os.File{file})
}

// SendFiles sends one message with the descriptors of files, which stay the caller's.
func (c *Conn) SendFiles(message []byte, files []*os.File) error {
	fds := make([]int, 0, len(files))
	return withDescriptors(files, fds, func(fds []int) error {
		return c.send(message, unix.UnixRights(fds...))
	})
}

// withDescriptors calls f with the numbers of all files, which cannot be
// closed meanwhile. It goes through SyscallConn, because Fd would make the
// description blocking.
func withDescriptors(files []*os.File, fds []int, f func([]int) error) error {
	if len(files) == 0 {
		return f(fds)
	}
	raw, err := files[0].SyscallConn()
	if err != nil {
		return err
	}
	var inner error
	err = raw.Control(func(fd uintptr) { inner = withDescriptors(files[1:], append(fds, int(fd)), f) })
	return errors.Join(err, inner)
}

func (c *Conn) send(message, oob []byte) error {
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	c.out.prepare(message, oob)
	if err := c.raw.Control(c.out.try); err != nil {
		return c.cause(err)
	}
	c.out.prepare(nil, nil)
	switch c.out.errno {
	case 0:
		return nil
	case unix.EAGAIN:
		return ErrFull
	}
	return os.NewSyscallError("sendmsg", c.out.errno)
}

// SetReadDeadline bounds Receive, also one that is waiting; the zero time: no bound.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.file.SetReadDeadline(t) }

// CloseWrite tells the worker that nothing more comes.
func (c *Conn) CloseWrite() error {
	var inner error
	err := c.raw.Control(func(fd uintptr) { inner = unix.Shutdown(int(fd), unix.SHUT_WR) })
	return errors.Join(err, inner)
}

// Close closes our end; a waiting Receive returns. It is idempotent.
func (c *Conn) Close() error {
	c.closed.Store(true)
	if err := c.file.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return err
	}
	return nil
}

// cause names a closed connection as the rest of Go does; a RawConn returns a
// private error.
func (c *Conn) cause(err error) error {
	if c.closed.Load() {
		return os.ErrClosed
	}
	return err
}
