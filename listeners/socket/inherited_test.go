package socket

import (
	"bytes"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestInherited runs the test binary again as systemd would start it: sockets
// from descriptor 3 on, named in the environment.
func TestInherited(t *testing.T) {
	if os.Getenv("APPSERVE_TEST_INHERITED") != "" {
		return
	}
	dir := t.TempDir()
	var files []*os.File
	for _, name := range []string{"a", "b", "c"} {
		l, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(dir, name), Net: "unix"})
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		f, err := l.File()
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		files = append(files, f)
	}
	// The shell gives LISTEN_PID its own id, which exec keeps.
	child := exec.Command("/bin/sh", "-c", `LISTEN_PID=$$ exec "$0" -test.run '^TestInheritedChild$' -test.v`, os.Args[0])
	child.Env = append(os.Environ(), "APPSERVE_TEST_INHERITED="+dir, "LISTEN_FDS=3", "LISTEN_FDNAMES=web:admin:web", "NOTIFY_SOCKET=/x")
	child.ExtraFiles = files
	var out bytes.Buffer
	child.Stdout, child.Stderr = &out, &out
	if err := child.Run(); err != nil || !strings.Contains(out.String(), "--- PASS: TestInheritedChild") {
		t.Errorf("%v:\n%s", err, out.String())
	}
}

// TestInheritedChild is the process that TestInherited starts.
func TestInheritedChild(t *testing.T) {
	dir := os.Getenv("APPSERVE_TEST_INHERITED")
	if dir == "" {
		t.Skip("only as a child of TestInherited")
	}
	inherited, err := TakeInherited(Environment{Getenv: os.Getenv, Unsetenv: os.Unsetenv, PID: os.Getpid()})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"} {
		if _, there := os.LookupEnv(name); there {
			t.Errorf("%s is left in the environment", name)
		}
	}
	for fd := uintptr(3); fd < 6; fd++ {
		if flags, err := unix.FcntlInt(fd, unix.F_GETFD, 0); err != nil || flags&unix.FD_CLOEXEC == 0 {
			t.Errorf("descriptor %d: flags %x, %v", fd, flags, err)
		}
	}
	if got := strings.Join(inherited.Names(), " "); got != "admin web" {
		t.Errorf("names %q", got)
	}
	kernel := NewKernel(inherited)
	for range 2 { // a listener may go and come back
		serveInherited(t, kernel, "admin", filepath.Join(dir, "b"))
		serveInherited(t, kernel, "web", filepath.Join(dir, "a"), filepath.Join(dir, "c"))
	}
	if _, err := Open(kernel, Spec{Network: "systemd", Target: "api"}); err == nil || !strings.Contains(err.Error(), "there are: admin, web") {
		t.Errorf("%v", err)
	}
}

func serveInherited(t *testing.T, system System, name string, paths ...string) {
	t.Helper()
	s := open(t, system, Spec{Network: "systemd", Target: name})
	if len(s.Listeners()) != len(paths) {
		t.Fatalf("%s: %d sockets, want %d", name, len(s.Listeners()), len(paths))
	}
	for i, l := range s.Listeners() {
		c, err := net.Dial("unix", paths[i])
		if err != nil {
			t.Fatal(err)
		}
		accepted, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(accepted, name)
		accepted.Close()
		if got, err := io.ReadAll(c); err != nil || string(got) != name {
			t.Errorf("%q, %v", got, err)
		}
		c.Close()
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	for _, path := range paths {
		if _, err := os.Lstat(path); err != nil {
			t.Errorf("the file of systemd's socket is gone: %v", err)
		}
	}
}

func TestTakeInheritedWithoutSystemd(t *testing.T) {
	for _, env := range []map[string]string{
		{},
		{"LISTEN_FDS": "2", "LISTEN_PID": "1"}, // for somebody else
	} {
		var unset []string
		in, err := TakeInherited(Environment{
			Getenv:   func(name string) string { return env[name] },
			Unsetenv: func(name string) error { unset = append(unset, name); return nil },
			PID:      4711,
		})
		if err != nil || len(in.Names()) != 0 || len(unset) != 3 {
			t.Errorf("%v: %v, %v, unset %v", env, in.Names(), err, unset)
		}
	}
	_, err := TakeInherited(Environment{
		Getenv: func(string) string { return "many" }, Unsetenv: func(string) error { return nil }, PID: 4711,
	})
	if err != nil { // LISTEN_PID is "many" as well, so it is not for us
		t.Error(err)
	}
	var none *Inherited
	if _, err := none.listeners("web"); err == nil || !strings.Contains(err.Error(), "FileDescriptorName") {
		t.Errorf("%v", err)
	}
}
