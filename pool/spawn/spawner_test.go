package spawn

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

// newTestSpawner makes a spawner that ends with the test and leaves orphans of
// other tests alone.
func newTestSpawner(t *testing.T) *Spawner {
	t.Helper()
	s, err := New(Options{LeaveOrphans: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeSpawner(t, s) })
	return s
}

func closeSpawner(t *testing.T, s *Spawner) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := s.Close(ctx); err != nil {
		t.Errorf("closing the spawner: %v", err)
	}
}

// shell is a spec that runs a script with /bin/sh.
func shell(script string) Spec {
	return Spec{Path: "/bin/sh", Args: []string{"-c", script}, Umask: -1}
}

// start starts spec or ends the test; the pipes are closed with it.
func start(t *testing.T, s *Spawner, spec Spec) *Process {
	t.Helper()
	p, err := s.Start(spec)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.Stdout().Close()
		p.Stderr().Close()
	})
	return p
}

// ended waits for the process to end.
func ended(t *testing.T, p *Process) Status {
	t.Helper()
	select {
	case <-p.Exited():
		return p.Status()
	case <-time.After(20 * time.Second):
		t.Fatalf("process %d is still there after 20 s", p.PID())
		return Status{}
	}
}

// output runs spec and returns what it printed on standard output.
func output(t *testing.T, s *Spawner, spec Spec) string {
	t.Helper()
	p := start(t, s, spec)
	out, err := io.ReadAll(p.Stdout())
	if err != nil {
		t.Fatal(err)
	}
	complaint, err := io.ReadAll(p.Stderr())
	if err != nil {
		t.Fatal(err)
	}
	if st := ended(t, p); st != (Status{}) {
		t.Fatalf("%s: %s: %s", strings.Join(spec.Args, " "), st, complaint)
	}
	return string(out)
}

func TestSpawner_StartRunsWithExactlyWhatTheSpecSays(t *testing.T) {
	s := newTestSpawner(t)
	spec := shell(`echo "$0 $1"; pwd; echo "$GREETING"; env | wc -l; cat`)
	spec.Args = append(spec.Args, "zero", "one")
	spec.Dir = t.TempDir()
	spec.Env = []string{"GREETING=hello"}
	// The shell adds PWD, and some add SHLVL and _ to what env prints.
	lines := strings.Split(output(t, s, spec), "\n")
	if got := strings.Join(lines[:3], "\n"); got != "zero one\n"+spec.Dir+"\nhello" {
		t.Errorf("the process says %q", got)
	}
	if os.Getenv("HOME") != "" && strings.Contains(output(t, s, shell("env")), "HOME=") {
		t.Error("the environment of the test was inherited")
	}
}

func TestSpawner_OutputsAreSeparate(t *testing.T) {
	s := newTestSpawner(t)
	p := start(t, s, shell("echo out; echo err >&2"))
	out, _ := io.ReadAll(p.Stdout())
	complaint, _ := io.ReadAll(p.Stderr())
	ended(t, p)
	if string(out) != "out\n" || string(complaint) != "err\n" {
		t.Errorf("stdout %q, stderr %q", out, complaint)
	}
}

func TestSpawner_ReadingAnOutputCanBeInterrupted(t *testing.T) {
	s := newTestSpawner(t)
	p := start(t, s, shell("exec sleep 60"))
	if err := p.Stdout().SetReadDeadline(time.Now().Add(10 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Stdout().Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("reading: %v", err)
	}
}

func TestSpawner_StartErrorsNameTheProgram(t *testing.T) {
	s := newTestSpawner(t)
	before := openDescriptors(t)
	_, err := s.Start(Spec{Path: "/nowhere/python3", Umask: -1})
	if !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "starting /nowhere/python3: ") {
		t.Errorf("a missing program: %v", err)
	}
	spec := shell("true")
	spec.Dir = "/nowhere"
	if _, err = s.Start(spec); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "in /nowhere") {
		t.Errorf("a missing folder: %v", err)
	}
	closed, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	w.Close()
	closed.Close()
	spec = shell("true")
	spec.Files = []*os.File{closed}
	if _, err = s.Start(spec); err == nil || !strings.Contains(err.Error(), "starting /bin/sh: passing |0 on: ") {
		t.Errorf("a closed file: %v", err)
	}
	if after := openDescriptors(t); after != before {
		t.Errorf("%d descriptors before the failures, %d after", before, after)
	}
}

// openDescriptors counts the descriptors of the test itself.
func openDescriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

func TestSpawner_CloseEndsWhatIsLeftAndThenRefuses(t *testing.T) {
	s, err := New(Options{LeaveOrphans: true})
	if err != nil {
		t.Fatal(err)
	}
	p := start(t, s, shell(`trap "" TERM; sleep 60 & wait; sleep 60`))
	closeSpawner(t, s)
	if st := ended(t, p); st.String() != "signal 9 (killed)" {
		t.Errorf("ended by %s", st)
	}
	if err := p.SignalGroup(0); !errors.Is(err, os.ErrProcessDone) && !onlyZombies(p.PID()) {
		t.Errorf("somebody of its group is left: %v", err)
	}
	if _, err := s.Start(shell("true")); !errors.Is(err, ErrClosed) {
		t.Errorf("a start after Close: %v", err)
	}
	if err := s.Close(context.Background()); err != nil {
		t.Errorf("a second Close: %v", err)
	}
}

// onlyZombies is whether nobody in a group runs any more; who reaps them is
// not the spawner's business when it leaves orphans.
func onlyZombies(group int) bool {
	deadline := time.Now().Add(5 * time.Second)
	for time.Now().Before(deadline) {
		if len(running(group)) == 0 {
			return true
		}
		time.Sleep(5 * time.Millisecond)
	}
	return false
}

// running lists the processes of a group that are not zombies.
func running(group int) []int {
	var pids []int
	folders, _ := os.ReadDir("/proc")
	for _, folder := range folders {
		data, err := os.ReadFile("/proc/" + folder.Name() + "/stat")
		if err != nil {
			continue
		}
		if s, ok := parseStat(data); ok && s.group == group && !bytes.Contains(data, []byte(") Z ")) {
			pids = append(pids, s.parent)
		}
	}
	return pids
}
