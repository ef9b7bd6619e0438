package spawn

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

func TestParseStat(t *testing.T) {
	got, ok := parseStat([]byte("12 (a) S 1 (b c) S 34 56 78 0 -1 4194560"))
	if want := (stat{parent: 34, group: 56, session: 78}); !ok || got != want {
		t.Errorf("a name that looks like fields: %+v, %v", got, ok)
	}
	for _, bad := range []string{"", "12 (a", "12 (a) S 1 2", "12 (a) S x y z"} {
		if got, ok := parseStat([]byte(bad)); ok {
			t.Errorf("%q is %+v", bad, got)
		}
	}
}

func TestChildrenOf_FindsLivingAndEndedOnes(t *testing.T) {
	var pids []int
	for _, script := range []string{"exec sleep 60", "exit 0"} {
		cmd := exec.Command("/bin/sh", "-c", script)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		defer cmd.Wait()
		defer cmd.Process.Kill()
		pids = append(pids, cmd.Process.Pid)
	}
	found := childrenOf(os.Getpid())
	for _, pid := range pids {
		if !slices.Contains(found, pid) {
			t.Errorf("child %d is not among %v", pid, found)
		}
	}
	if stat, ok := readStat(pids[0]); !ok || stat.parent != os.Getpid() {
		t.Errorf("stat of the first: %+v, %v", stat, ok)
	}
}

func TestCommandAndEnvironOf(t *testing.T) {
	s := newTestSpawner(t)
	p := start(t, s, Spec{Path: "/bin/sleep", Args: []string{"60"}, Env: []string{"A=1", "APPSERVE_POOL=django"}, Umask: -1})
	if got := commandOf(p.PID()); got != "/bin/sleep 60" {
		t.Errorf("command %q", got)
	}
	if got := environOf(p.PID(), "APPSERVE_POOL"); got != "django" {
		t.Errorf("APPSERVE_POOL is %q", got)
	}
	if got := environOf(p.PID(), "APPSERVE"); got != "" {
		t.Errorf("a variable it does not have is %q", got)
	}
}

func TestShorten(t *testing.T) {
	if got := shorten("short", 5); got != "short" {
		t.Error(got)
	}
	if got := shorten(strings.Repeat("ä", 5), 5); got != "ää..." {
		t.Errorf("%q", got)
	}
}
