package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"
)

// statLine is a /proc/PID/stat with a parent and four times in clock ticks.
func statLine(pid int, name string, parent int, times ...int) string {
	return fmt.Sprintf("%d (%s) S %d 1 1 0 -1 4194560 100 0 0 0 %d %d %d %d 20 0 1 0 900 1000 50 18446744073709551615\n",
		pid, name, parent, times[0], times[1], times[2], times[3])
}

func TestParseProcessStat(t *testing.T) {
	got, err := parseProcessStat([]byte(statLine(7, "a) S 1 (b", 42, 1, 20, 300, 4000)))
	if want := (processStat{parent: 42, cpu: 43210 * time.Millisecond}); err != nil || got != want {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	for _, bad := range []string{"", "7 (a) S 42", "7 (a) S x 1 1 0 -1 4 1 0 0 0 1 2 3 4", "7 (a) S 1 1 1 0 -1 4 1 0 0 0 1 2 3 x"} {
		if got, err := parseProcessStat([]byte(bad)); err == nil {
			t.Errorf("%q is %+v", bad, got)
		}
	}
}

func TestProcessTable_CPUIsThatOfTheTreesAlone(t *testing.T) {
	proc := t.TempDir()
	for pid, line := range map[int]string{
		10: statLine(10, "master", 1, 1, 1, 0, 0),
		11: statLine(11, "worker", 10, 10, 10, 0, 0),
		12: statLine(12, "grandchild", 11, 100, 0, 0, 5), // 5 ticks of children that were collected
		20: statLine(20, "front", 1, 1000, 0, 0, 0),
		30: statLine(30, "wrk", 1, 50000, 0, 0, 0),
	} {
		folder := filepath.Join(proc, strconv.Itoa(pid))
		if err := os.Mkdir(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "stat"), []byte(line), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	table, err := readProcesses(proc)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := table.cpu([]int{10, 20}), 1127*clockTick; got != want {
		t.Errorf("%s of CPU, want %s", got, want)
	}
	if got := table.tree(10); !slices.Equal(slices.Sorted(slices.Values(got)), []int{10, 11, 12}) {
		t.Errorf("the tree of 10 is %v", got)
	}
	if got := table.tree(99); got != nil {
		t.Errorf("the tree of nobody is %v", got)
	}
}

func TestReadProcesses_FindsItself(t *testing.T) {
	table, err := readProcesses("/proc")
	if err != nil {
		t.Fatal(err)
	}
	if got := table[os.Getpid()].parent; got != os.Getppid() {
		t.Errorf("our parent is %d, want %d", got, os.Getppid())
	}
	if got := residentSize(os.Getpid()); got < mib {
		t.Errorf("our RSS is %d", got)
	}
	if got := residentSize(-1); got != 0 {
		t.Errorf("the RSS of nobody is %d", got)
	}
}

func TestParseStatm(t *testing.T) {
	for text, want := range map[string]int64{"1000 250 30 4 0 5 0\n": 250, "": 0, "1 x": 0} {
		if got := parseStatm(text); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}
