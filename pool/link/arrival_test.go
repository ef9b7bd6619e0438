package link_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/appserve/appserve/pool/link"
	"golang.org/x/sys/unix"
)

// watched is what epoll instances watch the socket of a connection for.
func watched(conn *link.Conn) []string {
	var socket int
	conn.Inspect(func(fd uintptr) { socket = int(fd) })
	infos, _ := filepath.Glob("/proc/self/fdinfo/*")
	var all []string
	for _, name := range infos {
		info, _ := os.ReadFile(name) // one that is closed meanwhile says nothing
		for line := range strings.Lines(string(info)) {
			var fd int
			var events string
			if _, err := fmt.Sscanf(line, "tfd: %d events: %s", &fd, &events); err == nil && fd == socket {
				all = append(all, events)
			}
		}
	}
	return all
}

const hangups = unix.EPOLLERR | unix.EPOLLHUP // the kernel tells of these in any case

// The runtime's poller must not have the socket: it would wake appserve up each
// time that the worker takes a message.
func TestConn_OnlyArrivalsAreWatched(t *testing.T) {
	conn, _ := pair(t)
	if got, want := watched(conn), fmt.Sprintf("%x", unix.EPOLLIN|unix.EPOLLRDHUP|hangups); len(got) != 1 || got[0] != want {
		t.Errorf("watched for %v, want %s", got, want)
	}
}

// Arrivals that are ignored wake nobody, and none is lost.
func TestConn_Ignore(t *testing.T) {
	conn, fd := pair(t)
	conn.Ignore()
	conn.Ignore()
	if got, want := watched(conn), fmt.Sprintf("%x", hangups); len(got) != 1 || got[0] != want {
		t.Errorf("watched for %v, want %s", got, want)
	}
	buf := make([]byte, 16)
	if _, err := conn.ReceivePending(buf); !errors.Is(err, link.ErrEmpty) {
		t.Error(err)
	}
	for _, early := range []bool{true, false} {
		received := make(chan error, 1)
		if early {
			_, _ = unix.Write(fd, []byte("x"))
		}
		conn.Ignore()
		go func() { _, err := conn.Receive(buf); received <- err }()
		if !early {
			for len(watched(conn)) != 1 || watched(conn)[0] == fmt.Sprintf("%x", hangups) {
				time.Sleep(time.Millisecond)
			}
			_, _ = unix.Write(fd, []byte("x"))
		}
		if err := <-received; err != nil {
			t.Error(err)
		}
	}
	_ = conn.Close()
	conn.Ignore()
}

// Each message says when it was sent, with descriptors and without.
func TestConn_MessagesAreDated(t *testing.T) {
	conn, fd := pair(t)
	for _, oob := range [][]byte{nil, unix.UnixRights(0, 0, 0, 0)} {
		before := time.Now()
		if err := unix.Sendmsg(fd, []byte("x"), oob, nil, 0); err != nil {
			t.Fatal(err)
		}
		after := time.Now()
		time.Sleep(5 * time.Millisecond) // so that it differs from when it is received
		m, err := conn.Receive(make([]byte, 16))
		if err != nil {
			t.Fatal(err)
		}
		if want := len(oob) > 0; m.Descriptors.Len() == 4 != want {
			t.Errorf("%d descriptors", m.Descriptors.Len())
		}
		m.Descriptors.Close()
		if m.Sent.Before(before.Round(0)) || m.Sent.After(after.Round(0)) {
			t.Errorf("sent between %v and %v, dated %v", before, after, m.Sent)
		}
	}
}
