package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// activated is a configuration whose one listener, with a name or none, is a
// socket of systemd.
func activated(number int, listens bool) string {
	socket := "listener \"activated\" {\n  address = \"systemd:web\"\n}\n"
	if !listens {
		socket = ""
	}
	return responding(number, socket, "")
}

// A socket of systemd may go and come back with reloads, and nobody is refused
// while appserve is away: the socket is systemd's.
func TestSystemd_ASocketOutlivesAppserve(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "web.sock")
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	file, err := listener.File()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()

	first := newInstance(t)
	first.configure(activated(1, true))
	first.startUnder("LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=web", file)
	first.waitLog(`appserve: serving`)
	client := first.dial("unix", path)
	client.expectNumber(1, false)
	first.live(activated(2, false))
	client.expectEnd()
	waiting := first.dial("unix", path)
	first.live(activated(3, true))
	waiting.expectNumber(3, false)
	first.dial("unix", path).expectNumber(3, false)
	if code := first.stop(syscall.SIGTERM); code != exitStopped {
		t.Errorf("exit code %d", code)
	}

	early := first.dial("unix", path) // nobody is there; systemd keeps the socket
	second := newInstance(t)
	second.configure(activated(4, true))
	second.startUnder("LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=web", file)
	second.waitLog(`appserve: serving`)
	early.expectNumber(4, false)
	early.conn.Close()
}

// Sockets that were passed to somebody else are not taken, and a name that
// nobody passed is said with those that somebody did.
func TestSystemd_ASocketThatIsNotOurs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, variables, says string }{
		{"for another process", "LISTEN_PID=1 LISTEN_FDS=1 LISTEN_FDNAMES=web", `systemd passed no socket named "web"; give the .socket unit FileDescriptorName=`},
		{"with another name", "LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=other", `systemd passed no socket named "web"; there are: other`},
		{"that is none", "LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=web", `not a stream socket`},
		{"that is not open", "LISTEN_PID=$$ LISTEN_FDS=900 LISTEN_FDNAMES=web", `of LISTEN_FDS=900 is not open`},
	} {
		t.Run(c.name, func(t *testing.T) {
			file, err := os.Open(os.DevNull)
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			s := newInstance(t)
			s.configure(activated(1, true))
			s.startUnder(c.variables, file)
			if code := s.waitExit(stopLimit); code != exitCannotStart {
				t.Errorf("exit code %d, want %d", code, exitCannotStart)
			}
			if !strings.Contains(s.log.text(), c.says) {
				t.Errorf("the log does not say %q:\n%s", c.says, s.log.text())
			}
		})
	}
}

// Readiness is said when the first generation serves and not before, and the
// end of a reload when its verdict is there; STOPPING comes before requests end.
func TestSystemd_NoticesComeWhenTheyAreTrue(t *testing.T) {
	t.Parallel()
	s := newInstance(t)
	path := filepath.Join(s.folder, "notify.sock")
	manager, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer manager.Close()
	s.configure(s.witness())
	s.startUnder("NOTIFY_SOCKET=" + path)
	expectNotice(t, manager, "READY=1\nSTATUS=generation 1")
	s.expectGeneration(1)
	running := s.enter("running")

	before := monotonicMicroseconds()
	s.signal(syscall.SIGHUP)
	var stamp int64
	notice := receive(t, manager)
	if _, err := fmt.Sscanf(notice, "RELOADING=1\nMONOTONIC_USEC=%d", &stamp); err != nil || stamp < before || stamp > monotonicMicroseconds() {
		t.Errorf("told %q, %v; want a time from %d on", notice, err, before)
	}
	expectNotice(t, manager, "READY=1\nSTATUS=generation 2")
	s.expect("/generation", http.StatusOK, "generation 2")

	s.signal(syscall.SIGTERM)
	expectNotice(t, manager, "STOPPING=1")
	select {
	case got := <-running:
		t.Errorf("a request got %q although nothing let it end", got)
	default:
	}
	s.open("running")
	s.answered(running, "200 generation 1")
	if code := s.waitExit(stopLimit); code != exitStopped {
		t.Errorf("exit code %d", code)
	}
	if err := manager.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if n, err := manager.Read(make([]byte, 100)); err == nil {
		t.Errorf("%d bytes were told after STOPPING", n)
	}
}
