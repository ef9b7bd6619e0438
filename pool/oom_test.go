package pool_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/appserve/appserve/pool"
)

// cgroup is a cgroup of version 2 that counts kills.
type cgroup struct {
	kills atomic.Int64
}

func (c *cgroup) read(name string) ([]byte, error) {
	switch name {
	case "/proc/self/cgroup":
		return []byte("1:name=systemd:/other\n0::/system.slice/appserve.service\n"), nil
	case "/sys/fs/cgroup/system.slice/appserve.service/memory.events":
		return fmt.Appendf(nil, "low 0\nhigh 0\nmax 90\noom 80\noom_kill %d\noom_group_kill 0\n", c.kills.Load()), nil
	}
	return nil, fmt.Errorf("reading %s: %w", name, fs.ErrNotExist)
}

// oomBench is a booted pool of one fake worker in a cgroup.
func oomBench(t *testing.T, read func(string) ([]byte, error)) (*bench, *fakeWorker) {
	t.Helper()
	b := &bench{log: &logBuffer{}, clock: &testClock{}, spawner: newFakeSpawner(t, serving(hello))}
	p, err := pool.New(fakeConfig(), pool.Options{
		Logger:  hclog.New(&hclog.LoggerOptions{Output: b.log, DisableTime: true}),
		Spawner: b.spawner, Now: b.clock.now, ReadFile: read, Interpreter: pool.Interpreter{Path: "/usr/bin/python3"},
	})
	if err != nil {
		t.Fatal(err)
	}
	b.Pool = p
	t.Cleanup(p.Kill)
	if err := p.BootCanary(context.Background()); err != nil {
		t.Fatal(err)
	}
	return b, <-b.spawner.started
}

func TestPool_ADeathForLackOfMemoryIsNamed(t *testing.T) {
	group := &cgroup{}
	group.kills.Store(7) // of an earlier life
	b, w := oomBench(t, group.read)
	b.clock.freeze()

	w.exit(pool.Status{Signal: syscall.SIGKILL})
	b.log.wait(t, "worker died", `cause="signal 9 (killed)"`)

	group.kills.Store(8)
	second := <-b.spawner.started
	eventually(t, func() bool { return b.Ready() == 1 }, func() string { return b.log.String() })
	second.exit(pool.Status{Signal: syscall.SIGKILL})
	b.log.wait(t, "worker died", `cause="signal 9 (killed), out of memory (oom_kill in memory.events)"`)
}

func TestPool_OnlySIGKILLIsLackOfMemory(t *testing.T) {
	group := &cgroup{}
	b, w := oomBench(t, group.read)
	group.kills.Store(1)
	w.exit(pool.Status{Signal: syscall.SIGSEGV})
	b.log.wait(t, "worker died", "signal 11")
	if b.log.has("out of memory") {
		t.Errorf("a segmentation fault is called lack of memory:\n%s", b.log)
	}
}

func TestPool_WithoutACgroupNobodyGuesses(t *testing.T) {
	b, w := oomBench(t, func(string) ([]byte, error) { return nil, errors.New("no /proc here") })
	w.exit(pool.Status{Signal: syscall.SIGKILL})
	b.log.wait(t, "worker died", `cause="signal 9 (killed)"`)
}

func TestOOMWatch_DeathsOfOneMomentShareAKill(t *testing.T) {
	group := &cgroup{}
	killed := pool.WatchOOM(group.read)
	now := time.Now()
	if killed(now) {
		t.Error("nothing was killed yet")
	}
	group.kills.Store(2) // two at once
	if !killed(now) || !killed(now.Add(500*time.Millisecond)) {
		t.Error("one of two deaths is not put down to it")
	}
	if killed(now.Add(2 * time.Second)) {
		t.Error("a death long after is put down to it")
	}
}
