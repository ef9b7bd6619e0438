package main

import (
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestCrash_OnlyTheRequestsOfTheKilledWorkerFail(t *testing.T) {
	s := serve(t, kitchen("processes = 2"))
	load := startLoad(s, "/sleep?s=0.002", 8, func(status int, body string) string {
		if status == http.StatusBadGateway && strings.Contains(body, "Request ") {
			return "" // counted below, against what the dead workers held
		}
		return is200(status, body)
	})
	const kills = 3
	for n := range kills {
		target := load.count() + 200
		eventually(t, 60*time.Second, func() string {
			if load.count() < target {
				return "the load is too slow"
			}
			return ""
		})
		victims := s.workers()
		if err := syscall.Kill(victims[n%len(victims)], syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		died := time.Now()
		eventually(t, 20*time.Second, func() string {
			if alive := s.workers(); len(alive) != 2 || contains(alive, victims[n%len(victims)]) {
				return fmt.Sprintf("workers are %v", alive)
			}
			return ""
		})
		t.Logf("a new process was there after %s", time.Since(died))
		eventually(t, 20*time.Second, func() string {
			if ready := strings.Count(s.log.text(), "worker ready"); ready < 3+n {
				return fmt.Sprintf("%d workers became ready", ready)
			}
			return ""
		})
	}
	load.mustBeClean(t)
	s.client.CloseIdleConnections()
	s.stop(syscall.SIGTERM)
	failed := strings.Count(s.access.text(), `" 502 `)
	if failed > kills {
		t.Errorf("%d requests got 502, but the %d killed workers held one each", failed, kills)
	}
	if deaths := strings.Count(s.log.text(), `cause="signal 9 (killed)"`); deaths != kills {
		t.Errorf("the log names %d deaths by signal 9, want %d", deaths, kills)
	}
}

func contains(list []int, wanted int) bool {
	for _, one := range list {
		if one == wanted {
			return true
		}
	}
	return false
}

func TestCrash_ARequestThatKillsItsWorkerSaysWhy(t *testing.T) {
	t.Parallel()
	s := serve(t, strings.Replace(kitchen("processes = 2"), `location "/" {`, `access_log { format = "$status $reason $path" }
  location "/" {`, 1))
	s.excuse(`app_exit|SystemExit|path=/quit`)
	cases := []struct {
		path   string
		status int
		reason string
		cause  string
	}{
		{"/crash?signal=KILL", 502, "worker_crashed", `cause="signal 9 \(killed\)"`},
		{"/crash?signal=SEGV", 502, "worker_crashed", `signal 11`},
		{"/leave?code=0", 502, "worker_crashed", `exit status 0|exited`},
		{"/leave?code=3", 502, "worker_crashed", `exit status 3`},
		{"/quit?code=0", 500, "app_exit", `app_exit`},
	}
	for _, c := range cases {
		status, body := s.get(c.path)
		if status != c.status {
			t.Errorf("GET %s: %d %q, want %d", c.path, status, body, c.status)
		}
		s.waitRecord(s.access, fmt.Sprintf(`(?m)^%d %s %s`, c.status, c.reason, strings.Split(c.path, "?")[0]))
		s.waitLog(c.cause)
		eventually(t, 20*time.Second, func() string {
			if n := len(s.workers()); n != 2 {
				return fmt.Sprintf("%d workers", n)
			}
			return ""
		})
		s.expect("/hello", http.StatusOK, "hello\n")
	}
}

func TestCrash_AWorkerThatAlwaysDiesAtBootBacksOffAndUsesNoCPU(t *testing.T) {
	t.Parallel() // it measures CPU time, which other tests do not lengthen
	s := newInstance(t)
	s.write("app/app.py", "import os\nos._exit(7)\n")
	s.configure(`
appserve {
  allow_root      = true
  spool_directory = "$FOLDER/spool"
}
listener "http" { address = "$ADDRESS" }
pool "broken" {
  app   = "app:application"
  chdir = "$FOLDER/app"
  env   = { APPSERVE_E2E = "$FOLDER" }
}
pool "kitchen" {
  app       = "kitchen:application"
  chdir     = "$APPS"
  processes = 1
  env       = { APPSERVE_E2E = "$FOLDER" }
}
site "kitchen" {
  location "/" { pass = pool.kitchen }
  location "/broken" { pass = pool.broken }
}
`)
	s.excuse(`broken`)
	s.start()
	s.waitLog(`appserve: serving`)
	s.expect("/hello", http.StatusOK, "hello\n")
	if status, _ := s.get("/broken"); status != http.StatusServiceUnavailable {
		t.Errorf("GET /broken: %d, want 503 boot_failed", status)
	}
	time.Sleep(4 * time.Second) // a measurement, not a wait: what does backing off cost?
	before := cpuTime(t, s.process.Process.Pid)
	time.Sleep(2 * time.Second)
	used := cpuTime(t, s.process.Process.Pid) - before
	if used > 500*time.Millisecond {
		t.Errorf("%s of CPU in 2 s while backing off", used)
	}
	if starts := strings.Count(s.log.text(), "failed to boot"); starts > 8 {
		t.Errorf("%d boots were tried within 6 s, that is no back-off", starts)
	}
}

// cpuTime is the CPU time of a process and its reaped children.
func cpuTime(t *testing.T, pid int) time.Duration {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	var ticks int
	for _, field := range fields[11:15] {
		n, err := strconv.Atoi(field)
		if err != nil {
			t.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

func TestCrash_NoWorkerOutlivesAKilledMaster(t *testing.T) {
	t.Parallel()
	s := serve(t, kitchen("processes = 2\n  threads = 2"))
	long := s.enter("never_opened")
	if workers := s.workers(); len(workers) != 2 {
		t.Fatalf("workers are %v, want two", workers)
	}
	s.signal(syscall.SIGKILL)
	s.waitExit(20 * time.Second)
	eventually(t, 10*time.Second, func() string { return strings.Join(s.strays(), "\n") })
	<-long
}
