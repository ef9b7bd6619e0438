package pool

import (
	"os"
	"path"
	"strconv"
	"strings"
	"sync"
)

// oomWatch notices that the kernel killed something of ours for lack of
// memory, by the oom_kill count of our cgroup (version 2).
type oomWatch struct {
	mu   sync.Mutex
	file string // "" when there is none
	seen int
}

// newOOMWatch starts to watch the cgroup of this process.
func newOOMWatch() *oomWatch {
	w := &oomWatch{}
	membership, err := os.ReadFile("/proc/self/cgroup")
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

// killed says whether there was a kill since the last call.
func (w *oomWatch) killed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	before := w.seen
	w.seen = w.count()
	return w.seen > before
}

// count reads oom_kill; 0 when it cannot be read.
func (w *oomWatch) count() int {
	if w.file == "" {
		return 0
	}
	events, err := os.ReadFile(w.file)
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
