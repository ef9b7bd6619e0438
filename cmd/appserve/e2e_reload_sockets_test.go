package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

var listenerPattern = regexp.MustCompile(`listener "(\w+)"`)

// responding is a configuration without a pool, whose reloads are quick. Its
// one site answers with a number on the listener "http" and on others.
func responding(number int, others, more string) string {
	names := "listener.http"
	for _, match := range listenerPattern.FindAllStringSubmatch(others, -1) {
		names += ", listener." + match[1]
	}
	return fmt.Sprintf(`
appserve {
  spool_directory = "$FOLDER/spool"
}
listener "http" {
  address = "$ADDRESS"
}
%s
site "numbers" {
  listeners = [%s]
  location "/" {
    respond {
      body = "number %d"
    }
  }
}
%s
`, others, names, number, more)
}

func serveResponding(t *testing.T, text string) *instance {
	t.Helper()
	s := newInstance(t)
	s.configure(text)
	s.launch(s.command())
	return s
}

// dial is a client that keeps one connection to any address.
func (s *instance) dial(network, address string) *session {
	s.t.Helper()
	conn, err := net.Dial(network, address)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { conn.Close() })
	return &session{t: s.t, conn: conn, reader: bufio.NewReader(conn)}
}

// expectNumber asks on the one connection.
func (c *session) expectNumber(number int, closes bool) {
	c.t.Helper()
	body, closed := c.get("/")
	if want := fmt.Sprintf("number %d", number); body != want || closed != closes {
		c.t.Errorf("got %q, closed %v; want %q, closed %v", body, closed, want, closes)
	}
}

// expectEnd waits until the server closes the connection.
func (c *session) expectEnd() {
	c.t.Helper()
	if err := c.conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		c.t.Fatal(err)
	}
	if b, err := c.reader.ReadByte(); err != io.EOF {
		c.t.Errorf("got byte %q, %v; want the end of the connection", b, err)
	}
}

// A unix socket that stays is the same file with other rights, and its
// connections live on.
func TestReload_RightsOfASocketChangeInPlace(t *testing.T) {
	t.Parallel()
	local := "listener \"local\" {\n  address = \"unix:$FOLDER/run/local.sock\"\n  mode = \"0600\"\n}\n"
	s := serveResponding(t, responding(1, local, ""))
	path := filepath.Join(s.folder, "run/local.sock")
	client := s.dial("unix", path)
	client.expectNumber(1, false)
	before, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	s.live(responding(2, strings.Replace(local, "0600", "0666", 1), ""))
	after, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	if before.Mode().Perm() != 0o600 || after.Mode().Perm() != 0o666 || !os.SameFile(before, after) {
		t.Errorf("the socket was %s and is %s, the same file: %v", before.Mode(), after.Mode(), os.SameFile(before, after))
	}
	client.expectNumber(2, false)

	if err := os.Remove(path); err != nil { // by a careless clean-up of /run
		t.Fatal(err)
	}
	s.live(responding(3, local, ""))
	s.dial("unix", path).expectNumber(3, false)
	client.expectEnd()
}

// What holds for a whole connection changes with a new one; the old one is told to go.
func TestReload_ConnectionsWithOldRowsLeaveAfterTheirNextAnswer(t *testing.T) {
	t.Parallel()
	s := serveResponding(t, responding(1, "", ""))
	client := s.session()
	client.expectNumber(1, false)
	s.live(strings.Replace(responding(2, "", ""), `address = "$ADDRESS"`, "address = \"$ADDRESS\"\n  keepalive_timeout = \"9s\"", 1))
	client.expectNumber(2, true)
	client.expectEnd()
	s.session().expectNumber(2, false)
}

// Listeners go and come back, whatever kind they are.
func TestReload_ListenersAreRemovedAndAdded(t *testing.T) {
	t.Parallel()
	second := freeAddress(t)
	others := "listener \"other\" {\n  address = [\"" + second + "\", \"unix:$FOLDER/run/other.sock\", \"unix:@$FOLDER/other\"]\n}\n"
	s := serveResponding(t, responding(1, others, ""))
	abstract := "@" + s.folder + "/other"
	addresses := [][2]string{{"tcp", second}, {"unix", filepath.Join(s.folder, "run/other.sock")}, {"unix", abstract}}
	before := s.settledFootprint()
	for number := 2; number < 6; number += 2 {
		var idle []*session
		for _, address := range addresses {
			client := s.dial(address[0], address[1])
			client.expectNumber(number-1, false)
			idle = append(idle, client)
		}
		s.live(responding(number, "", ""))
		for n, address := range addresses {
			idle[n].expectEnd()
			if conn, err := net.Dial(address[0], address[1]); err == nil {
				conn.Close()
				t.Errorf("%s answers though its listener is gone", address[1])
			}
		}
		s.expect("/", http.StatusOK, fmt.Sprintf("number %d", number))
		s.live(responding(number+1, others, ""))
		for _, address := range addresses {
			s.dial(address[0], address[1]).expectNumber(number+1, false)
		}
	}
	s.client.CloseIdleConnections()
	eventually(t, 20*time.Second, func() string {
		if now := s.footprint(); len(now.Listening) != len(before.Listening) {
			return fmt.Sprintf("listening on %v, at first on %v", now.Listening, before.Listening)
		}
		return ""
	})
}

// A port may change hands between listeners, and a listener its name.
func TestReload_AListenerIsRenamed(t *testing.T) {
	t.Parallel()
	s := serveResponding(t, responding(1, "", ""))
	client := s.session()
	client.expectNumber(1, false)
	before := s.footprint().Listening
	s.live(strings.NewReplacer(`listener "http"`, `listener "web"`, `listener.http`, `listener.web`).Replace(responding(2, "", "")))
	client.expectNumber(2, false)
	if after := s.footprint().Listening; fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("listening on %v, before the renaming on %v", after, before)
	}
}

// Connections to an upstream survive a reload that does not concern it.
func TestReload_AnUnchangedUpstreamKeepsItsConnections(t *testing.T) {
	t.Parallel()
	var opened, closed atomic.Int32
	backend := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "from upstream")
	}))
	backend.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			opened.Add(1)
		case http.StateClosed:
			closed.Add(1)
		}
	}
	backend.Start()
	defer backend.Close()
	upstream := func(keepalive int) string {
		return fmt.Sprintf("upstream \"back\" {\n  keepalive = %d\n  server \"one\" { address = %q }\n}\n"+
			"site \"back\" {\n  hosts = [\"back\"]\n  location \"/\" { pass = upstream.back }\n}\n", keepalive, backend.Listener.Addr())
	}
	s := serveResponding(t, responding(1, "", upstream(4)))
	s.opened = 0 // a connection to the upstream is kept
	ask := func(wantOpened int32) {
		t.Helper()
		answer := s.exchange("GET / HTTP/1.1\r\nHost: back\r\nConnection: close\r\n\r\n")
		if !strings.HasSuffix(answer, "from upstream") || opened.Load() != wantOpened {
			t.Errorf("got %q over connection %d, want the upstream's answer over %d", answer, opened.Load(), wantOpened)
		}
	}
	ask(1)
	for number := 2; number < 5; number++ {
		s.live(responding(number, "", upstream(4)))
		ask(1)
	}
	if n := closed.Load(); n != 0 {
		t.Errorf("%d connections to the unchanged upstream were closed", n)
	}
	s.live(responding(5, "", upstream(3)))
	eventually(t, 20*time.Second, func() string {
		if closed.Load() != 1 {
			return "the connection of the changed upstream is still open"
		}
		return ""
	})
	ask(2)
}
