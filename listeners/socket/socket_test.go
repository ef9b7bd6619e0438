package socket

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

func open(t *testing.T, system System, spec Spec) *Socket {
	t.Helper()
	s, err := Open(system, spec)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func fileSpec(t *testing.T) Spec {
	path := filepath.Join(t.TempDir(), "x.sock")
	return Spec{Text: "unix:" + path, Network: "unix", Target: path, Backlog: 16, Mode: 0o640}
}

// reach connects and lets the socket accept.
func reach(t *testing.T, s *Socket, network, addr string) {
	t.Helper()
	c, err := net.Dial(network, addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	accepted, err := s.Listeners()[0].Accept()
	if err != nil {
		t.Fatal(err)
	}
	accepted.Close()
}

func TestTCP(t *testing.T) {
	s := open(t, NewKernel(nil), Spec{Network: "tcp", Target: ":0", Backlog: 16})
	port := s.Listeners()[0].Addr().(*net.TCPAddr).Port
	reach(t, s, "tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if hasIPv6() {
		reach(t, s, "tcp", fmt.Sprintf("[::1]:%d", port))
	}
	for _, target := range []string{"0.0.0.0", "127.0.0.1"} {
		if _, err := Open(NewKernel(nil), Spec{Network: "tcp4", Target: fmt.Sprintf("%s:%d", target, port)}); !errors.Is(err, unix.EADDRINUSE) {
			t.Errorf("%s on the same port: %v", target, err)
		}
	}
}

func TestIPv4Alone(t *testing.T) {
	s := open(t, NewKernel(nil), Spec{Network: "tcp4", Target: "127.0.0.1:0", Backlog: 16})
	reach(t, s, "tcp", s.Listeners()[0].Addr().String())
}

func TestDescriptorsAreCloseOnExecAndNonBlocking(t *testing.T) {
	spec := fileSpec(t)
	for _, s := range []*Socket{open(t, NewKernel(nil), spec), open(t, NewKernel(nil), Spec{Network: "tcp4", Target: "127.0.0.1:0"})} {
		raw, err := s.Listeners()[0].(syscall.Conn).SyscallConn()
		if err != nil {
			t.Fatal(err)
		}
		_ = raw.Control(func(fd uintptr) {
			if flags, err := unix.FcntlInt(fd, unix.F_GETFD, 0); err != nil || flags&unix.FD_CLOEXEC == 0 {
				t.Errorf("descriptor flags %x, %v", flags, err)
			}
			if flags, err := unix.FcntlInt(fd, unix.F_GETFL, 0); err != nil || flags&unix.O_NONBLOCK == 0 {
				t.Errorf("status flags %x, %v", flags, err)
			}
		})
	}
}

func TestAbstract(t *testing.T) {
	name := fmt.Sprintf("@appserve-test-%d", os.Getpid())
	s := open(t, NewKernel(nil), Spec{Network: "unix", Target: name, Backlog: 16})
	reach(t, s, "unix", name)
	if _, err := Open(NewKernel(nil), Spec{Network: "unix", Target: name}); !errors.Is(err, unix.EADDRINUSE) {
		t.Errorf("twice: %v", err)
	}
}

func TestSocketFile(t *testing.T) {
	spec := fileSpec(t)
	s := open(t, NewKernel(nil), spec)
	info, err := os.Lstat(spec.Target)
	if err != nil || info.Mode().Perm() != 0o640 || info.Mode().Type() != fs.ModeSocket {
		t.Fatalf("%v, %v", info, err)
	}
	reach(t, s, "unix", spec.Target)
	entries, err := os.ReadDir(filepath.Dir(spec.Target))
	if err != nil || len(entries) != 1 {
		t.Errorf("temporary names are left: %v, %v", entries, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Lstat(spec.Target); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file is left: %v", err)
	}
}

func TestStaleSocketFileIsReplaced(t *testing.T) {
	spec := fileSpec(t)
	dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: spec.Target, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	dead.SetUnlinkOnClose(false)
	dead.Close()
	s := open(t, NewKernel(nil), spec)
	reach(t, s, "unix", spec.Target)
}

func TestLiveSocketFileIsAnError(t *testing.T) {
	spec := fileSpec(t)
	s := open(t, NewKernel(nil), spec)
	_, err := Open(NewKernel(nil), spec)
	if !errors.Is(err, unix.EADDRINUSE) || !strings.Contains(err.Error(), "another process answers") {
		t.Errorf("%v", err)
	}
	accepted, err := s.Listeners()[0].Accept() // the probe
	if err != nil {
		t.Fatal(err)
	}
	accepted.Close()
	reach(t, s, "unix", spec.Target)
}

func TestAnotherFileIsAnError(t *testing.T) {
	spec := fileSpec(t)
	if err := os.WriteFile(spec.Target, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(NewKernel(nil), spec); err == nil || !strings.Contains(err.Error(), "is no socket") {
		t.Errorf("%v", err)
	}
	if text, err := os.ReadFile(spec.Target); err != nil || string(text) != "precious" {
		t.Errorf("%q, %v", text, err)
	}
}

func TestCloseLeavesTheFileOfSomebodyElse(t *testing.T) {
	spec := fileSpec(t)
	first := open(t, NewKernel(nil), spec)
	if err := os.Remove(spec.Target); err != nil {
		t.Fatal(err)
	}
	if first.Ours() {
		t.Error("a removed file is still ours")
	}
	second := open(t, NewKernel(nil), spec)
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	reach(t, second, "unix", spec.Target)
}

// faulty fails one kind of call.
type faulty struct {
	*Kernel
	fail string
	uid  int // of the last chown
	gid  int
}

var errFault = errors.New("fault")

func (f *faulty) Listen(bound *os.File, backlog int) (net.Listener, error) {
	if f.fail == "listen" {
		bound.Close()
		return nil, errFault
	}
	return f.Kernel.Listen(bound, backlog)
}

func (f *faulty) Chmod(path string, mode uint32) error {
	if f.fail == "chmod" {
		return errFault
	}
	return f.Kernel.Chmod(path, mode)
}

func (f *faulty) Chown(path string, uid, gid int) error {
	f.uid, f.gid = uid, gid
	if f.fail == "chown" {
		return errFault
	}
	return nil
}

func (f *faulty) Rename(from, to string) error {
	if f.fail == "rename" {
		return errFault
	}
	return f.Kernel.Rename(from, to)
}

func (f *faulty) SetBacklog(l net.Listener, n int) error {
	if f.fail == "backlog" {
		return errFault
	}
	return f.Kernel.SetBacklog(l, n)
}

func TestAFailedOpenLeavesNothing(t *testing.T) {
	for _, fail := range []string{"listen", "chmod", "chown", "rename"} {
		spec := fileSpec(t)
		spec.User = "0"
		if _, err := Open(&faulty{Kernel: NewKernel(nil), fail: fail}, spec); !errors.Is(err, errFault) {
			t.Errorf("%s: %v", fail, err)
		}
		if entries, err := os.ReadDir(filepath.Dir(spec.Target)); err != nil || len(entries) != 0 {
			t.Errorf("%s leaves %v, %v", fail, entries, err)
		}
	}
}

func TestUnknownAccountIsAnError(t *testing.T) {
	spec := fileSpec(t)
	spec.Group = "no-such-group-here"
	if _, err := Open(NewKernel(nil), spec); err == nil || !strings.Contains(err.Error(), "no-such-group-here") {
		t.Errorf("%v", err)
	}
}

func TestAdopt(t *testing.T) {
	spec := fileSpec(t)
	system := &faulty{Kernel: NewKernel(nil)}
	s := open(t, system, spec)
	changed := spec
	changed.Mode, changed.Backlog, changed.User = 0o666, 99, "1234"
	for _, fail := range []string{"chmod", "chown", "backlog"} {
		system.fail = fail
		if _, err := s.Adopt(changed); !errors.Is(err, errFault) {
			t.Errorf("%s: %v", fail, err)
		}
		if info, err := os.Lstat(spec.Target); err != nil || info.Mode().Perm() != 0o640 || s.Spec() != spec {
			t.Errorf("%s: mode %v, %+v, %v", fail, info.Mode(), s.Spec(), err)
		}
	}
	system.fail = ""
	undo, err := s.Adopt(changed)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(spec.Target); err != nil || info.Mode().Perm() != 0o666 || system.uid != 1234 || s.Spec() != changed {
		t.Errorf("mode %v, owner %d, %+v, %v", info.Mode(), system.uid, s.Spec(), err)
	}
	undo()
	if info, err := os.Lstat(spec.Target); err != nil || info.Mode().Perm() != 0o640 || s.Spec() != spec {
		t.Errorf("mode %v, %+v, %v", info.Mode(), s.Spec(), err)
	}
	reach(t, s, "unix", spec.Target)
}

// What a reload takes out of the configuration is out of the file as well.
func TestAdoptWithoutTheOwnerOfBefore(t *testing.T) {
	spec := fileSpec(t)
	given := spec
	given.User, given.Group = "1234", "4321"
	system := &faulty{Kernel: NewKernel(nil)}
	s := open(t, system, given)
	group := given
	group.User = ""
	for _, step := range []struct {
		spec     Spec
		uid, gid int
	}{{group, os.Geteuid(), 4321}, {spec, -1, os.Getegid()}, {given, 1234, 4321}} {
		if _, err := s.Adopt(step.spec); err != nil {
			t.Fatal(err)
		}
		if system.uid != step.uid || system.gid != step.gid {
			t.Errorf("user %q, group %q: given to %d:%d", step.spec.User, step.spec.Group, system.uid, system.gid)
		}
	}
}

// A file that somebody else put in the place of ours is not touched.
func TestAdoptLeavesTheFileOfSomebodyElse(t *testing.T) {
	spec := fileSpec(t)
	system := &faulty{Kernel: NewKernel(nil)}
	s := open(t, system, spec)
	if err := os.Remove(spec.Target); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(spec.Target, nil, 0o604); err != nil {
		t.Fatal(err)
	}
	changed := spec
	changed.Mode, changed.Backlog = 0o666, 99
	system.fail = "backlog"
	if _, err := s.Adopt(changed); !errors.Is(err, errFault) {
		t.Errorf("%v", err)
	}
	if info, err := os.Lstat(spec.Target); err != nil || info.Mode().Perm() != 0o604 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestDrain(t *testing.T) {
	spec := fileSpec(t)
	s := open(t, NewKernel(nil), spec)
	for range 5 {
		c, err := net.Dial("unix", spec.Target)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := c.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	conns, err := Drain(s.Listeners()[0])
	if err != nil || len(conns) != 5 {
		t.Fatalf("%d connections, %v", len(conns), err)
	}
	for _, c := range conns {
		var b [1]byte
		if n, err := c.Read(b[:]); n != 1 || b[0] != 'x' {
			t.Errorf("%d bytes %q, %v", n, b, err)
		}
		c.Close()
	}
}
