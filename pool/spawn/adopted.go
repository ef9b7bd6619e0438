package spawn

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// adoptedBy lists the children of process pid that hang on its main thread,
// ended ones included. The kernel gives orphans to the first living thread of
// whoever adopts them, and the main thread of a Go program never ends.
func adoptedBy(pid int) []int {
	me := strconv.Itoa(pid)
	data, err := os.ReadFile(filepath.Join("/proc", me, "task", me, "children"))
	if err != nil {
		return childrenOf(pid) // a kernel without CONFIG_PROC_CHILDREN
	}
	var pids []int
	for _, field := range strings.Fields(string(data)) {
		if n, err := strconv.Atoi(field); err == nil {
			pids = append(pids, n)
		}
	}
	return pids
}

// childrenOf searches /proc for the children of all threads of process pid.
func childrenOf(pid int) []int {
	folders, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var pids []int
	for _, folder := range folders {
		n, err := strconv.Atoi(folder.Name())
		if err != nil {
			continue
		}
		if stat, ok := readStat(n); ok && stat.parent == pid {
			pids = append(pids, n)
		}
	}
	return pids
}

// stat is what is used of /proc/PID/stat.
type stat struct {
	parent, group, session int
}

// readStat reads /proc/PID/stat; false when there is no such process any more.
func readStat(pid int) (stat, bool) {
	data, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return stat{}, false
	}
	return parseStat(data)
}

// parseStat reads "pid (comm) state ppid pgrp session ...". The name is the
// process's own choice and may hold spaces and parentheses.
func parseStat(data []byte) (stat, bool) {
	end := bytes.LastIndexByte(data, ')')
	if end < 0 {
		return stat{}, false
	}
	fields := strings.Fields(string(data[end+1:]))
	if len(fields) < 4 {
		return stat{}, false
	}
	var s stat
	for i, target := range []*int{&s.parent, &s.group, &s.session} {
		n, err := strconv.Atoi(fields[i+1])
		if err != nil {
			return stat{}, false
		}
		*target = n
	}
	return s, true
}

// commandOf is the command line of a process for a log line, or its short name.
func commandOf(pid int) string {
	folder := filepath.Join("/proc", strconv.Itoa(pid))
	line, err := os.ReadFile(filepath.Join(folder, "cmdline"))
	if err == nil && len(line) > 0 {
		words := strings.ReplaceAll(strings.TrimRight(string(line), "\x00"), "\x00", " ")
		return shorten(words, 120)
	}
	name, _ := os.ReadFile(filepath.Join(folder, "comm")) // gone: no name
	return strings.TrimSpace(string(name))
}

// shorten cuts s to at most n bytes, visibly.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "..."
}

// environOf is the value of a variable in the environment a process was
// started with; "" when it has none or may not be looked at.
func environOf(pid int, name string) string {
	data, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "environ"))
	if err != nil {
		return ""
	}
	variables := strings.Split(string(data), "\x00")
	at := slices.IndexFunc(variables, func(v string) bool { return strings.HasPrefix(v, name+"=") })
	if at < 0 {
		return ""
	}
	return strings.TrimPrefix(variables[at], name+"=")
}
