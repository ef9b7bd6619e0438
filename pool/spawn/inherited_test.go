package spawn

import (
	"testing"

	"golang.org/x/sys/unix"
)

func TestCloseOnExec_BothWays(t *testing.T) {
	for name, mark := range map[string]func() error{"close_range": closeOnExec, "one by one": closeListedOnExec} {
		fd, err := unix.Open("doc.go", unix.O_RDONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer unix.Close(fd)
		if err := mark(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
		if err != nil || flags&unix.FD_CLOEXEC == 0 {
			t.Errorf("%s: flags %#x, %v", name, flags, err)
		}
		if flags, err = unix.FcntlInt(2, unix.F_GETFD, 0); err != nil || flags&unix.FD_CLOEXEC != 0 {
			t.Errorf("%s: standard error has flags %#x, %v", name, flags, err)
		}
	}
}
