package spawn

import (
	"fmt"
	"math"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// closeOnExec marks every descriptor but the standard three: all of ours are
// so from birth, but those that whoever started appserve left open are not
// (sockets of systemd, a careless parent's pipes).
func closeOnExec() error {
	if unix.CloseRange(3, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC) == nil {
		return nil
	}
	return closeListedOnExec()
}

// closeListedOnExec does it one by one: Linux before 5.11 has no close_range,
// and some seccomp filters do not know it.
func closeListedOnExec() error {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return fmt.Errorf("listing our descriptors: %w", err)
	}
	for _, e := range entries {
		fd, err := strconv.Atoi(e.Name())
		if err == nil && fd > 2 {
			unix.CloseOnExec(fd)
		}
	}
	return nil
}
