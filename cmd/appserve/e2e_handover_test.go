package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestHandover_QueuedRequestsMoveToTheNewWorkers(t *testing.T) {
	t.Parallel()
	s := newInstance(t)
	s.deploy(1)
	s.configure(strings.Replace(versioned(1, ""), "processes    = 2", "processes    = 1", 1))
	s.start()
	s.waitLog(`appserve: serving`)
	long := s.enter("running")
	const queued = 100
	answers := make(chan string, queued)
	var waiting sync.WaitGroup
	for range queued {
		waiting.Go(func() { s.answerLater(answers, http.MethodGet, "/version", nil) })
	}
	s.awaitQueue()
	s.deploy(2)
	if verdict := s.reload(); !strings.Contains(verdict, "live") {
		t.Fatal(verdict)
	}
	waiting.Wait() // and not for the old worker, which waits itself
	for range queued {
		if answer := <-answers; answer != "200 2" {
			t.Errorf("a queued request got %q, want the new version", answer)
		}
	}
	s.open("running")
	if answer := <-long; answer != "200 passed in version 1" {
		t.Errorf("the running request got %q", answer)
	}
}

// awaitQueue gives requests that were sent time to arrive, which nothing
// outside shows. Those that come late make a test prove less; they do not break it.
func (s *instance) awaitQueue() {
	time.Sleep(300 * time.Millisecond)
}

// session is a client that keeps one connection.
type session struct {
	t      *testing.T
	conn   net.Conn
	reader *bufio.Reader
}

func (s *instance) session() *session {
	s.t.Helper()
	conn, err := net.Dial("tcp", s.address)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { conn.Close() })
	return &session{t: s.t, conn: conn, reader: bufio.NewReader(conn)}
}

// get sends a request on the one connection and returns body and whether the server closes.
func (c *session) get(path string) (body string, closes bool) {
	c.t.Helper()
	if _, err := fmt.Fprintf(c.conn, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", path); err != nil {
		c.t.Fatal(err)
	}
	response, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	content, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return string(content), response.Close
}

func TestHandover_AConnectionSeesTheNewVersion(t *testing.T) {
	t.Parallel()
	s := serveVersioned(t)
	client := s.session()
	if body, _ := client.get("/version"); body != "1" {
		t.Fatalf("version %q", body)
	}
	s.deploy(2)
	s.reload()
	if body, closes := client.get("/version"); body != "2" || closes {
		t.Errorf("on the old connection: version %q, closed %v; want the new version and no end", body, closes)
	}
}

func TestHandover_AMovedPortLetsItsConnectionsEnd(t *testing.T) {
	t.Parallel()
	s := serveVersioned(t)
	client := s.session()
	client.get("/version")
	old, moved := s.address, freeAddress(t)
	busy := s.session()
	if _, err := io.WriteString(busy.conn, "GET /gate?name=busy HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	s.awaitEntered("busy")
	s.address = moved
	s.configure(versioned(2, ""))
	if verdict := s.reload(); !strings.Contains(verdict, "live") {
		t.Fatal(verdict)
	}
	s.expect("/fixed", http.StatusOK, "configuration 2")
	s.open("busy")
	response, err := http.ReadResponse(busy.reader, nil)
	if err != nil {
		t.Fatalf("the request in flight on the old port: %v", err)
	}
	if body, _ := io.ReadAll(response.Body); string(body) != "passed in version 1" || !response.Close {
		t.Errorf("the request in flight got %q, closed %v", body, response.Close)
	}
	if _, err := client.reader.ReadByte(); err != io.EOF {
		t.Errorf("an idle connection to the old port: %v, want it closed", err)
	}
	if conn, err := net.Dial("tcp", old); err == nil {
		conn.Close()
		t.Error("the old port still listens")
	}
}

func TestHandover_ADownloadGoesOn(t *testing.T) {
	t.Parallel()
	s := serveVersioned(t)
	const size = 20 << 20
	response, err := s.client.Get(s.url(fmt.Sprintf("/large?kib=%d", size>>10)))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := io.CopyN(io.Discard, response.Body, 1<<20); err != nil {
		t.Fatal(err)
	}
	s.deploy(2)
	if verdict := s.reload(); !strings.Contains(verdict, "live") {
		t.Fatal(verdict)
	}
	s.expect("/version", http.StatusOK, "2")
	if n, err := io.Copy(io.Discard, response.Body); err != nil || n != size-1<<20 {
		t.Errorf("after the reload %d of %d bytes came, %v", n, size-1<<20, err)
	}
}

func TestHandover_LogsChangeWithTheConfiguration(t *testing.T) {
	t.Parallel()
	s := serveVersioned(t)
	s.opened = 0 // log files are opened on purpose
	s.expect("/version", http.StatusOK, "1")
	s.waitRecord(s.access, `"GET /version HTTP/1.1" 200 1 `)
	s.configure(versioned(1, `
log {
  format = "json"
  access_log {
    output = "$FOLDER/access.log"
    format = "$status $path"
  }
}
`))
	s.reload()
	s.expect("/version", http.StatusOK, "1")
	s.waitFile("access.log", "200 /version\n")
	s.waitLog(`"@message":"reload 1: live"`)
}

func TestHandover_AFailedReloadLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	s := serveVersioned(t)
	s.excuse(`refused|did not boot|failed to boot|configuration`)
	before := fmt.Sprint(s.workers())
	address := freeAddress(t)
	second := `
listener "second" { address = "` + address + `" }
site "second" {
  listeners = [listener.second]
  location "/" {
    respond {
      status = 204
    }
  }
}
`
	steps := []struct{ name, extra, app string }{
		{"log output", "log {\n  output = \"/no/such/folder/appserve.log\"\n}\n", ""},
		{"access log", "log {\n  access_log {\n    output = \"/no/such/folder/access.log\"\n  }\n}\n", ""},
		{"socket in a folder that is not there", strings.Replace(second, address, "unix:/no/such/folder/x.sock", 1), ""},
		{"a canary behind a bound socket", second, "raise RuntimeError('not today')\n"},
		{"the second worker behind a ready canary", second, "import os\nif os.environ['APPSERVE_SLOT'] == '1':\n    raise RuntimeError('not today')\n" + s.read("app/app.py")},
	}
	for _, step := range steps {
		s.configure(strings.Replace(versioned(2, step.extra), `site "app" {`, "site \"app\" {\n  listeners = [listener.http]", 1))
		if step.app != "" {
			s.write("app/app.py", step.app)
		}
		if verdict := s.reload(); !strings.Contains(verdict, "refused") {
			t.Errorf("%s: %s", step.name, verdict)
		}
		s.expect("/fixed", http.StatusOK, "configuration 1")
		s.expect("/version", http.StatusOK, "1")
		eventually(t, 10*time.Second, func() string {
			if now := fmt.Sprint(s.workers()); now != before {
				return fmt.Sprintf("%s: workers were %s and are %s", step.name, before, now)
			}
			return ""
		})
		s.checkDescriptors()
	}
	if sockets, _ := filepath.Glob(filepath.Join(s.folder, "run", "*")); len(sockets) > 0 {
		t.Errorf("left behind: %v", sockets)
	}
}

func TestHandover_AThousandRequestsInFlight(t *testing.T) {
	s := serveVersioned(t)
	const requests = 1000
	answers := make(chan string, requests)
	for range requests {
		go s.answerLater(answers, http.MethodGet, "/gate?name=thousand", nil)
	}
	s.awaitEntered("thousand")
	s.awaitQueue()
	s.deploy(2)
	if verdict := s.reload(); !strings.Contains(verdict, "live") {
		t.Fatal(verdict)
	}
	s.open("thousand")
	versions := map[string]int{}
	for range requests {
		versions[<-answers]++
	}
	if got := versions["200 passed in version 1"] + versions["200 passed in version 2"]; got != requests {
		t.Errorf("of %d requests in flight these came back: %v", requests, versions)
	}
	if versions["200 passed in version 1"] == 0 || versions["200 passed in version 2"] == 0 {
		t.Errorf("these came back: %v; want some of each version", versions)
	}
}
