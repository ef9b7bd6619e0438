package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// checkLeftovers runs after every end-to-end test: no stray process, zombie,
// socket, temporary file or error line may be left.
func (s *instance) checkLeftovers() {
	s.t.Helper()
	deadline := time.Now().Add(3 * time.Second)
	for len(s.strays()) > 0 && time.Now().Before(deadline) {
		time.Sleep(20 * time.Millisecond)
	}
	for _, stray := range s.strays() {
		s.t.Errorf("left behind: process %s", stray)
	}
	for _, folder := range []string{"spool", "run"} {
		files, _ := filepath.Glob(filepath.Join(s.folder, folder, "*"))
		for _, file := range files {
			s.t.Errorf("left behind: %s", file)
		}
	}
	for _, line := range s.complaints() {
		s.t.Errorf("in the log: %s", line)
	}
}

// checkDescriptors compares what the server holds open with what it held when
// it began to serve: connections, bodies and pipes of dead workers must be gone.
func (s *instance) checkDescriptors() {
	s.t.Helper()
	s.client.CloseIdleConnections()
	if s.opened == 0 {
		return
	}
	now := s.descriptors()
	for deadline := time.Now().Add(10 * time.Second); now > s.opened && time.Now().Before(deadline); now = s.descriptors() {
		time.Sleep(20 * time.Millisecond)
	}
	if now > s.opened {
		s.t.Errorf("the server holds %d descriptors, %d when it began to serve: %v", now, s.opened, s.descriptorTargets())
	}
}

func (s *instance) descriptorTargets() []string {
	var targets []string
	links, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", s.process.Process.Pid))
	for _, link := range links {
		target, _ := os.Readlink(link)
		targets = append(targets, target)
	}
	return targets
}

// strays are processes that this instance started, known by the mark that
// every test configuration puts into its pools' environment.
func (s *instance) strays() []string {
	var strays []string
	folders, _ := filepath.Glob("/proc/[0-9]*")
	for _, folder := range folders {
		pid, _ := strconv.Atoi(filepath.Base(folder))
		environ, err := os.ReadFile(filepath.Join(folder, "environ"))
		if err != nil || pid == os.Getpid() {
			continue
		}
		if strings.Contains(string(environ), "APPSERVE_E2E="+s.folder+"\x00") {
			command, _ := os.ReadFile(filepath.Join(folder, "cmdline"))
			strays = append(strays, fmt.Sprintf("%d %s", pid, strings.ReplaceAll(string(command), "\x00", " ")))
		}
	}
	return strays
}

var complaintPattern = regexp.MustCompile(`\[ERROR\]|panic:|DATA RACE|goroutine \d+ \[`)

// complaints are error lines that no test excused.
func (s *instance) complaints() []string {
	var complaints []string
	for line := range strings.Lines(s.log.text()) {
		if complaintPattern.MatchString(line) && !s.isExcused(line) {
			complaints = append(complaints, line)
		}
	}
	return complaints
}

func (s *instance) isExcused(line string) bool {
	for _, pattern := range s.excused {
		if pattern.MatchString(line) {
			return true
		}
	}
	return false
}

// descriptors counts what the server holds open.
func (s *instance) descriptors() int {
	s.t.Helper()
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", s.process.Process.Pid))
	if err != nil {
		s.t.Fatal(err)
	}
	return len(entries)
}

// workers are the process ids of the worker processes that run now: children
// of appserve, whichever of its threads started them.
func (s *instance) workers() []int {
	s.t.Helper()
	var pids []int
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		// "PID (name) state PPID ...": the name may hold anything, so look behind it.
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		if len(fields) > 1 && fields[1] == strconv.Itoa(s.process.Process.Pid) && fields[0] != "Z" {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			pids = append(pids, pid)
		}
	}
	return pids
}
