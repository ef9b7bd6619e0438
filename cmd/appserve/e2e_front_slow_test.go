package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// slowConfiguration has one worker with one slot: a single client that held it
// would stop everybody.
const slowConfiguration = `
appserve {
  allow_root      = true
  spool_directory = "$FOLDER/spool"
}
log {
  access_log { format = "$status $reason $request_uri" }
}
listener "http" {
  address           = "$ADDRESS"
  header_timeout    = "6s"
  body_timeout      = "6s"
  send_timeout      = "6s"
  keepalive_timeout = "6s"
  max_connections   = 4000
}
pool "witness" {
  app       = "witness:application"
  chdir     = "$APPS"
  processes = 1
  env       = { APPSERVE_E2E = "$FOLDER" }
}
site "witness" {
  location "/" { pass = pool.witness }
  location "/files" {
    static {
      directory = "$FOLDER/files"
    }
  }
}
`

// slowMode is one of slowhttptest's ways to hold a server's connections.
type slowMode struct {
	name    string
	clients int
	head    string        // what is sent at once
	piece   string        // what is sent ever after ...
	every   time.Duration // ... this often; 0: never
	read    int           // bytes that are read each second; 0: none
	logged  string        // what the access log says of each; "": nothing
}

var slowModes = []slowMode{
	{name: "head", clients: 500, head: "GET / HTTP/1.1\r\nHost: x\r\n", piece: "X-More: 1\r\n", every: time.Second,
		logged: `408 header_timeout -`},
	{name: "body", clients: 500, head: "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nbegins",
		logged: `408 body_timeout /upload`},
	{name: "read", clients: 500, head: "GET /files/large HTTP/1.1\r\nHost: x\r\n\r\n", read: 32,
		logged: `200 client_gone /files/large`},
	{name: "never closing", clients: 250, head: "GET /generation?kept HTTP/1.1\r\nHost: x\r\n\r\n",
		logged: `200 - /generation\?kept`},
	{name: "never closing when told to", clients: 250, head: "GET /generation?close HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
		logged: `200 - /generation\?close`},
}

// TestFront_SlowClientsOfEveryKind: 2,000 of them are dropped by deadline, and
// a normal client does not notice that they are there.
func TestFront_SlowClientsOfEveryKind(t *testing.T) {
	needDescriptors(t, 6000)
	s := newInstance(t)
	s.write("files/large", strings.Repeat("slow read", 16<<20/9))
	s.configure(slowConfiguration)
	s.launch(s.command())
	normal := &normalClient{t: t, s: s}
	quiet := normal.measure(300)

	crowd := newSlowCrowd(s, slowModes)
	crowd.arrive()
	crowded := []time.Duration{normal.measure(300), normal.measure(300), normal.measure(300)}
	if held := s.descriptors() - s.opened; held < 1000 {
		t.Errorf("the server holds %d connections beside the normal client's: the crowd was gone before the measurement was over", held)
	}
	// A machine that does something else for a moment is not what this is about: the middle of three.
	slices.Sort(crowded)
	if bound := 2*quiet + 50*time.Millisecond; crowded[1] > bound {
		t.Errorf("p99 of a normal client is %v among slow ones and %s without them", crowded, quiet)
	}
	t.Logf("p99 of a normal client: %s alone, %v among 2,000 slow ones", quiet, crowded)

	crowd.checkDropped()
	s.expectGeneration(1)
}

// TestFront_BodiesThatTrickle: progress is not enough for a body, min_rate bounds it.
func TestFront_BodiesThatTrickle(t *testing.T) {
	t.Parallel()
	s := newInstance(t)
	s.write("files/large", "")
	s.configure(slowConfiguration)
	s.launch(s.command())
	crowd := newSlowCrowd(s, []slowMode{{name: "body that trickles", clients: 50, piece: "1\r\nx\r\n", every: time.Second, logged: `408 body_timeout /upload`,
		head: "POST /upload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"}})
	crowd.arrive()
	crowd.checkDropped()
}

// needDescriptors skips the test where a process may not open so many files.
func needDescriptors(t *testing.T, number uint64) {
	t.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	if limit.Cur < number {
		t.Skipf("the limit of open files is %d, %d are needed", limit.Cur, number)
	}
}

// normalClient is what everybody else is: a request, an answer, a new connection.
type normalClient struct {
	t *testing.T
	s *instance
}

// measure is the 99th percentile of a number of requests.
func (c *normalClient) measure(requests int) time.Duration {
	c.t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 30 * time.Second}
	took := make([]time.Duration, requests)
	for n := range took {
		began := time.Now()
		status, body, err := fetch(client, c.s.url("/generation"))
		if err != nil || status != http.StatusOK {
			c.t.Fatalf("a normal client got %d %q, %v", status, body, err)
		}
		took[n] = time.Since(began)
	}
	slices.Sort(took)
	return took[requests*99/100]
}

// slowCrowd is all slow clients of a test.
type slowCrowd struct {
	t        *testing.T
	s        *instance
	modes    []slowMode
	stopping chan struct{}
	wg       sync.WaitGroup
}

// newSlowCrowd is a crowd that leaves when the test ends, and not before.
func newSlowCrowd(s *instance, modes []slowMode) *slowCrowd {
	c := &slowCrowd{t: s.t, s: s, modes: modes, stopping: make(chan struct{})}
	s.t.Cleanup(c.leave)
	return c
}

// arrive connects everybody, and returns when all have sent what they send at once.
func (c *slowCrowd) arrive() {
	c.t.Helper()
	for _, mode := range c.modes {
		for range mode.clients {
			conn, err := net.DialTimeout("tcp", c.s.address, 20*time.Second)
			if err != nil {
				c.t.Fatal(err)
			}
			if err := conn.(*net.TCPConn).SetReadBuffer(4 << 10); err != nil {
				c.t.Fatal(err)
			}
			if _, err := io.WriteString(conn, mode.head); err != nil {
				c.t.Fatal(err)
			}
			c.wg.Add(1)
			go c.dawdle(conn, mode)
		}
	}
}

// dawdle is one slow client. It never closes its connection before the test ends.
func (c *slowCrowd) dawdle(conn net.Conn, mode slowMode) {
	defer c.wg.Done()
	defer conn.Close()
	reader := bufio.NewReaderSize(conn, 64)
	tick := time.NewTicker(max(mode.every, time.Second))
	defer tick.Stop()
	for {
		select {
		case <-c.stopping:
			return
		case <-tick.C:
		}
		if mode.every > 0 {
			_, _ = io.WriteString(conn, mode.piece) // refused once it was dropped
		}
		if mode.read > 0 {
			_ = conn.SetReadDeadline(time.Now().Add(time.Millisecond))
			_, _ = reader.Discard(mode.read)
		}
	}
}

func (c *slowCrowd) leave() {
	close(c.stopping)
	c.wg.Wait()
}

// checkDropped waits until the access log has a line for everybody, and the
// server has let go of all of them, who still hold their ends.
func (c *slowCrowd) checkDropped() {
	c.t.Helper()
	want := map[string]int{}
	for _, mode := range c.modes {
		want[mode.logged] += mode.clients
	}
	for logged, number := range want {
		pattern := regexp.MustCompile(`(?m)^` + logged + `$`)
		eventually(c.t, 40*time.Second, func() string {
			if got := len(pattern.FindAllString(c.s.access.text(), -1)); got != number {
				return fmt.Sprintf("%d lines of the access log are %q, want %d; there are %v", got, logged, number, lineCounts(c.s.access.text()))
			}
			return ""
		})
	}
	eventually(c.t, 10*time.Second, func() string {
		if held := c.s.descriptors() - c.s.opened; held > 0 {
			return fmt.Sprintf("%d connections of slow clients are open", held)
		}
		return ""
	})
}

// lineCounts says how often each line is there.
func lineCounts(text string) map[string]int {
	counts := map[string]int{}
	for line := range strings.Lines(text) {
		counts[strings.TrimSpace(line)]++
	}
	return counts
}

// TestFront_DescriptorsRunOut: with 256 of them and more clients than that,
// accepting pauses, one line says so, nothing crashes, and all is well after it.
func TestFront_DescriptorsRunOut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, limit, says string }{
		{"without a limit on connections", "max_connections = 4000", `cannot accept connections`},
		{"with the limit that comes of itself", "", `as many connections as max_connections allows`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newInstance(t)
			s.excuse(`cannot accept connections`)
			s.configure(s.witness(`address = "$ADDRESS"`, "address = \"$ADDRESS\"\n  header_timeout = \"2s\"\n  "+c.limit))
			command := s.command()
			command.Args = append([]string{"/bin/sh", "-c", `ulimit -n 256; exec "$0" "$@"`, command.Path}, command.Args[1:]...)
			command.Path = "/bin/sh"
			s.launch(command)
			for range 400 {
				conn := s.session().conn
				if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n"); err != nil {
					t.Fatal(err)
				}
			}
			s.waitLog(c.says)
			s.expectGeneration(1) // once the first are dropped, there is room for the rest
			if lines := strings.Count(s.log.text(), c.says); lines != 1 {
				t.Errorf("the log says it %d times, want once", lines)
			}
			if _, err := os.Stat(fmt.Sprintf("/proc/%d", s.process.Process.Pid)); err != nil {
				t.Error(err)
			}
		})
	}
}
