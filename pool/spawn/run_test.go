package spawn

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// eventually polls until ok, at most 10 s.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within 10 s: %s", what)
		}
	}
}

// Processes that end at once, started from several goroutines beside
// somebody else's os/exec: every end is told once, with the right status.
func TestSpawner_NoStatusIsLost(t *testing.T) {
	s := newTestSpawner(t)
	const starters, each = 10, 100
	var wg sync.WaitGroup
	for g := range starters {
		wg.Go(func() {
			for i := range each {
				code := (g*each + i) % 256
				p := startQuietly(t, s, "exit "+strconv.Itoa(code))
				if p == nil {
					return
				}
				if st := ended(t, p); st.Code != code {
					t.Errorf("process %d: %s, want %d", p.PID(), st, code)
				}
			}
		})
	}
	wg.Go(func() {
		for range each {
			if err := exec.Command("/bin/true").Run(); err != nil {
				t.Errorf("os/exec beside us: %v", err)
			}
		}
	})
	wg.Wait()
}

// startQuietly starts a script whose output nobody wants; nil on an error.
func startQuietly(t *testing.T, s *Spawner, script string) *Process {
	p, err := s.Start(shell(script))
	if err != nil {
		t.Error(err)
		return nil
	}
	p.Stdout().Close()
	p.Stderr().Close()
	return p
}

func TestProcess_SignalsReachItAndItsGroup(t *testing.T) {
	s := newTestSpawner(t)
	p := start(t, s, shell("sleep 60 & echo started; wait"))
	if _, err := p.Stdout().Read(make([]byte, 100)); err != nil {
		t.Fatal(err)
	}
	if err := p.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if st := ended(t, p); st.Signal != syscall.SIGKILL {
		t.Errorf("ended by %s", st)
	}
	if err := p.Signal(syscall.SIGTERM); !errors.Is(err, os.ErrProcessDone) {
		t.Errorf("a signal after the end: %v", err)
	}
	if len(running(p.PID())) != 1 {
		t.Fatal("the child did not survive its parent")
	}
	if err := p.SignalGroup(syscall.SIGKILL); err != nil {
		t.Errorf("a signal for those who are left: %v", err)
	}
	if !onlyZombies(p.PID()) {
		t.Error("the child survived its group's signal")
	}
}

func TestProcess_AnEmptyGroupIsSaidToBeDone(t *testing.T) {
	s := newTestSpawner(t)
	p := start(t, s, shell("true"))
	ended(t, p)
	if err := p.SignalGroup(syscall.SIGTERM); !errors.Is(err, os.ErrProcessDone) {
		t.Errorf("a signal for nobody: %v", err)
	}
	if !p.groupGone {
		t.Error("the kernel is asked again, when the number may belong to somebody else")
	}
}

func TestProcess_LeadsItsOwnSession(t *testing.T) {
	s := newTestSpawner(t)
	p := start(t, s, shell("exec sleep 60"))
	stat, ok := readStat(p.PID())
	if !ok || stat.session != p.PID() || stat.group != p.PID() || stat.parent != os.Getpid() {
		t.Errorf("process %d: %+v", p.PID(), stat)
	}
}
