package pool_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/appserve/appserve/pool"
)

func TestPython_BootFailures(t *testing.T) {
	cases := []struct {
		name, source, phase, want, traceback string
	}{
		{"syntax error", "def app(:\n", "import", "SyntaxError", "m.py"},
		{"import error", "import does_not_exist\n", "import", "No module named 'does_not_exist'", "m.py"},
		{"no callable", "x = 1\n", "callable", "app", ""},
		{"asgi", "async def app(scope, receive, send): pass\n", "interface", "ASGI is not supported yet", ""},
		{"sys.exit", "import sys; sys.exit(0)\n", "import", "SystemExit", ""},
		{"os._exit", "import os; os._exit(0)\n", "import", "exit status 0", ""},
		{"crash", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)\n", "import", "signal 11", ""},
		{"hangs", "import time\ndef wait():\n    time.sleep(1000)\nwait()\n", "ready", "boot_timeout", "in wait"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			log := &logBuffer{}
			config := pythonConfig(t, c.source)
			if c.name == "hangs" {
				config.BootTimeout = time.Second
			}
			p, err := pool.New(config, pythonOptions(t, log))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(p.Kill)
			var boot *pool.BootError
			if err := p.BootCanary(context.Background()); !errors.As(err, &boot) {
				t.Fatalf("got %v", err)
			}
			if boot.Phase != c.phase || !strings.Contains(boot.Message, c.want) || !strings.Contains(boot.Traceback, c.traceback) {
				t.Errorf("got %+v\n%s", boot, log)
			}
		})
	}
}

func TestPython_Interpreters(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o700); err != nil {
			t.Fatal(err)
		}
		return path
	}
	old := write("old", "#!/bin/sh\necho 3.8.20 cpython 0\n")
	odd := write("odd", "#!/bin/sh\necho hello\n")
	broken := write("broken", "#!/bin/sh\necho 'no libpython' >&2; exit 127\n")
	pypy := write("pypy", "#!/bin/sh\necho 3.10.14 pypy 0\n")
	cases := []struct {
		name   string
		change func(c *pool.Config)
		want   string // of the error
	}{
		{"too old", func(c *pool.Config) { c.Python = old }, "appserve needs 3.9 or newer"},
		{"no Python", func(c *pool.Config) { c.Python = odd }, `it said "hello"`},
		{"broken", func(c *pool.Config) { c.Python = broken }, "no libpython"},
		{"missing", func(c *pool.Config) { c.Python = "/nowhere/python" }, "python: there is no /nowhere/python. Write the interpreter's whole path"},
		{"missing virtualenv", func(c *pool.Config) { c.Virtualenv = "/nowhere" }, "virtualenv: there is no /nowhere/bin/python. Make it: python3 -m venv /nowhere"},
		{"none", func(c *pool.Config) { c.InheritEnv = nil }, "looked for " + dir},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			config := pythonConfig(t, "")
			config.Chdir = dir
			c.change(&config)
			_, err := pool.FindInterpreter(t.Context(), config, pythonOptions(t, &logBuffer{}))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	config := pythonConfig(t, "")
	config.Python = pypy
	found, err := pool.FindInterpreter(t.Context(), config, pythonOptions(t, &logBuffer{}))
	if err != nil || found != (pool.Interpreter{Path: pypy, Version: "3.10.14", Implementation: "PyPy"}) {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestPython_Crashes(t *testing.T) {
	log := &logBuffer{}
	p := bootPython(t, pythonConfig(t, `
import os, signal
def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if path == "/exit":
        os._exit(3)
    if path == "/sys":
        raise SystemExit(0)
    if path == "/close":
        os.closerange(3, 1000)
    start_response("200 OK", [])
    return [str(os.getpid()).encode()]
`), log)
	h := p.Handler(pool.HandlerOptions{})
	cases := []struct {
		path, reason, log string
		status            int
	}{
		{"/kill", "worker_crashed", "signal 9 (killed)", 502},
		{"/exit", "worker_crashed", "exit status 3", 502},
		{"/sys", "app_exit", "reason=app_exit", 500},
		{"/close", "link_closed", "closed its link", 502},
	}
	for _, c := range cases {
		before := serve(h, get("/"))
		x := serve(h, get(c.path))
		if x.status != c.status || x.reason != c.reason {
			t.Errorf("%s: %d %q", c.path, x.status, x.reason)
		}
		log.wait(t, c.log)
		eventually(t, func() bool {
			x := serve(h, get("/"))
			return x.status == 200 && x.body.String() != before.body.String()
		}, func() string { return c.path + ": the worker was not replaced\n" + log.String() })
	}
}

// Timeout: the log holds the line where it hung, whatever kept it there.
func TestPython_Timeouts(t *testing.T) {
	for name, body := range map[string]string{
		"sleep": "time.sleep(1000)",
		"busy":  "while True: pass",
		"lock":  "lock.acquire(); lock.acquire()",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := &logBuffer{}
			c := pythonConfig(t, fmt.Sprintf(`
import threading, time
lock = threading.Lock()
def stuck():
    %s
def app(environ, start_response):
    if environ["PATH_INFO"] == "/stuck":
        stuck()
    start_response("200 OK", [])
    return [b"ok"]
`, body))
			c.Processes, c.RequestTimeout = 2, 2*time.Second
			p := bootPython(t, c, log)
			h := p.Handler(pool.HandlerOptions{})
			stuck := make(chan *testExchange)
			go func() { stuck <- serve(h, get("/stuck")) }()
			if x := serve(h, get("/")); x.status != 200 {
				t.Errorf("beside it: %d %q", x.status, x.reason)
			}
			if x := <-stuck; x.status != 504 || x.reason != "request_timeout" {
				t.Errorf("%d %q", x.status, x.reason)
			}
			log.wait(t, "request silent for 2s", "path=/stuck")
			log.wait(t, `thread "MainThread" (this request)`)
			log.wait(t, "in stuck")
			log.wait(t, "worker replaced", "request timeout")
			eventually(t, func() bool { return p.Ready() == 2 }, func() string { return "not at full strength" })
		})
	}
}

func TestPython_Output(t *testing.T) {
	log := &logBuffer{}
	p := bootPython(t, pythonConfig(t, `
import sys
def app(environ, start_response):
    print("printed \x1b[1m")
    print("complained", file=sys.stderr)
    print("noted", file=environ["wsgi.errors"])
    if environ["PATH_INFO"] == "/flood":
        for _ in range(10000):
            print("x" * 1000)
    start_response("200 OK", [])
    return [b"ok"]
`), log)
	h := p.Handler(pool.HandlerOptions{})
	if x := serve(h, get("/")); x.status != 200 {
		t.Fatal(x.status)
	}
	log.wait(t, `app: printed \x1b[1m: pool=test slot=0 pid=`, "stream=stdout")
	log.wait(t, "app: complained:", "stream=stderr")
	log.wait(t, "app: noted:", "stream=stderr")
	if x := serve(h, get("/flood")); x.status != 200 {
		t.Errorf("%d %q", x.status, x.reason)
	}
}

func TestPython_Threads(t *testing.T) {
	c := pythonConfig(t, `
import threading
barrier = threading.Barrier(4)
def app(environ, start_response):
    barrier.wait(20)
    start_response("200 OK", [])
    return [str(environ["wsgi.multithread"]).encode()]
`)
	c.Threads = 4
	p := bootPython(t, c, &logBuffer{})
	h := p.Handler(pool.HandlerOptions{})
	answers := make(chan *testExchange)
	for range 4 {
		go func() { answers <- serve(h, get("/")) }()
	}
	for range 4 {
		if x := <-answers; x.status != 200 || x.body.String() != "True" {
			t.Errorf("%d %q %q", x.status, x.reason, x.body.String())
		}
	}
}

// What an application leaves behind ends with its worker, and the worker with
// the pool, within bounds.
func TestPython_LeavesNothingBehind(t *testing.T) {
	log := &logBuffer{}
	p := bootPython(t, pythonConfig(t, `
import os, threading, time
def app(environ, start_response):
    pid = os.fork()
    if pid == 0:
        time.sleep(1000)
    start_response("200 OK", [])
    return [f"{os.getpid()} {pid}".encode()]
`), log)
	x := serve(p.Handler(pool.HandlerOptions{}), get("/"))
	var worker, child int
	if _, err := fmt.Sscan(x.body.String(), &worker, &child); err != nil {
		t.Fatal(err)
	}
	p.Retire(context.Background())
	if err := syscall.Kill(worker, 0); err == nil {
		t.Error("the worker lives")
	}
	if state := processState(child); state != "" && state != "Z" {
		t.Errorf("its child is in state %s", state)
	}
}

// processState is the letter of /proc/PID/stat; "" when there is no process.
func processState(pid int) string {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(string(content), ") ")
	return rest[:1]
}

func TestPython_Identity(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("needs root")
	}
	log := &logBuffer{}
	c := pythonConfig(t, `
import os
def app(environ, start_response):
    start_response("200 OK", [])
    old = os.umask(0)
    return [f"{os.getuid()} {os.geteuid()} {old:o} {os.environ['USER']} {sorted(os.environ)}".encode()]
`)
	makeReadable(t, c.Chdir)
	c.Python = systemPython(t)
	umask := uint32(0o027)
	c.Identity.User, c.Umask, c.AllowRoot = "nobody", &umask, false
	p := bootPython(t, c, log)
	x := serve(p.Handler(pool.HandlerOptions{}), get("/"))
	if !strings.HasPrefix(x.body.String(), "65534 65534 27 nobody") {
		t.Errorf("%q\n%s", x.body.String(), log)
	}
	if strings.Contains(x.body.String(), "NOTIFY_SOCKET") || !strings.Contains(x.body.String(), "APPSERVE_SLOT") {
		t.Errorf("%q", x.body.String())
	}
}

// systemPython is an interpreter that every user can run.
func systemPython(t *testing.T) string {
	t.Helper()
	const path = "/usr/bin/python3"
	if _, err := os.Stat(path); err != nil {
		t.Skip(path + " is not installed")
	}
	return path
}

// makeReadable lets everybody into a test's directory.
func makeReadable(t *testing.T, dir string) {
	t.Helper()
	for d := dir; strings.HasPrefix(d, os.TempDir()+"/"); d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(filepath.Join(dir, "m.py"), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A worker's descriptors are exactly those it was given (runtime.md D2).
func TestPython_Descriptors(t *testing.T) {
	c := pythonConfig(t, `
import os
def app(environ, start_response):
    start_response("200 OK", [])
    names = []
    for fd in os.listdir("/proc/self/fd"):
        try:
            names.append(fd + " " + os.readlink("/proc/self/fd/" + fd))
        except OSError:
            pass
    return ["\n".join(sorted(names)).encode()]
`)
	c.Processes = 3
	p := bootPython(t, c, &logBuffer{})
	x := serve(p.Handler(pool.HandlerOptions{}), get("/"))
	kinds := map[string]int{}
	for line := range strings.Lines(x.body.String()) {
		_, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		kind, _, _ := strings.Cut(name, ":")
		kinds[kind]++
	}
	want := map[string]int{"/dev/null": 1, "pipe": 2, "socket": 3} // control, one slot, bodies
	if fmt.Sprint(kinds) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v\n%s", kinds, want, x.body.String())
	}
}
