package body

import (
	"bytes"
	"io/fs"
	"math"
	"os"
	"path"
	"strconv"
	"strings"
)

const leastMemoryLimit = 64 << 20

func machine() fs.FS { return os.DirFS("/") }

// MachineMemory is how much memory, in bytes, the control group, else the
// machine, allows this process; 0 when neither says.
func MachineMemory() int64 {
	root := machine()
	memory := min(machineMemory(root), groupMemory(root))
	if memory == math.MaxInt64 {
		return 0
	}
	return memory
}

// defaultMemoryLimit is the larger of 64 MiB and an eighth of the memory that
// the control group, else the machine, allows.
func defaultMemoryLimit(root fs.FS) int64 {
	memory := min(machineMemory(root), groupMemory(root))
	if memory == math.MaxInt64 {
		return leastMemoryLimit
	}
	return max(leastMemoryLimit, memory/8)
}

// machineMemory is MemTotal of /proc/meminfo in bytes, the largest number when it is not known.
func machineMemory(root fs.FS) int64 {
	text, err := fs.ReadFile(root, "proc/meminfo")
	if err != nil {
		return math.MaxInt64
	}
	for line := range strings.Lines(string(text)) {
		value, found := strings.CutPrefix(line, "MemTotal:")
		if !found {
			continue
		}
		kib, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 10, 64)
		if err == nil && kib > 0 && kib < math.MaxInt64>>10 {
			return kib << 10
		}
	}
	return math.MaxInt64
}

// groupMemory is the least limit of the control groups this process is in
// (version 2, or the memory controller of version 1), the largest number when
// there is none.
func groupMemory(root fs.FS) int64 {
	least := int64(math.MaxInt64)
	text, err := fs.ReadFile(root, "proc/self/cgroup")
	if err != nil {
		return least
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(fields) != 3 {
			continue
		}
		switch {
		case fields[0] == "0" && fields[1] == "":
			least = min(least, leastLimit(root, "sys/fs/cgroup", fields[2], "memory.max"))
		case strings.Contains(","+fields[1]+",", ",memory,"):
			least = min(least, leastLimit(root, "sys/fs/cgroup/memory", fields[2], "memory.limit_in_bytes"))
		}
	}
	return least
}

// leastLimit reads the limit of a group and of every group above it. Inside a
// container the path may be the one outside; then only the top is there.
func leastLimit(root fs.FS, mount, group, name string) int64 {
	least := int64(math.MaxInt64)
	for group = path.Clean("/" + group); ; group = path.Dir(group) {
		text, err := fs.ReadFile(root, path.Join(mount, group, name))
		if err == nil {
			limit, err := strconv.ParseInt(string(bytes.TrimSpace(text)), 10, 64) // "max" is no number
			if err == nil && limit > 0 {
				least = min(least, limit)
			}
		}
		if group == "/" {
			return least
		}
	}
}
