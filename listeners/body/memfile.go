package body

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// newMemoryFile returns an empty file in memory that can be sealed.
func newMemoryFile() (*os.File, error) {
	flags := unix.MFD_CLOEXEC | unix.MFD_ALLOW_SEALING
	fd, err := unix.MemfdCreate("request-body", flags|unix.MFD_NOEXEC_SEAL)
	if errors.Is(err, unix.EINVAL) { // before Linux 6.3
		fd, err = unix.MemfdCreate("request-body", flags)
	}
	if err != nil {
		return nil, os.NewSyscallError("memfd_create", err)
	}
	return os.NewFile(uintptr(fd), "request-body"), nil
}

// seal makes a memory file read-only for everybody, so that a worker can
// neither change a body that may be sent again nor grow memory that was counted.
func seal(file *os.File) error {
	raw, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Control(func(fd uintptr) {
		seals := unix.F_SEAL_SEAL | unix.F_SEAL_WRITE | unix.F_SEAL_GROW | unix.F_SEAL_SHRINK
		_, failed = unix.FcntlInt(fd, unix.F_ADD_SEALS, seals)
	})
	return errors.Join(err, failed)
}
