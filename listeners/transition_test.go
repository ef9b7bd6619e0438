package listeners

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/appserve/appserve/listeners/socket"
)

func netDial(addr string) (net.Conn, error) { return net.DialTimeout("tcp", addr, time.Second) }

// listener makes a listener of a TCP target.
func listener(name, target string) Listener {
	l := loopback(name)
	l.Addresses = []Address{{Text: target, Network: "tcp", Target: target}}
	return l
}

func unixListener(name, path string) Listener {
	l := loopback(name)
	l.Mode = 0o600
	l.Addresses = []Address{{Text: "unix:" + path, Network: "unix", Target: path}}
	return l
}

func TestFailedPrepareChangesNothing(t *testing.T) {
	w := start(t, says("/", "hello"))
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	path := filepath.Join(t.TempDir(), "x.sock")
	busy := listener("busy", taken.Addr().String())
	busy.Declared = "sites.hcl:7"
	_, err = w.server.Prepare([]Listener{w.rows, unixListener("file", path), busy})
	var bind *BindError
	if !errors.As(err, &bind) || bind.Listener() != "busy" || bind.Address() != taken.Addr().String() || bind.Declared() != "sites.hcl:7" {
		t.Fatalf("error %v", err)
	}
	if !errors.Is(err, unix.EADDRINUSE) || !strings.Contains(err.Error(), "sites.hcl:7") || !strings.Contains(err.Error(), "another process") {
		t.Errorf("error %v", err)
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the socket file is left: %v", err)
	}
	c := w.dial()
	c.get("/")
	c.want(200, "hello")
	w.commit(w.routes(says("/", "next")), w.rows) // the failed one is not in the way
	c.get("/")
	c.want(200, "next")
}

func TestAddressHeldByTheRunningConfiguration(t *testing.T) {
	w := newWorld(t)
	w.commit(w.routes(says("/", "hello")), listener("main", "127.0.0.1:0"))
	_, port := hostPort(t, w.server.Addresses("main")[0].String())
	_, err := w.server.Prepare([]Listener{listener("all", ":"+port)})
	if err == nil || !strings.Contains(err.Error(), `held by listener "main" of the running configuration (127.0.0.1:0); stop, or change in two reloads`) {
		t.Errorf("error %v", err)
	}
}

func TestAbort(t *testing.T) {
	w := start(t, says("/", "hello"))
	path := filepath.Join(t.TempDir(), "x.sock")
	transition, err := w.server.Prepare([]Listener{unixListener("file", path)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.server.Prepare(nil); err == nil {
		t.Error("two transitions at a time")
	}
	if _, err := os.Lstat(path); err != nil {
		t.Errorf("not bound: %v", err)
	}
	transition.Abort()
	transition.Abort()
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("still bound: %v", err)
	}
	if err := transition.Commit(w.routes()); err == nil {
		t.Error("committed after Abort")
	}
	c := w.dial()
	c.get("/")
	c.want(200, "hello")
}

// What connects between Prepare and Commit waits and is served.
func TestConnectionsWaitForTheCommit(t *testing.T) {
	w := newWorld(t)
	path := filepath.Join(t.TempDir(), "x.sock")
	rows := unixListener("main", path)
	transition, err := w.server.Prepare([]Listener{rows})
	if err != nil {
		t.Fatal(err)
	}
	c := dial(t, "unix", path)
	c.get("/")
	if err := transition.Commit(w.routes(says("/", "hello"))); err != nil {
		t.Fatal(err)
	}
	c.want(200, "hello")
}

func TestSameAddressTwice(t *testing.T) {
	w := newWorld(t)
	_, err := w.server.Prepare([]Listener{listener("a", "127.0.0.1:0"), listener("b", "127.0.0.1:0")})
	if err == nil || !strings.Contains(err.Error(), `listener "a" (test.hcl:1) has the same address`) {
		t.Errorf("error %v", err)
	}
}

func TestKeptSocketFileChangesItsRights(t *testing.T) {
	w := newWorld(t)
	path := filepath.Join(t.TempDir(), "x.sock")
	rows := unixListener("main", path)
	w.commit(w.routes(says("/", "hello")), rows)
	before, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	rows.Mode, rows.Backlog = 0o666, 7
	transition, err := w.server.Prepare([]Listener{rows})
	if err != nil {
		t.Fatal(err)
	}
	if now, err := os.Lstat(path); err != nil || now.Mode() != before.Mode() {
		t.Errorf("the mode changed before the swap: %v, %v", now.Mode(), err)
	}
	if err := transition.Commit(w.routes(says("/", "hello"))); err != nil {
		t.Fatal(err)
	}
	after, err := os.Lstat(path)
	if err != nil || after.Mode().Perm() != 0o666 || !os.SameFile(before, after) {
		t.Errorf("mode %v, same file %v, %v", after.Mode(), os.SameFile(before, after), err)
	}
	c := dial(t, "unix", path)
	c.get("/")
	c.want(200, "hello")
}

// deaf is a machine where chmod fails when told so.
type deaf struct {
	*socket.Kernel
	chmod error
}

func (d *deaf) Chmod(path string, mode uint32) error {
	if d.chmod != nil {
		return d.chmod
	}
	return d.Kernel.Chmod(path, mode)
}

func TestFailedCommitChangesNothing(t *testing.T) {
	w := newWorld(t)
	system := &deaf{Kernel: socket.NewKernel(nil)}
	w.server.system = system
	path := filepath.Join(t.TempDir(), "x.sock")
	rows := unixListener("main", path)
	old := w.routes(says("/", "old"))
	w.commit(old, rows)
	rows.Mode = 0o666
	system.chmod = unix.EPERM
	transition, err := w.server.Prepare([]Listener{rows, listener("other", "127.0.0.1:0")})
	if err != nil {
		t.Fatal(err)
	}
	if err := transition.Commit(w.routes(says("/", "new"))); !errors.Is(err, unix.EPERM) {
		t.Fatalf("error %v", err)
	}
	transition.Abort()
	if got := w.server.Addresses("other"); len(got) != 0 {
		t.Errorf("the other listener is open: %v", got)
	}
	if info, err := os.Lstat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	c := dial(t, "unix", path)
	c.get("/")
	c.want(200, "old")
	if happened(old.Idle()) {
		t.Error("the old routes were replaced")
	}
}

// Somebody removed the socket file: a reload makes a new one and the old
// socket goes without taking the new file with it.
func TestLostSocketFileComesBack(t *testing.T) {
	w := newWorld(t)
	path := filepath.Join(t.TempDir(), "x.sock")
	rows := unixListener("main", path)
	w.commit(w.routes(says("/", "old")), rows)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	w.commit(w.routes(says("/", "new")), rows)
	c := dial(t, "unix", path)
	c.get("/")
	c.want(200, "new")
	if err := w.stop(); err == nil {
		c.ended()
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the socket file is left: %v", err)
	}
}

func TestRenamedListenerKeepsItsSocket(t *testing.T) {
	w := newWorld(t)
	path := filepath.Join(t.TempDir(), "x.sock")
	first := unixListener("first", path)
	sites := func(name string) *Routes {
		r, err := NewRoutes([]Site{{Name: name, Listeners: []string{name}, Hosts: []string{"*"}, Locations: []Location{says("/", name)}}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	w.commit(sites("first"), first)
	c := dial(t, "unix", path)
	c.get("/")
	c.want(200, "first")
	first.Name = "second"
	w.commit(sites("second"), first)
	c.get("/")
	c.want(200, "second")
}
