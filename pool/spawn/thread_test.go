package spawn

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/go-hclog"
	"golang.org/x/sys/unix"
)

func TestSpawner_ThreadIsItsOwnAndEndsWithIt(t *testing.T) {
	// A thread outlives Close by a moment, that of the test before too.
	eventually(t, "the threads of other spawners are gone", func() bool { return len(spawnerThreads(t)) == 0 })
	s, err := New(Options{LeaveOrphans: true})
	if err != nil {
		t.Fatal(err)
	}
	threads := spawnerThreads(t)
	if len(threads) != 1 || threads[0] == os.Getpid() {
		t.Errorf("spawner threads %v of process %d", threads, os.Getpid())
	}
	if err := s.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the spawner's thread is gone", func() bool { return len(spawnerThreads(t)) == 0 })
}

// spawnerThreads lists the threads of this process that bear the spawner's name.
func spawnerThreads(t *testing.T) []int {
	t.Helper()
	names, err := filepath.Glob("/proc/self/task/*/comm")
	if err != nil {
		t.Fatal(err)
	}
	var found []int
	for _, name := range names {
		data, _ := os.ReadFile(name) // a thread may end meanwhile
		if strings.TrimSpace(string(data)) != "appserve-spawn" {
			continue
		}
		tid, err := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, tid)
	}
	return found
}

// While processes with a umask of their own are started, files created by
// other threads keep the mode that our umask gives them.
func TestSpawner_UmaskIsPrivate(t *testing.T) {
	s := newTestSpawner(t)
	folder := t.TempDir()
	modes := make(chan os.FileMode, 1)
	stop := make(chan struct{})
	go createFiles(folder, stop, modes)
	for range 50 {
		spec := shell("umask")
		spec.Umask = 0o077
		if got := output(t, s, spec); got != "0077\n" {
			t.Fatalf("umask of the process is %q", got)
		}
	}
	close(stop)
	if got := <-modes; got != 0o644 {
		t.Errorf("a file created meanwhile has mode %o", got)
	}
	if got := output(t, s, shell("umask")); got != "0022\n" {
		t.Errorf("umask of a process that names none is %q", got)
	}
}

// createFiles creates files until stop is closed, and reports the first mode
// that is not 0644, or 0644.
func createFiles(folder string, stop <-chan struct{}, modes chan<- os.FileMode) {
	name := filepath.Join(folder, "file")
	for {
		select {
		case <-stop:
			modes <- 0o644
			return
		default:
		}
		f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL, 0o666)
		if err != nil {
			modes <- 0
			return
		}
		info, err := f.Stat()
		f.Close()
		os.Remove(name)
		if err != nil || info.Mode() != 0o644 {
			modes <- info.Mode()
			return
		}
	}
}

// Where unshare(2) is refused the umask is everybody's for a moment; that is
// said once.
func TestThread_SharedUmaskIsPutBackAndSaid(t *testing.T) {
	logged := make(lines, 10)
	th := &thread{shared: true, warned: map[string]bool{}, logger: hclog.New(&hclog.LoggerOptions{Output: logged})}
	for range 2 {
		restore := th.umask(0o077)
		restore()
	}
	th.umask(-1)()
	if old := unix.Umask(0o022); old != 0o022 {
		t.Errorf("umask afterwards is %o", old)
	}
	if len(logged) != 1 || !strings.Contains(<-logged, "unshare(2) is refused") {
		t.Errorf("%d lines were logged", len(logged))
	}
}

// What is started has its share of the processors, but does not interrupt us.
func TestSpawner_ProcessesAreBatch(t *testing.T) {
	ours, err := unix.SchedGetAttr(0, 0)
	if err != nil || ours.Policy != unix.SCHED_NORMAL {
		t.Skipf("this test runs under policy %d, %v", ours.Policy, err)
	}
	p := start(t, newTestSpawner(t), sleeping())
	theirs, err := unix.SchedGetAttr(p.PID(), 0)
	if err != nil || theirs.Policy != unix.SCHED_BATCH || theirs.Nice != ours.Nice {
		t.Errorf("%+v, %v; ours are %+v", theirs, err, ours)
	}
	if again, err := unix.SchedGetAttr(0, 0); err != nil || again.Policy != unix.SCHED_NORMAL {
		t.Errorf("and ours have become %+v, %v", again, err)
	}
}
