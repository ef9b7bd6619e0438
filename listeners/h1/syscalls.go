package h1

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// A system call on a socket that does not block is short as long as it moves
// little: shorter than what it costs to tell the scheduler about it, before and
// after; and that wakes up its monitor where nothing else runs. shortCall is how
// much may be moved without telling it, in bytes.
const shortCall = 40 << 10

// shortPoll is how many sockets may be asked about without telling it.
const shortPoll = 256

// pollNow asks about sockets and does not wait. asks is not empty.
func pollNow(asks []unix.PollFd) (int, error) {
	if len(asks) > shortPoll {
		return unix.Poll(asks, 0)
	}
	var atOnce unix.Timespec
	n, _, errno := unix.RawSyscall6(unix.SYS_PPOLL, uintptr(unsafe.Pointer(&asks[0])), uintptr(len(asks)),
		uintptr(unsafe.Pointer(&atOnce)), 0, 0, 0)
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}

// readNow reads what has arrived. p is not empty.
func readNow(fd uintptr, p []byte) (int, error) {
	if len(p) > shortCall {
		return unix.Read(int(fd), p)
	}
	n, _, errno := unix.RawSyscall(unix.SYS_READ, fd, uintptr(unsafe.Pointer(&p[0])), uintptr(len(p)))
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}

// writevNow writes what the socket takes of several pieces.
func writevNow(fd uintptr, pieces *[3][]byte) (int, error) {
	var vectors [len(pieces)]unix.Iovec
	used, size := 0, 0
	for _, p := range pieces {
		if len(p) == 0 {
			continue
		}
		vectors[used].Base = &p[0]
		vectors[used].SetLen(len(p))
		used, size = used+1, size+len(p)
	}
	if size > shortCall {
		return unix.Writev(int(fd), pieces[:])
	}
	n, _, errno := unix.RawSyscall(unix.SYS_WRITEV, fd, uintptr(unsafe.Pointer(&vectors)), uintptr(used))
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}

// writeNow writes what the socket takes. p is not empty.
func writeNow(fd uintptr, p []byte) (int, error) {
	if len(p) > shortCall {
		return unix.Write(int(fd), p)
	}
	n, _, errno := unix.RawSyscall(unix.SYS_WRITE, fd, uintptr(unsafe.Pointer(&p[0])), uintptr(len(p)))
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}
