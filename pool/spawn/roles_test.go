package spawn

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
)

// The tests about adoption, capabilities and the death of appserve need a
// process of their own: TestMain plays a role when this variable names one.
const roleVariable = "APPSERVE_SPAWN_TEST_ROLE"

// roles maps names to what such a process does. It prints what the test wants
// to know; an error is printed on standard error.
var roles = map[string]func() error{
	"master":  playMaster,
	"adopter": playAdopter,
	"keeper":  playKeeper,
	"daemon":  playDaemon,
	"ambient": playAmbient,
}

func TestMain(m *testing.M) {
	play, ok := roles[os.Getenv(roleVariable)]
	if !ok {
		os.Exit(m.Run())
	}
	// Nothing has moved us off the main thread yet. What os/exec starts there
	// hangs on the same thread as orphans do.
	runtime.LockOSThread()
	if err := play(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// roleCommand runs this test binary as role. /proc/self/exe works for users
// that may not enter the folder it lies in.
func roleCommand(t *testing.T, role string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "/proc/self/exe")
	cmd.Env = append(os.Environ(), roleVariable+"="+role)
	cmd.Stderr = t.Output()
	return cmd
}

// withRole makes a spawner for a role, lets it play, and closes the spawner.
func withRole(o Options, play func(*Spawner) error) error {
	s, err := New(o)
	if err != nil {
		return err
	}
	if err := play(s); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return s.Close(ctx)
}

// playMaster starts two processes, says their numbers and waits to be killed.
// The second becomes another user when it can.
func playMaster() error {
	return withRole(Options{}, func(s *Spawner) error {
		var credential *Credential
		if os.Geteuid() == 0 {
			credential = &Credential{UID: 65533, GID: 65533}
		}
		for _, c := range []*Credential{nil, credential} {
			spec := sleeping()
			spec.Credential = c
			p, err := s.Start(spec)
			if err != nil {
				return err
			}
			fmt.Println(p.PID())
		}
		fmt.Println("started")
		_, err := io.ReadAll(os.Stdin)
		return err
	})
}

// orphanScript leaves 1000 orphans that end a moment later. Its output ends
// when the last of them has ended.
const orphanScript = `i=0
while [ $i -lt 1000 ]; do
	( (sleep 0.1; echo orphan) & )
	i=$((i+1))
done`

// playAdopter says how many orphans ran, how many children are left then, and
// whether somebody else's os/exec beside it was disturbed.
func playAdopter() error {
	if os.Getpid() == 1 {
		if err := syscall.Mount("proc", "/proc", "proc", 0, ""); err != nil {
			return fmt.Errorf("mounting /proc: %w", err)
		}
	}
	return withRole(Options{}, func(s *Spawner) error {
		p, err := s.Start(shell(orphanScript))
		if err != nil {
			return err
		}
		for range 100 {
			if err := exec.Command("/bin/true").Run(); err != nil {
				return fmt.Errorf("os/exec beside the spawner: %w", err)
			}
		}
		out, err := io.ReadAll(p.Stdout())
		if err != nil {
			return err
		}
		<-p.Exited()
		left := childrenOf(os.Getpid())
		for deadline := time.Now().Add(5 * time.Second); len(left) > 0 && time.Now().Before(deadline); {
			time.Sleep(5 * time.Millisecond)
			left = childrenOf(os.Getpid())
		}
		fmt.Printf("%d ran, %d left, %s", strings.Count(string(out), "orphan"), len(left), p.Status())
		return nil
	})
}

// playKeeper starts a process that leaves a daemon behind, waits until the
// daemon is named, and closes the spawner. It prints the log.
func playKeeper() error {
	logged := make(lines, 10)
	logger := hclog.New(&hclog.LoggerOptions{Output: logged})
	return withRole(Options{Logger: logger}, func(s *Spawner) error {
		p, err := s.Start(Spec{
			Path:  "/proc/self/exe",
			Env:   []string{roleVariable + "=daemon", "APPSERVE_POOL=django", "APPSERVE_SLOT=3"},
			Umask: -1,
		})
		if err != nil {
			return err
		}
		<-p.Exited()
		fmt.Print(<-logged)
		return nil
	})
}

// lines is a writer that hands on what a logger writes.
type lines chan string

func (l lines) Write(p []byte) (int, error) {
	l <- string(p)
	return len(p), nil
}

// playDaemon leaves a process with a session of its own behind.
func playDaemon() error {
	cmd := exec.Command("/bin/sleep", "61")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return cmd.Start()
}

// playAmbient shows what a process of another user may, and one of our own,
// and what it does itself. The log comes first.
func playAmbient() error {
	logger := hclog.New(&hclog.LoggerOptions{Output: os.Stdout})
	return withRole(Options{Logger: logger}, func(s *Spawner) error {
		for _, c := range []*Credential{
			{UID: 65532, GID: 65531, Groups: []uint32{65531, 7}},
			{UID: uint32(os.Getuid()), GID: uint32(os.Getgid()), Groups: []uint32{9}},
		} {
			p, err := s.Start(Spec{Path: "/bin/cat", Args: []string{"/proc/self/status"}, Credential: c, Umask: 0o027})
			if err != nil {
				return err
			}
			if _, err := io.Copy(os.Stdout, p.Stdout()); err != nil {
				return err
			}
			<-p.Exited()
			fmt.Println("====")
		}
		status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(os.Getpid()), "status"))
		fmt.Println(string(status))
		return err
	})
}
