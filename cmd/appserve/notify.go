package main

import (
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// notifier tells the service manager what appserve is doing, as sd_notify(3)
// describes. Without NOTIFY_SOCKET it does nothing.
type notifier struct {
	conn *net.UnixConn
}

// newNotifier connects to the socket that NOTIFY_SOCKET names and takes the
// variable out of the environment: workers must not speak for appserve.
func newNotifier() (*notifier, error) {
	name := os.Getenv("NOTIFY_SOCKET")
	if err := os.Unsetenv("NOTIFY_SOCKET"); err != nil {
		return nil, fmt.Errorf("clearing NOTIFY_SOCKET: %w", err)
	}
	if name == "" {
		return &notifier{}, nil
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		return &notifier{}, fmt.Errorf("connecting to NOTIFY_SOCKET: %w", err)
	}
	return &notifier{conn: conn}, nil
}

// send writes one datagram of KEY=VALUE lines. A service manager that does
// not listen is no reason to stop, so failures are dropped.
func (n *notifier) send(lines ...string) {
	if n.conn == nil {
		return
	}
	_ = n.conn.SetWriteDeadline(time.Now().Add(time.Second))
	_, _ = n.conn.Write([]byte(strings.Join(lines, "\n")))
}

func (n *notifier) ready(status string) {
	n.send("READY=1", "STATUS="+status)
}

// reloading starts a reload for Type=notify-reload; ready ends it, whatever the verdict.
func (n *notifier) reloading() {
	n.send("RELOADING=1", fmt.Sprintf("MONOTONIC_USEC=%d", monotonicMicroseconds()))
}

func (n *notifier) stopping() {
	n.send("STOPPING=1")
}

func (n *notifier) close() {
	if n.conn != nil {
		_ = n.conn.Close()
	}
}

func monotonicMicroseconds() int64 {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &now); err != nil {
		return 0
	}
	return now.Nano() / 1000
}
