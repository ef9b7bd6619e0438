package link

import (
	"encoding/binary"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Unread is a second hold on the worker's end of a pair. What the worker has
// not begun is still in the kernel, and through here it can be taken back:
// atomically, without the worker and without its interpreter lock (runtime.md D1).
//
// As long as it is open the worker's death does not end the connection:
// liveness is the process, never the socket (D3).
type Unread struct {
	file   *os.File
	raw    syscall.RawConn
	header [HeaderSize]byte
	oob    [controlSize]byte
	n      int
	got    int // bytes of control data
}

// NewUnread takes over the worker's end, which was sent to the worker before.
func NewUnread(workerEnd *os.File) (*Unread, error) {
	raw, err := workerEnd.SyscallConn()
	if err != nil {
		return nil, err
	}
	return &Unread{file: workerEnd, raw: raw}, nil
}

// Take removes the oldest message that the worker has not received and returns
// its id; false when there is none. Descriptors in it are closed. One goroutine
// may take at a time.
func (u *Unread) Take() (id uint32, ok bool) {
	if err := u.raw.Control(u.receive); err != nil || u.n < HeaderSize {
		return 0, false
	}
	if u.got > 0 {
		var m Message
		_ = m.parseControl(u.oob[:u.got]) // what cannot be read cannot be closed
		m.Descriptors.Close()
	}
	return binary.LittleEndian.Uint32(u.header[4:]), true
}

// Received reports whether the worker has received a message, given that it
// has received all that were sent before it.
func (u *Unread) Received(id uint32) bool {
	received := false
	_ = u.raw.Control(func(fd uintptr) { // it fails when closed, and nothing is known then
		var header [HeaderSize]byte
		switch n, errno := peek(fd, header[:]); {
		case errno == unix.EAGAIN, errno == 0 && n == 0: // nothing is left, though the worker may have ended its direction
			received = true
		case errno == 0 && n == HeaderSize:
			received = binary.LittleEndian.Uint32(header[4:]) != id
		}
	})
	return received
}

// peek looks at the beginning of the oldest message. It is done often, and the
// scheduler, which it would wake up, has no use of knowing.
func peek(fd uintptr, p []byte) (n uintptr, errno syscall.Errno) {
	n, _, errno = unix.RawSyscall6(unix.SYS_RECVFROM, fd, uintptr(unsafe.Pointer(&p[0])), uintptr(len(p)),
		unix.MSG_PEEK|unix.MSG_DONTWAIT, 0, 0)
	return n, errno
}

// receive cuts the message to its header: its sender still has the rest.
func (u *Unread) receive(fd uintptr) {
	vector := unix.Iovec{Base: &u.header[0]}
	vector.SetLen(HeaderSize)
	message := unix.Msghdr{Iov: &vector, Control: &u.oob[0]}
	message.SetIovlen(1)
	message.SetControllen(unix.CmsgSpace(maxDescriptors * 4))
	for {
		n, _, errno := unix.RawSyscall(unix.SYS_RECVMSG, fd, uintptr(unsafe.Pointer(&message)),
			unix.MSG_DONTWAIT|unix.MSG_CMSG_CLOEXEC)
		if errno == unix.EINTR {
			continue
		}
		u.n, u.got = int(n), int(message.Controllen)
		if errno != 0 {
			u.n = 0
		}
		return
	}
}

// Close lets go of the worker's end. It is idempotent.
func (u *Unread) Close() error { return u.file.Close() }
