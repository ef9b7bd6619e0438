package spawn

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// A process gets the descriptors of its spec and no other, though appserve
// holds more, even some that whoever started it forgot to close, and an elder does not hold those of a younger one.
func TestSpawner_DescriptorsAreTheKnownList(t *testing.T) {
	careless, err := unix.Open("doc.go", unix.O_RDONLY, 0) // inheritable
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(careless)
	s := newTestSpawner(t)
	elder := start(t, s, sleeping())
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs := os.NewFile(uintptr(pair[0]), "ours"), os.NewFile(uintptr(pair[1]), "theirs")
	defer ours.Close()
	code, err := os.Open("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	p := start(t, s, sleeping(theirs, code))
	want := map[string]string{
		"0": "/dev/null",
		"1": otherEnd(t, p.Stdout()), "2": otherEnd(t, p.Stderr()),
		"3": link(t, theirs), "4": link(t, code),
	}
	theirs.Close()
	code.Close()
	checkDescriptors(t, p.PID(), want)
	checkDescriptors(t, elder.PID(), map[string]string{
		"0": "/dev/null",
		"1": otherEnd(t, elder.Stdout()), "2": otherEnd(t, elder.Stderr()),
	})
}

// sleeping is a process that does nothing.
func sleeping(files ...*os.File) Spec {
	return Spec{Path: "/bin/sleep", Args: []string{"60"}, Files: files, Umask: -1}
}

// checkDescriptors waits until a process holds exactly the wanted
// descriptors: in its first moments it loads its libraries.
func checkDescriptors(t *testing.T, pid int, want map[string]string) {
	t.Helper()
	var got map[string]string
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		got = descriptors(t, pid)
		if maps.Equal(got, want) {
			return
		}
	}
	t.Errorf("descriptors of process %d (-want +got):\n%s", pid, cmp.Diff(want, got))
}

// The file given to a process stays usable, and non-blocking, for its owner.
func TestSpawner_PassingAFileDoesNotMakeItBlocking(t *testing.T) {
	s := newTestSpawner(t)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	spec := shell("true")
	spec.Files = []*os.File{r}
	ended(t, start(t, s, spec))
	raw, err := r.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var flags int
	err = raw.Control(func(fd uintptr) { flags, _ = unix.FcntlInt(fd, unix.F_GETFL, 0) })
	if err != nil || flags&unix.O_NONBLOCK == 0 {
		t.Errorf("flags are %#x (%v)", flags, err)
	}
}

// descriptors maps the numbers of a process's descriptors to what they are.
func descriptors(t *testing.T, pid int) map[string]string {
	t.Helper()
	folder := fmt.Sprintf("/proc/%d/fd", pid)
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, e := range entries {
		target, err := os.Readlink(filepath.Join(folder, e.Name()))
		if err == nil { // else it was closed meanwhile
			found[e.Name()] = target
		}
	}
	return found
}

// link is what /proc says about an open file of ours.
func link(t *testing.T, f *os.File) string {
	t.Helper()
	raw, err := f.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var target string
	err = raw.Control(func(fd uintptr) { target, _ = os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd)) })
	if err != nil || target == "" {
		t.Fatalf("what is %s? %v", f.Name(), err)
	}
	return target
}

// otherEnd is what /proc says about the other end of a pipe: the same.
func otherEnd(t *testing.T, f *os.File) string {
	t.Helper()
	target := link(t, f)
	if !strings.HasPrefix(target, "pipe:") {
		t.Fatalf("%s is no pipe but %s", f.Name(), target)
	}
	return target
}
