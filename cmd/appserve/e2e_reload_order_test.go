package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// While one generation drains, the next but one is loaded and checked, and
// boots when the first is gone: memory never holds three.
func TestReload_OneGenerationDrainsAtATime(t *testing.T) {
	t.Parallel()
	s := serveWitness(t)
	running := s.enter("running")
	s.reloadLive()
	s.signal(syscall.SIGHUP)
	s.waitLog(`reload 2: waiting until generation 1 is gone`)
	s.expectGeneration(2)
	s.expectWorkers(1 + 2) // the busy one of generation 1, and no third generation
	s.configure(s.witness() + "nonsense {}\n")
	s.signal(syscall.SIGHUP) // one more, for when this one is done
	s.open("running")
	s.answered(running, "200 generation 1")
	s.waitLog(`reload 2: live`)
	s.waitLog(`reload 3: refused`)
	s.excuse(`not sound|refused`)
	s.expectGeneration(3)
	s.expectWorkers(2)
}

func (s *instance) expectWorkers(want int) {
	s.t.Helper()
	eventually(s.t, 20*time.Second, func() string {
		if now := s.workers(); len(now) != want {
			return fmt.Sprintf("workers are %v, want %d", now, want)
		}
		return ""
	})
}

// A stop does not wait for a reload, and lets requests of all generations end.
func TestReload_AStopEndsAReloadThatWaits(t *testing.T) {
	t.Parallel()
	s := serveWitness(t)
	first := s.enter("first")
	s.reloadLive()
	second := s.enter("second")
	s.signal(syscall.SIGHUP)
	s.waitLog(`reload 2: waiting until generation 1 is gone`)
	s.signal(syscall.SIGTERM)
	s.waitLog(`appserve: stopping`)
	s.signal(syscall.SIGHUP)
	s.waitLog(`reload ignored: appserve is stopping`)
	s.open("first")
	s.open("second")
	s.answered(first, "200 generation 1")
	s.answered(second, "200 generation 2")
	if code := s.waitExit(30 * time.Second); code != exitStopped {
		t.Errorf("exit code %d", code)
	}
	if verdicts := s.verdicts(); len(verdicts) != 2 || !strings.Contains(verdicts[1], "refused") {
		t.Errorf("verdicts %q, want one reload live and one refused", verdicts)
	}
}

// A request that outlives graceful_timeout is cut, and the next generation is
// not kept waiting for ever.
func TestReload_GracefulTimeoutBoundsTheOldGeneration(t *testing.T) {
	t.Parallel()
	s := serveWitness(t, `processes = 2`, "processes = 1\n  graceful_timeout = \"1s\"\n  request_timeout = \"1s\"")
	s.excuse(`request silent for`)
	stuck := s.enter("stuck")
	s.reloadLive()
	s.answered(stuck, "50[34] .*(?s:.*)")
	s.waitLog(`retired: pool=witness generation=1`)
	s.expectGeneration(2)
	s.expectWorkers(1)
}

// A release is a folder and a link to it. Workers of a generation are all of
// the release that the link showed when it was loaded, replaced ones too.
func TestReload_AReleaseIsPinnedToItsGeneration(t *testing.T) {
	t.Parallel()
	s := newInstance(t)
	witness, err := os.ReadFile("testdata/apps/witness.py")
	if err != nil {
		t.Fatal(err)
	}
	for _, release := range []string{"one", "two"} {
		s.write("releases/"+release+"/witness.py", strings.ReplaceAll(string(witness), "generation {GENERATION}", "release "+release))
	}
	current := filepath.Join(s.folder, "current")
	point := func(release string) {
		t.Helper()
		if err := os.Symlink(filepath.Join("releases", release), current+".new"); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(current+".new", current); err != nil {
			t.Fatal(err)
		}
	}
	point("one")
	s.configure(s.witness(`"$APPS"`, `"$FOLDER/current"`, `processes = 2`, `processes = 1`))
	s.launch(s.command())
	s.expect("/generation", http.StatusOK, "release one")
	point("two")
	killed := s.workers()
	if err := syscall.Kill(killed[0], syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, 20*time.Second, func() string {
		if now := s.workers(); len(now) != 1 || now[0] == killed[0] {
			return fmt.Sprintf("workers are %v, killed was %v", now, killed)
		}
		return ""
	})
	s.expect("/generation", http.StatusOK, "release one")

	s.excuse(`is gone`)
	if err := os.RemoveAll(filepath.Join(s.folder, "releases/one")); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(s.workers()[0], syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	s.waitLog(`failed to boot.*releases/one, the folder of generation 1, is gone: reload`)
	s.reloadLive()
	s.expect("/generation", http.StatusOK, "release two")
}
