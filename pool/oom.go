package pool

import (
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
)

// oomWindow is how long after a kill was noticed deaths are put down to it:
// the kernel may kill several workers before the first one is buried.
const oomWindow = time.Second

// oomWatch notices that the kernel killed something of ours for lack of
// memory, by the oom_kill count of our cgroup (version 2).
type oomWatch struct {
	read func(name string) ([]byte, error)
	file string // "" when there is none

	mu   sync.Mutex
	seen int
	last time.Time // when a kill was noticed
}

// newOOMWatch starts to watch the cgroup of this process; read reads a file.
func newOOMWatch(read func(name string) ([]byte, error)) *oomWatch {
	w := &oomWatch{read: read}
	membership, err := read("/proc/self/cgroup")
	if err != nil {
		return w
	}
	for line := range strings.Lines(string(membership)) {
		if group, ok := strings.CutPrefix(strings.TrimSpace(line), "0::"); ok {
			w.file = path.Join("/sys/fs/cgroup", group, "memory.events")
		}
	}
	w.seen = w.count()
	return w
}

// killed says whether there was a kill since the last call, or one was noticed
// just before now.
func (w *oomWatch) killed(now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if count := w.count(); count > w.seen {
		w.seen, w.last = count, now
	}
	return !w.last.IsZero() && now.Sub(w.last) <= oomWindow
}

// count reads oom_kill; 0 when it cannot be read.
func (w *oomWatch) count() int {
	if w.file == "" {
		return 0
	}
	events, err := w.read(w.file)
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(events)) {
		if value, ok := strings.CutPrefix(line, "oom_kill "); ok {
			n, _ := strconv.Atoi(strings.TrimSpace(value))
			return n
		}
	}
	return 0
}
