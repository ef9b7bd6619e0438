package link

import (
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// sender is the state of one send, under its lock; bound once, like receiver.
type sender struct {
	mu     sync.Mutex
	header unix.Msghdr
	vector unix.Iovec
	errno  syscall.Errno
	try    func(fd uintptr)
}

func (s *sender) prepare(message, oob []byte) {
	s.vector.Base = unsafe.SliceData(message)
	s.vector.SetLen(len(message))
	s.header.Iov = &s.vector
	s.header.SetIovlen(1)
	s.header.Control = unsafe.SliceData(oob)
	s.header.SetControllen(len(oob))
}

func (s *sender) send(fd uintptr) {
	for {
		_, _, s.errno = unix.RawSyscall(unix.SYS_SENDMSG, fd, uintptr(unsafe.Pointer(&s.header)),
			unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL)
		if s.errno != unix.EINTR {
			return
		}
	}
}
