package body

import (
	"testing"
	"testing/fstest"
)

func TestDefaultMemoryLimit(t *testing.T) {
	const mib = 1 << 20
	meminfo := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  int64
	}{
		"nothing known": {fstest.MapFS{}, 64 * mib},
		"machine of 8 GiB": {fstest.MapFS{
			"proc/meminfo": meminfo("MemTotal:        8388608 kB\nMemFree: 1 kB\n")}, 1024 * mib},
		"small machine": {fstest.MapFS{"proc/meminfo": meminfo("MemTotal: 262144 kB\n")}, 64 * mib},
		"nonsense":      {fstest.MapFS{"proc/meminfo": meminfo("MemTotal: lots\n")}, 64 * mib},
		"group": {fstest.MapFS{
			"proc/meminfo":     meminfo("MemTotal: 8388608 kB\n"),
			"proc/self/cgroup": meminfo("0::/system.slice/appserve.service\n"),
			"sys/fs/cgroup/system.slice/appserve.service/memory.max": meminfo("1073741824\n")}, 128 * mib},
		"group above": {fstest.MapFS{
			"proc/meminfo":                 meminfo("MemTotal: 8388608 kB\n"),
			"proc/self/cgroup":             meminfo("0::/a/b\n"),
			"sys/fs/cgroup/a/b/memory.max": meminfo("max\n"),
			"sys/fs/cgroup/a/memory.max":   meminfo("2147483648\n")}, 256 * mib},
		"container": {fstest.MapFS{
			"proc/self/cgroup":         meminfo("0::/\n"),
			"sys/fs/cgroup/memory.max": meminfo("1073741824")}, 128 * mib},
		"version 1": {fstest.MapFS{
			"proc/self/cgroup":                           meminfo("12:cpu,cpuacct:/x\n5:memory:/docker/abc\n"),
			"sys/fs/cgroup/memory/memory.limit_in_bytes": meminfo("1073741824\n")}, 128 * mib},
	} {
		if got := defaultMemoryLimit(c.files); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
