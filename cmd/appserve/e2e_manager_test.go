package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// startUnder starts appserve through a shell that becomes it, as a service
// manager does: with descriptors from 3 on, and variables that name its pid.
func (s *instance) startUnder(variables string, descriptors ...*os.File) {
	s.t.Helper()
	script := fmt.Sprintf(`export %s; exec "$0" -c "$1"`, variables)
	s.process = exec.Command("/bin/sh", "-c", script, binary, filepath.Join(s.folder, "conf.d"))
	s.process.Stdout, s.process.Stderr, s.process.ExtraFiles = s.access, s.log, descriptors
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.exited = make(chan struct{})
	go s.wait()
	s.t.Cleanup(s.finish)
}

func TestManager_SocketsByName(t *testing.T) {
	t.Parallel()
	s := newInstance(t)
	s.configure(strings.Replace(kitchen("processes = 1\n  inherit_env = [\"*\"]"), `address = "$ADDRESS"`, `address = "systemd:web"`, 1))
	var passed []*os.File
	for range 2 {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		file, err := listener.(*net.TCPListener).File()
		if err != nil {
			t.Fatal(err)
		}
		s.address = listener.Addr().String()
		listener.Close()
		defer file.Close()
		passed = append(passed, file)
	}
	// Two sockets: a server that takes the first whatever its name is found out.
	s.startUnder("LISTEN_PID=$$ LISTEN_FDS=2 LISTEN_FDNAMES=other:web", passed...)
	s.waitLog(`appserve: serving`)
	s.expect("/hello", http.StatusOK, "hello\n")
	s.expect("/environment?key=LISTEN_FDS", http.StatusOK, "None")
	if verdict := s.reload(); !strings.Contains(verdict, "live") {
		t.Error(verdict)
	}
	s.expect("/hello", http.StatusOK, "hello\n")
}

func TestManager_IsToldOfEveryStep(t *testing.T) {
	t.Parallel()
	s := newInstance(t)
	s.excuse(`refused|configuration is not sound`)
	path := filepath.Join(s.folder, "notify.sock")
	manager, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer manager.Close()
	s.configure(kitchen("processes = 1\n  inherit_env = [\"*\"]"))
	s.startUnder("NOTIFY_SOCKET=" + path)

	expectNotice(t, manager, "READY=1\nSTATUS=generation 1")
	s.expect("/environment?key=NOTIFY_SOCKET", http.StatusOK, "None")
	s.signal(syscall.SIGHUP)
	expectNotice(t, manager, "RELOADING=1\nMONOTONIC_USEC=")
	expectNotice(t, manager, "READY=1\nSTATUS=generation 2")
	s.configure("nonsense {}")
	s.signal(syscall.SIGHUP)
	expectNotice(t, manager, "RELOADING=1\nMONOTONIC_USEC=")
	expectNotice(t, manager, "READY=1\nSTATUS=generation 2; reload 2 refused")
	s.signal(syscall.SIGTERM)
	expectNotice(t, manager, "STOPPING=1")
	if code := s.waitExit(stopLimit); code != exitStopped {
		t.Errorf("exit code %d", code)
	}
}

func expectNotice(t *testing.T, manager *net.UnixConn, want string) {
	t.Helper()
	if got := receive(t, manager); !strings.HasPrefix(got, want) {
		t.Errorf("the service manager was told %q, want %q", got, want)
	}
}

func TestManager_WorkersRunAsTheirUser(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("needs root to become somebody else")
	}
	const python = "/usr/bin/python3"
	if _, err := os.Stat(python); err != nil {
		t.Skip("needs " + python + ", which nobody may execute")
	}
	s := newInstance(t)
	s.write("app/whoami.py", whoami)
	openToAll(t, filepath.Dir(s.folder), s.folder, filepath.Join(s.folder, "app"))
	s.configure(`
appserve {
  spool_directory = "$FOLDER/spool"
}
listener "http" { address = "$ADDRESS" }
pool "app" {
  app       = "whoami:application"
  chdir     = "$FOLDER/app"
  python    = "/usr/bin/python3"
  user      = "nobody"
  umask     = "0027"
  processes = 1
  env       = { APPSERVE_E2E = "$FOLDER" }
}
site "app" {
  location "/" { pass = pool.app }
}
`)
	s.start()
	s.waitLog(`appserve: serving`)
	_, answer := s.get("/")
	for _, want := range []string{"Umask:\t0027\n", "CapPrm:\t0000000000000000\n", "CapEff:\t0000000000000000\n", "CapAmb:\t0000000000000000\n",
		"USER=nobody\n", "LOGNAME=nobody\n", "HOME=/nonexistent\n"} {
		if !strings.Contains(answer, want) {
			t.Errorf("the worker's status lacks %q:\n%s", want, answer)
		}
	}
	if strings.Contains(answer, "Uid:\t0") || strings.Contains(answer, "Gid:\t0") {
		t.Errorf("the worker is still root:\n%s", answer)
	}
}

const whoami = `import os


def application(environ, start_response):
    with open("/proc/self/status") as status:
        lines = status.read()
    lines += "".join(f"{name}={os.environ.get(name)}\n" for name in ("USER", "LOGNAME", "HOME"))
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [lines.encode()]
`

// openToAll lets another user into the folders of a test.
func openToAll(t *testing.T, folders ...string) {
	t.Helper()
	for _, folder := range folders {
		if err := os.Chmod(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}
