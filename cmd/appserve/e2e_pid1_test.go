package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// serveAsPID1 starts appserve as the first process of a pid namespace, as in a
// container whose entrypoint left something behind before it became appserve.
func serveAsPID1(t *testing.T) *instance {
	t.Helper()
	s := newInstance(t)
	s.configure(s.witness())
	command := exec.Command("/bin/sh", "-c", `mount -t proc proc /proc && { sleep 0.2 & exec "$0" -c "$1"; }`,
		binary, filepath.Join(s.folder, "conf.d"))
	command.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:   syscall.CLONE_NEWPID | syscall.CLONE_NEWNS,
		Unshareflags: syscall.CLONE_NEWNS, // makes all mounts private
	}
	if err := (&exec.Cmd{Path: "/bin/true", SysProcAttr: command.SysProcAttr}).Run(); errors.Is(err, syscall.EPERM) {
		t.Skip("needs the right to make a pid namespace")
	}
	s.launch(command)
	return s
}

// As PID 1 appserve reaps what nobody else does, still learns how its own
// workers ended, and stops when it is told to.
func TestPID1_ReapsOrphansAndStops(t *testing.T) {
	t.Parallel()
	s := serveAsPID1(t)
	if pid := s.workerPIDInside(); pid <= 1 || pid > 1000 {
		t.Fatalf("a worker has pid %d: this is no pid namespace of its own", pid)
	}
	const orphans = 1000
	s.expect(fmt.Sprintf("/orphans?n=%d", orphans), http.StatusOK, "left behind")
	if err := syscall.Kill(s.workers()[0], syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	s.waitLog(`worker died.*cause="signal 9 \(killed\)"`)
	s.expectWorkers(2)
	eventually(t, 30*time.Second, func() string {
		if children := s.children(); len(children) != 2 {
			return fmt.Sprintf("children are %v, want two workers", children)
		}
		return ""
	})
	s.reloadLive()
	s.expectGeneration(2)
	if code := s.stop(syscall.SIGTERM); code != exitStopped {
		t.Errorf("exit code %d", code)
	}
	if strings.Contains(s.log.text(), "no child processes") {
		t.Error("a status was taken from the one it belongs to")
	}
}

// workerPIDInside is the number that a worker has in its own namespace.
func (s *instance) workerPIDInside() int {
	s.t.Helper()
	_, status := s.get("/status")
	pid, err := strconv.Atoi(strings.Join(statusField(status, "Pid"), ""))
	if err != nil {
		s.t.Fatal(err)
	}
	return pid
}

// children are all children of the server with their states, ended ones included.
func (s *instance) children() []string {
	s.t.Helper()
	var found []string
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		content, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended since
		}
		text := string(content)
		fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
		if len(fields) > 1 && fields[1] == strconv.Itoa(s.process.Process.Pid) {
			found = append(found, filepath.Base(filepath.Dir(path))+" "+fields[0])
		}
	}
	return found
}
