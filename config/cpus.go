package config

import (
	"math"
	"os"
	"path"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// availableCPUs is how many CPUs this process may use: its affinity mask, cut
// to its cgroup's quota, at least one.
func availableCPUs() int {
	n := runtime.NumCPU()
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err == nil && set.Count() > 0 {
		n = set.Count()
	}
	return min(n, quotaCPUs(os.ReadFile))
}

// quotaCPUs is the tightest CPU quota of this process's cgroup and the groups
// above it, rounded up. Without a quota it is the largest int.
func quotaCPUs(readFile func(string) ([]byte, error)) int {
	groups, err := readFile("/proc/self/cgroup")
	if err != nil {
		return math.MaxInt
	}
	limit := math.MaxInt
	for line := range strings.Lines(string(groups)) {
		fields := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(fields) != 3 {
			continue
		}
		switch {
		case fields[0] == "0" && fields[1] == "":
			limit = min(limit, walkQuota(readFile, "/sys/fs/cgroup", fields[2], quotaV2))
		case strings.Contains(","+fields[1]+",", ",cpu,"):
			limit = min(limit, walkQuota(readFile, "/sys/fs/cgroup/cpu", fields[2], quotaV1))
		}
	}
	return limit
}

// walkQuota asks a cgroup and every group above it. In a container the path
// is often that of the host; then only the mount's root exists.
func walkQuota(readFile func(string) ([]byte, error), root, group string,
	quota func(func(string) ([]byte, error), string) int,
) int {
	limit := math.MaxInt
	for group = path.Clean("/" + group); ; group = path.Dir(group) {
		limit = min(limit, quota(readFile, path.Join(root, group)))
		if group == "/" {
			return limit
		}
	}
}

func quotaV2(readFile func(string) ([]byte, error), folder string) int {
	text, err := readFile(path.Join(folder, "cpu.max"))
	if err != nil {
		return math.MaxInt
	}
	fields := strings.Fields(string(text))
	if len(fields) != 2 {
		return math.MaxInt
	}
	return wholeCPUs(fields[0], fields[1])
}

func quotaV1(readFile func(string) ([]byte, error), folder string) int {
	quota, err := readFile(path.Join(folder, "cpu.cfs_quota_us"))
	if err != nil {
		return math.MaxInt
	}
	period, err := readFile(path.Join(folder, "cpu.cfs_period_us"))
	if err != nil {
		return math.MaxInt
	}
	return wholeCPUs(strings.TrimSpace(string(quota)), strings.TrimSpace(string(period)))
}

// wholeCPUs is quota/period rounded up, at least one. "max" and -1 mean no quota.
func wholeCPUs(quota, period string) int {
	q, err := strconv.ParseInt(quota, 10, 64)
	if err != nil || q <= 0 {
		return math.MaxInt
	}
	p, err := strconv.ParseInt(period, 10, 64)
	if err != nil || p <= 0 {
		return math.MaxInt
	}
	return max(1, int((q+p-1)/p))
}
