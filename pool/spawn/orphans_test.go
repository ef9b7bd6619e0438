package spawn

import (
	"bufio"
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// kill -9 of appserve ends what it started, another user's process too.
func TestSpawner_NothingSurvivesAKilledMaster(t *testing.T) {
	cmd := roleCommand(t, "master")
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var pids []int
	for lines := bufio.NewScanner(out); lines.Scan() && lines.Text() != "started"; {
		pid, err := strconv.Atoi(lines.Text())
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, pid)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	killed := time.Now()
	if len(pids) != 2 {
		t.Fatalf("started %v", pids)
	}
	for _, pid := range pids {
		eventually(t, "process "+strconv.Itoa(pid)+" is gone", func() bool { return len(running(pid)) == 0 })
	}
	if took := time.Since(killed); took > 2*time.Second {
		t.Errorf("they were gone after %s", took)
	}
	_ = cmd.Wait() // "signal: killed" is what was asked for
}

func TestSpawner_ReapsOrphansAsSubreaper(t *testing.T) {
	out, err := roleCommand(t, "adopter").Output()
	if err != nil {
		t.Fatal(err)
	}
	if want := "1000 ran, 0 left, exit status 0"; string(out) != want {
		t.Errorf("%s, want %s", out, want)
	}
}

// As PID 1 of a container whose entrypoint left something in the background
// before it became appserve.
func TestSpawner_ReapsOrphansAsPID1(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := roleCommand(t, "adopter")
	cmd.Path = "/bin/sh"
	cmd.Args = []string{"sh", "-c", `sleep 0.5 & exec "$0"`, self}
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:   syscall.CLONE_NEWPID | syscall.CLONE_NEWNS,
		Unshareflags: syscall.CLONE_NEWNS, // makes all mounts private
		Setsid:       true,
	}
	out, err := cmd.Output()
	if errors.Is(err, syscall.EPERM) {
		t.Skip("needs the right to make a pid namespace")
	}
	if err != nil {
		t.Fatal(err)
	}
	if want := "1000 ran, 0 left, exit status 0"; string(out) != want {
		t.Errorf("%s, want %s", out, want)
	}
}

func TestSpawner_NamesADaemonAndEndsItAtClose(t *testing.T) {
	out, err := roleCommand(t, "keeper").Output()
	if err != nil {
		t.Fatal(err)
	}
	line := string(out)
	for _, want := range []string{"outlived", `command="/bin/sleep 61"`, "pool=django", "slot=3"} {
		if !strings.Contains(line, want) {
			t.Errorf("no %s in %q", want, line)
		}
	}
	_, rest, _ := strings.Cut(line, "pid=")
	pid, err := strconv.Atoi(strings.Fields(rest + " none")[0])
	if err != nil {
		t.Fatalf("no pid in %q", line)
	}
	if len(running(pid)) > 0 {
		t.Errorf("process %d survived the Close", pid)
	}
}

// An appserve that is not root but may bind ports and change users passes
// none of that on, not even across a change of user.
func TestSpawner_AmbientCapabilitiesStayHere(t *testing.T) {
	parts := playedAmbient(t, unix.CAP_SETGID, unix.CAP_SETUID, unix.CAP_NET_BIND_SERVICE, unix.CAP_KILL)
	checkPowerless(t, parts[0], "65532", "65531", "7 65531")
	checkPowerless(t, parts[1], "65533", "65533", "9 65533")
	for _, part := range parts[:2] {
		if got := statusField(part, "Umask"); got != "0027" {
			t.Errorf("umask %q", got)
		}
	}
	// The setting was real: the front itself has what it was given.
	if got := statusField(parts[2], "CapAmb"); got != "00000000000004e0" {
		t.Errorf("ambient capabilities of the front: %q", got)
	}
	if strings.Contains(parts[0], "CAP_KILL") {
		t.Errorf("a warning without a reason: %s", parts[0])
	}
}

// Without CAP_KILL neither a signal of ours nor the parent death signal
// reaches a process of another user.
func TestSpawner_WithoutTheRightToKillItWarns(t *testing.T) {
	parts := playedAmbient(t, unix.CAP_SETGID, unix.CAP_SETUID)
	if strings.Count(parts[0], "Add CAP_KILL") != 1 || strings.Contains(parts[1], "Add CAP_KILL") {
		t.Errorf("%q", parts)
	}
}

// playedAmbient is what the role "ambient" prints with these capabilities, in
// three parts: both processes and itself.
func playedAmbient(t *testing.T, caps ...uintptr) []string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root to give capabilities to another user")
	}
	cmd := roleCommand(t, "ambient")
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Credential:  &syscall.Credential{Uid: 65533, Gid: 65533, Groups: []uint32{65533, 9}},
		AmbientCaps: caps,
	}
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(out), "====\n")
	if len(parts) != 3 {
		t.Fatalf("%q", out)
	}
	return parts
}
