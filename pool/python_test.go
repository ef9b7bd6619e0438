package pool_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/appserve/appserve/pool"
	"github.com/appserve/appserve/pool/spawn"
	"github.com/hashicorp/go-hclog"
)

// spawner starts real processes for one test.
func spawner(t testing.TB) pool.Spawner {
	t.Helper()
	s, err := spawn.New(spawn.Options{LeaveOrphans: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := s.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return pool.Spawn(s)
}

// pythonConfig is a pool that runs source as its application, with python3
// from the PATH.
func pythonConfig(t testing.TB, source string) pool.Config {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "m.py"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	return pool.Config{
		Name: "test", Declared: "test.hcl:1", App: "m:app", Interface: "auto", Chdir: dir, AllowRoot: true,
		InheritEnv: []string{"PATH"}, Processes: 1, Threads: 1, GC: "auto", QueueSize: 1024, QueueTimeout: 30 * time.Second,
		BootTimeout: 30 * time.Second, RequestTimeout: 30 * time.Second, GracefulTimeout: 10 * time.Second,
	}
}

// pythonOptions are the outside world of a pool with real processes.
func pythonOptions(t testing.TB, log *logBuffer) pool.Options {
	t.Helper()
	return pool.Options{
		Logger:  hclog.New(&hclog.LoggerOptions{Output: log, Level: hclog.Debug, DisableTime: true}),
		Spawner: spawner(t), Generation: 1, Environ: os.Environ(),
	}
}

// bootPython boots all workers of a pool, which ends with the test.
func bootPython(t testing.TB, c pool.Config, log *logBuffer) *pool.Pool {
	t.Helper()
	p, err := pool.New(c, pythonOptions(t, log))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	ctx := context.Background()
	if err := p.BootCanary(ctx); err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	if err := p.BootRest(ctx); err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	return p
}
