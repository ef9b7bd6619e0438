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
// No call on the socket waits, so it is not the runtime's poller that has it:
// that would be told of every message that the worker takes, because then there
// is room for another one. It has an epoll instance instead, which only hears
// of what can be received.
type Conn struct {
	file    *os.File
	raw     syscall.RawConn
	arrival *os.File // the epoll instance
	waiting syscall.RawConn
	closed  atomic.Bool
	ignores bool // arrivals wake nobody; the receiving goroutine's
	in      receiver
	out     sender
}

// Message is one received message. Data shares the receive buffer; Descriptors
// is nil unless some rode in it, and is then the caller's to close. Sent is the
// time of day at which it was sent; zero where the kernel does not say.
type Message struct {
	Data        []byte
	Descriptors *Descriptors
	Sent        time.Time
}

// Pair creates a connected pair: our end, non-blocking, and the worker's,
// blocking as Python expects (the flag belongs to each end's own description).
// Both are close-on-exec at birth. The worker's end is the caller's to close.
func Pair(name string) (*Conn, *os.File, error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("creating the link %q: %w", name, err)
	}
	for _, fd := range fds {
		// Asked for, not required: the default still takes every message we send.
		_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF, sendBufferSize)
	}
	conn, err := newConn(fds[0], name)
	if err != nil {
		_ = unix.Close(fds[1])
		return nil, nil, fmt.Errorf("creating the link %q: %w", name, err)
	}
	return conn, os.NewFile(uintptr(fds[1]), name+" (worker)"), nil
}

// newConn wraps a socket that still blocks, so that the poller does not take
// it. It owns it from then on.
func newConn(fd int, name string) (*Conn, error) {
	askForTimes(fd)
	c := &Conn{file: os.NewFile(uintptr(fd), name)}
	err := unix.SetNonblock(fd, true)
	if err == nil {
		err = c.watch(fd, name)
	}
	if err == nil {
		c.raw, err = c.file.SyscallConn()
	}
	if err == nil {
		c.waiting, err = c.arrival.SyscallConn()
	}
	if err != nil {
		_ = c.Close()
		return nil, err
	}
	c.in.tryOnce = c.in.receiveOnce
	c.in.try = c.receive
	c.out.try = c.out.send
	return c, nil
}

// watch makes the epoll instance.
func (c *Conn) watch(fd int, name string) error {
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return os.NewSyscallError("epoll_create1", err)
	}
	arrival := unix.EpollEvent{Events: arrivals}
	if err = unix.EpollCtl(epoll, unix.EPOLL_CTL_ADD, fd, &arrival); err == nil {
		err = unix.SetNonblock(epoll, true) // so that the poller takes it
	}
	if err != nil {
		_ = unix.Close(epoll)
		return os.NewSyscallError("epoll_ctl", err)
	}
	c.arrival = os.NewFile(uintptr(epoll), name+" (arrival)")
	return nil
}

// receive is one attempt for RawConn.Read, which waits when it says false.
func (c *Conn) receive(uintptr) bool {
	if err := c.raw.Control(c.in.tryOnce); err != nil {
		c.in.errno = unix.EBADF // closed meanwhile
	}
	return c.in.errno != unix.EAGAIN
}

// arrivals are the events of what can be received, the end included.
const arrivals = unix.EPOLLIN | unix.EPOLLRDHUP

// Ignore lets arrivals wake nobody, until Receive waits for one. It is for the
// goroutine that receives.
func (c *Conn) Ignore() {
	if !c.ignores {
		c.ignores = true
		c.setArrivals(0)
	}
}

// setArrivals sets which events wake the one who waits. It fails when the
// connection was closed, which whoever receives will hear of.
func (c *Conn) setArrivals(events uint32) {
	_ = c.waiting.Control(func(epoll uintptr) {
		_ = c.raw.Control(func(fd uintptr) {
			_ = unix.EpollCtl(int(epoll), unix.EPOLL_CTL_MOD, int(fd), &unix.EpollEvent{Events: events})
		})
	})
}

// Receive waits for one message and reads it into buf. Its errors are io.EOF
// (the other end was closed everywhere), a *ProtocolError, an error that wraps
// os.ErrDeadlineExceeded or os.ErrClosed, or the kernel's.
func (c *Conn) Receive(buf []byte) (Message, error) {
	if c.ignores {
		c.ignores = false
		c.setArrivals(arrivals)
	}
	c.in.prepare(buf)
	if err := c.waiting.Read(c.in.try); err != nil || c.in.errno == unix.EBADF {
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
func (c *Conn) SetReadDeadline(t time.Time) error { return c.arrival.SetReadDeadline(t) }

// CloseWrite tells the worker that nothing more comes.
func (c *Conn) CloseWrite() error {
	var inner error
	err := c.raw.Control(func(fd uintptr) { inner = unix.Shutdown(int(fd), unix.SHUT_WR) })
	return errors.Join(err, inner)
}

// Close closes our end; a waiting Receive returns. It is idempotent.
func (c *Conn) Close() error {
	c.closed.Store(true)
	var failed []error
	for _, f := range []*os.File{c.arrival, c.file} {
		if f == nil {
			continue
		}
		if err := f.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// cause names a closed connection as the rest of Go does; a RawConn returns a
// private error.
func (c *Conn) cause(err error) error {
	if c.closed.Load() {
		return os.ErrClosed
	}
	return err
}
