package link

import (
	"io"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// receiver is the state of one receive. It lives in the Conn and its
// functions are bound once, so that receiving allocates nothing.
type receiver struct {
	header  unix.Msghdr
	vector  unix.Iovec
	oob     [controlSize]byte
	n       int
	errno   syscall.Errno
	closed  bool // n is 0 because the other end is closed, not because the message is empty
	try     func(fd uintptr) bool
	tryOnce func(fd uintptr)
}

func (r *receiver) prepare(buf []byte) {
	r.vector.Base = unsafe.SliceData(buf)
	r.vector.SetLen(len(buf))
	r.header.Iov = &r.vector
	r.header.SetIovlen(1)
}

func (r *receiver) receiveOnce(fd uintptr) {
	const reset = 4 // a reset is reported once, before the messages still queued
	for range reset {
		r.header.Control = &r.oob[0]
		r.header.SetControllen(len(r.oob))
		r.header.Flags = 0
		n, _, errno := unix.RawSyscall(unix.SYS_RECVMSG, fd, uintptr(unsafe.Pointer(&r.header)),
			unix.MSG_DONTWAIT|unix.MSG_CMSG_CLOEXEC)
		r.n, r.errno = int(n), errno
		if errno != unix.EINTR && errno != unix.ECONNRESET {
			break
		}
	}
	if r.errno == 0 && r.n == 0 {
		r.closed = hungUp(fd)
	}
}

// hungUp tells the end of a connection from an empty message.
func hungUp(fd uintptr) bool {
	poll := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLRDHUP}}
	_, err := unix.Poll(poll, 0)
	return err == nil && poll[0].Revents&(unix.POLLRDHUP|unix.POLLHUP) != 0
}

// message judges what was received.
func (r *receiver) message(buf []byte) (Message, error) {
	switch {
	case r.errno == unix.ECONNRESET:
		return Message{}, io.EOF
	case r.errno != 0:
		return Message{}, os.NewSyscallError("recvmsg", r.errno)
	}
	m := Message{Data: buf[:r.n]}
	if err := m.parseControl(r.oob[:r.header.Controllen]); err != nil {
		return Message{}, protocolError("control data: %v", m.Data, err)
	}
	if r.header.Flags&(unix.MSG_TRUNC|unix.MSG_CTRUNC) != 0 {
		m.Descriptors.Close()
		return Message{}, protocolError("a message that is too large", m.Data)
	}
	if r.n == 0 {
		m.Descriptors.Close()
		if r.closed {
			return Message{}, io.EOF
		}
		return Message{}, protocolError("an empty message", nil)
	}
	return m, nil
}
