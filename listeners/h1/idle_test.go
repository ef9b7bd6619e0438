package h1

import (
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// maxIdle is what a connection may cost that waits for its next request, in
// bytes of resident memory.
const maxIdle = 8 << 10

// TestIdleConnectionsAreSmall opens thousands of connections, asks once on
// each, and looks at what the server's process holds then.
func TestIdleConnectionsAreSmall(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("a measurement")
	}
	const n = 5000
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil || limit.Cur < n+100 {
		t.Skipf("%d descriptors are not enough: %v", limit.Cur, err)
	}
	addr, pid := startEngine(t, "h1")
	clients := make([]net.Conn, 0, n)
	defer func() {
		for _, c := range clients {
			c.Close()
		}
	}()
	open := func(count int) {
		for range count {
			c, err := net.Dial("tcp4", addr)
			if err != nil {
				t.Fatal(err)
			}
			clients = append(clients, c)
		}
	}
	open(100)
	ask(t, clients, len(clients)*100)
	before := residentSet(t, pid)
	open(n - len(clients))
	for i := 0; i < len(clients); i += 100 {
		ask(t, clients[i:i+100], 100)
	}
	var each int64
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		if each = (residentSet(t, pid) - before) / (n - 100); each <= maxIdle || time.Now().After(deadline) {
			break
		}
	}
	t.Logf("%d bytes each", each)
	if each > maxIdle {
		t.Errorf("an idle connection holds %d bytes, at most %d are wanted", each, maxIdle)
	}
}

func residentSet(t *testing.T, pid int) int64 {
	t.Helper()
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return pages * int64(os.Getpagesize())
}
