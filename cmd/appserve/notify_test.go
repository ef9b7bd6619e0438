package main

import (
	"net"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

func TestNotifier_SpeaksToTheServiceManager(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notify")
	manager, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer manager.Close()
	t.Setenv("NOTIFY_SOCKET", path)

	n, err := newNotifier()
	if err != nil {
		t.Fatal(err)
	}
	defer n.close()
	if value, set := os.LookupEnv("NOTIFY_SOCKET"); set {
		t.Errorf("NOTIFY_SOCKET=%q is still there for workers to inherit", value)
	}

	n.ready("generation 1")
	n.reloading()
	n.stopping()
	for _, want := range []string{
		`^READY=1\nSTATUS=generation 1$`,
		`^RELOADING=1\nMONOTONIC_USEC=[1-9][0-9]*$`,
		`^STOPPING=1$`,
	} {
		if got := receive(t, manager); !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("service manager got %q, want %s", got, want)
		}
	}
}

func receive(t *testing.T, conn *net.UnixConn) string {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	message := make([]byte, 4096)
	n, err := conn.Read(message)
	if err != nil {
		t.Fatal(err)
	}
	return string(message[:n])
}

func TestNotifier_WithoutServiceManagerDoesNothing(t *testing.T) {
	t.Setenv("NOTIFY_SOCKET", "")
	n, err := newNotifier()
	if err != nil {
		t.Fatal(err)
	}
	n.ready("unheard")
	n.close()
}
