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
	if s.header.Control == nil {
		s.sendPlain(fd)
		return
	}
	for {
		_, _, s.errno = unix.RawSyscall(unix.SYS_SENDMSG, fd, uintptr(unsafe.Pointer(&s.header)),
			unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL)
		if s.errno != unix.EINTR {
			return
		}
	}
}

// sendPlain spares the kernel the copying of a header that says nothing.
func (s *sender) sendPlain(fd uintptr) {
	for {
		_, _, s.errno = unix.RawSyscall6(unix.SYS_SENDTO, fd, uintptr(unsafe.Pointer(s.vector.Base)), uintptr(s.vector.Len),
			unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL, 0, 0)
		if s.errno != unix.EINTR {
			return
		}
	}
}
