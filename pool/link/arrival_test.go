package link_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// The runtime's poller must not have the socket: it would wake appserve up each
// time that the worker takes a message.
func TestConn_OnlyArrivalsAreWatched(t *testing.T) {
	conn, _ := pair(t)
	var socket int
	conn.Inspect(func(fd uintptr) { socket = int(fd) })
	infos, _ := filepath.Glob("/proc/self/fdinfo/*")
	var watched []string
	for _, name := range infos {
		info, _ := os.ReadFile(name) // one that is closed meanwhile says nothing
		for line := range strings.Lines(string(info)) {
			var fd int
			var events string
			if _, err := fmt.Sscanf(line, "tfd: %d events: %s", &fd, &events); err == nil && fd == socket {
				watched = append(watched, events)
			}
		}
	}
	if want := fmt.Sprintf("%x", unix.EPOLLIN|unix.EPOLLRDHUP|unix.EPOLLERR|unix.EPOLLHUP); len(watched) != 1 || watched[0] != want {
		t.Errorf("watched for %v, want %s", watched, want)
	}
}
