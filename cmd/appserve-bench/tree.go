package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// clockTick is the unit of times in /proc/PID/stat: USER_HZ is 100 on every
// architecture that Go knows.
const clockTick = 10 * time.Millisecond

// processStat is what is used of /proc/PID/stat.
type processStat struct {
	parent int
	cpu    time.Duration // user and system, with that of ended and collected children
}

// parseProcessStat reads "pid (name) state ppid ...". The name may hold
// anything, so the fields are counted from its end.
func parseProcessStat(data []byte) (processStat, error) {
	fields := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
	const parent, utime, cstime = 1, 11, 14
	if len(fields) <= cstime {
		return processStat{}, fmt.Errorf("reading /proc/PID/stat: %d fields", len(fields))
	}
	var s processStat
	var err error
	if s.parent, err = strconv.Atoi(fields[parent]); err != nil {
		return processStat{}, fmt.Errorf("reading /proc/PID/stat: the parent: %w", err)
	}
	for _, field := range fields[utime : cstime+1] {
		ticks, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return processStat{}, fmt.Errorf("reading /proc/PID/stat: a time: %w", err)
		}
		s.cpu += time.Duration(ticks) * clockTick
	}
	return s, nil
}

// processTable is a look at all processes.
type processTable map[int]processStat

// readProcesses reads every /proc/PID/stat beneath proc ("/proc").
func readProcesses(proc string) (processTable, error) {
	files, err := filepath.Glob(filepath.Join(proc, "[0-9]*", "stat"))
	if err != nil {
		return nil, fmt.Errorf("listing processes: %w", err)
	}
	table := processTable{}
	for _, file := range files {
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if err != nil {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended meanwhile
		}
		if table[pid], err = parseProcessStat(data); err != nil {
			return nil, err
		}
	}
	return table, nil
}

// tree is root and everything beneath it; empty when root is not there.
func (t processTable) tree(root int) []int {
	if _, ok := t[root]; !ok {
		return nil
	}
	children := map[int][]int{}
	for pid, s := range t {
		children[s.parent] = append(children[s.parent], pid)
	}
	all := []int{root}
	for i := 0; i < len(all); i++ {
		all = append(all, children[all[i]]...)
	}
	return all
}

// cpu is the time that the trees of roots have used since they started. A
// child that ends is in its parent's count from the moment it is collected, so
// the sum never falls as long as the roots live.
func (t processTable) cpu(roots []int) time.Duration {
	var sum time.Duration
	for _, root := range roots {
		for _, pid := range t.tree(root) {
			sum += t[pid].cpu
		}
	}
	return sum
}

// residentSize is the RSS of a process in bytes; 0 when it is gone.
func residentSize(pid int) int64 {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	return parseStatm(string(data)) * int64(os.Getpagesize())
}

// parseStatm reads the resident pages of a /proc/PID/statm; 0 when there are none.
func parseStatm(data string) int64 {
	fields := strings.Fields(data)
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil {
		return 0
	}
	return pages
}
