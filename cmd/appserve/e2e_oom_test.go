package main

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A worker that the kernel kills for lack of memory is named so. It needs a
// cgroup of version 2 that this test may divide: root, and a controller that
// is not taken by version 1.
func TestCrash_AWorkerWithoutMemoryIsNamed(t *testing.T) {
	group := memoryGroup(t)
	if err := os.WriteFile(filepath.Join(group, "memory.max"), []byte("256M"), 0o644); err != nil {
		t.Fatal(err)
	}
	s := newInstance(t)
	s.excuse(`worker died`)
	s.configure(kitchen("processes = 1"))
	s.startIn(group)
	s.waitLog(`appserve: serving`)
	if status, body := s.get("/hog?mib=512"); status != http.StatusBadGateway {
		t.Errorf("%d %s", status, body)
	}
	s.waitLog(`worker died: .*cause="signal 9 \(killed\), out of memory \(oom_kill in memory.events\)"`)
	s.expect("/hello", http.StatusOK, "hello\n")
}

// memoryGroup makes a cgroup that can bound memory, or skips the test.
func memoryGroup(t *testing.T) string {
	t.Helper()
	membership, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		t.Skipf("no cgroups: %v", err)
	}
	_, own, unified := strings.Cut("\n"+string(membership), "\n0::")
	own, _, _ = strings.Cut(own, "\n")
	parent := filepath.Join("/sys/fs/cgroup", own)
	controllers, err := os.ReadFile(filepath.Join(parent, "cgroup.controllers"))
	if !unified || err != nil || !strings.Contains(string(controllers), "memory") {
		t.Skipf("cgroup version 2 does not bound memory here: %q has the controllers %q, %v", parent, controllers, err)
	}
	group, err := os.MkdirTemp(parent, "appserve-test-")
	if err != nil {
		t.Skipf("the cgroup cannot be divided: %v", err)
	}
	t.Cleanup(func() { _ = os.Remove(group) }) // after the server has ended: it was made before
	if _, err := os.Stat(filepath.Join(group, "memory.max")); err != nil {
		t.Skipf("memory is not delegated to the parts of %s: %v", parent, err)
	}
	return group
}

// startIn starts the server in a cgroup.
func (s *instance) startIn(group string) {
	s.t.Helper()
	folder, err := os.Open(group)
	if err != nil {
		s.t.Fatal(err)
	}
	defer folder.Close()
	s.process = exec.Command(binary, "-c", filepath.Join(s.folder, "conf.d"))
	s.process.Stdout, s.process.Stderr = s.access, s.log
	s.process.SysProcAttr = &syscall.SysProcAttr{UseCgroupFD: true, CgroupFD: int(folder.Fd())}
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.exited = make(chan struct{})
	go s.wait()
	s.t.Cleanup(s.finish)
}
