package upstreams

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/go-hclog"
)

// fields returns the lines of a head without its first, sorted, and without
// what a server adds by itself.
func fields(head []string) string {
	var kept []string
	for _, line := range head[min(1, len(head)):] {
		if !strings.HasPrefix(line, "Date: ") {
			kept = append(kept, line)
		}
	}
	slices.Sort(kept)
	return strings.Join(kept, "|")
}

// fieldsOf is the same of a parsed head, without its framing too.
func fieldsOf(h http.Header) string {
	var lines []string
	for name, values := range h {
		for _, value := range values {
			if name != "Date" && name != "Content-Length" {
				lines = append(lines, name+": "+value)
			}
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "|")
}

func TestForward_RequestAsTheServerSeesIt(t *testing.T) {
	seen := make(chan []string, 1)
	s := newScene(t, "unix", nil, func(c *rawConn) {
		seen <- c.head()
		c.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
	})
	c := s.dial(t)
	c.send(get)
	head := <-seen
	if head[0] != "GET /a%2Fb?c=1 HTTP/1.1" || fields(head) != "Host: example.com|X-Forwarded-Prefix: /app|X-Mine: 1" {
		t.Errorf("the server saw %q", head)
	}
	c.head()
	c.expect("ok")
}

var responseCases = []struct {
	name, method, answer string
	hangUp               bool
	status, fields, body string
	again                bool // the connection is used a second time
}{
	{"counted", "GET", "HTTP/1.1 201 Made\r\nContent-Length: 2\r\nX-A: 1\r\nX-A: 2\r\nKeep-Alive: x\r\n\r\nhi", false,
		"201 Created", "X-A: 1|X-A: 2", "hi", true},
	{"no content type is invented", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", false,
		"200 OK", "", "<html>", true},
	{"chunked", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", false,
		"200 OK", "", "hi", true},
	{"until close", "GET", "HTTP/1.1 200 OK\r\n\r\nhi", true,
		"200 OK", "", "hi", false},
	{"1.0", "GET", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", true, "200 OK", "", "hi", false},
	{"HEAD", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", false, "200 OK", "", "", true},
	{"HEAD without length", "HEAD", "HTTP/1.1 200 OK\r\nX-A: 1\r\n\r\n", false, "200 OK", "X-A: 1", "", true},
	{"204", "GET", "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", false, "204 No Content", "", "", true},
	{"304", "GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\nEtag: \"a\"\r\n\r\n", false,
		"304 Not Modified", "Etag: \"a\"", "", true},
	{"empty", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false, "200 OK", "", "", true},
	{"connection tokens", "GET", "HTTP/1.1 200 OK\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nContent-Length: 0\r\n\r\n", true,
		"200 OK", "", "", false},
}

func TestForward_Responses(t *testing.T) {
	for _, c := range responseCases {
		for _, network := range []string{"tcp", "unix"} {
			t.Run(c.name+"/"+network, func(t *testing.T) {
				s := newScene(t, network, nil, saying(c.answer, c.hangUp))
				client := s.dial(t)
				for range 2 {
					client.send(c.method + " / HTTP/1.1\r\nHost: h\r\n\r\n")
					response, err := http.ReadResponse(client.r, &http.Request{Method: c.method})
					if err != nil || response.Status != c.status {
						t.Fatalf("got %+v, %v", response, err)
					}
					if diff := cmp.Diff(c.fields, fieldsOf(response.Header)); diff != "" {
						t.Errorf("fields (-want +got)\n%s", diff)
					}
					if body, err := io.ReadAll(response.Body); string(body) != c.body || err != nil {
						t.Errorf("body %q, %v, want %q", body, err, c.body)
					}
					<-s.ended
				}
				if got, want := s.fake.accepted.Load(), map[bool]int64{true: 1, false: 2}[c.again]; got != want {
					t.Errorf("%d connections for two requests, want %d", got, want)
				}
			})
		}
	}
}

func TestForward_BadResponses(t *testing.T) {
	long := strings.Repeat("a", 70000)
	for name, answer := range map[string]string{
		"nonsense":      "hello\r\n\r\n",
		"TE and CL":     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n",
		"two lengths":   "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n",
		"endless head":  "HTTP/1.1 200 OK\r\nX: " + long,
		"101 unasked":   "HTTP/1.1 101 x\r\nUpgrade: websocket\r\n\r\n",
		"endless 1xx":   strings.Repeat("HTTP/1.1 102 x\r\n\r\n", 40),
		"control bytes": "HTTP/1.1 200 OK\r\nX: a\x01\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t, "unix", nil, func(c *rawConn) {
				c.head()
				_, _ = io.WriteString(c, answer) // may be cut off in the middle
				c.rest()
			})
			c := s.dial(t)
			c.send("GET / HTTP/1.0\r\n\r\n")
			answer := c.rest()
			i := strings.LastIndex(answer, "HTTP/1.0 ")
			if i < 0 || !strings.HasPrefix(answer[i:], "HTTP/1.0 502") || s.reason() != "bad_response" {
				t.Errorf("answer %q, reason %q", answer, s.reason())
			}
		})
	}
}

func TestForward_ServerThatBreaks(t *testing.T) {
	cases := []struct {
		name, sends    string
		status, reason string // status "": the connection ends in the middle
	}{
		{"no answer", "", "502", "upstream_reset"},
		{"half a head", "HTTP/1.1 200 OK\r\nX-A", "502", "upstream_reset"},
		{"short body", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi", "", "upstream_reset"},
		{"short chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhi", "", "upstream_reset"},
		{"bad chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "", "bad_response"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newScene(t, "tcp", nil, saying(c.sends, true))
			client := s.dial(t)
			client.send(get)
			status := ""
			response, err := http.ReadResponse(client.r, nil)
			if err == nil {
				status = response.Status
				_, err = io.ReadAll(response.Body)
			}
			if c.status == "" && err == nil {
				t.Error("the response ended cleanly")
			}
			if c.status != "" && !strings.HasPrefix(status, c.status) {
				t.Errorf("status %q, want %s", status, c.status)
			}
			<-s.ended
			if s.reason() != c.reason {
				t.Errorf("reason %q, want %q", s.reason(), c.reason)
			}
		})
	}
}

func TestForward_Timeouts(t *testing.T) {
	cases := []struct {
		name, sends, status string
	}{
		{"no head", "", "504"},
		{"half a head", "HTTP/1.1 200 O", "504"},
		{"half a body", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi", "200"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			short := 250 * time.Millisecond
			s := newScene(t, "unix", func(c *Config, _ *Options) { c.ReadTimeout = &short }, func(conn *rawConn) {
				conn.head()
				if c.sends != "" {
					conn.send(c.sends)
				}
				conn.rest()
			})
			client := s.dial(t)
			client.send(get)
			response, err := http.ReadResponse(client.r, nil)
			if err != nil {
				t.Fatal(err)
			}
			_, err = io.ReadAll(response.Body)
			if !strings.HasPrefix(response.Status, c.status) || (c.status == "200") != (err != nil) {
				t.Errorf("status %q, body %v", response.Status, err)
			}
			<-s.ended
			if s.reason() != "upstream_timeout" {
				t.Errorf("reason %q", s.reason())
			}
		})
	}
}

// A head that comes byte by byte is not progress for ever.
func TestForward_AHeadThatDripsIsBounded(t *testing.T) {
	short := 200 * time.Millisecond
	s := newScene(t, "unix", func(c *Config, _ *Options) { c.ReadTimeout = &short }, func(conn *rawConn) {
		conn.head()
		drip := time.NewTicker(short / 20)
		defer drip.Stop()
		_, err := io.WriteString(conn, "HTTP/1.1 200 OK\r\nX-Drip: ")
		for deadline := time.Now().Add(20 * time.Second); err == nil && time.Now().Before(deadline); <-drip.C {
			_, err = io.WriteString(conn, "x")
		}
		if err == nil {
			t.Error("the server was listened to for 20 s")
		}
	})
	client := s.dial(t)
	client.send(get)
	if head := client.head(); len(head) == 0 || !strings.HasPrefix(head[0], "HTTP/1.1 504") {
		t.Errorf("got %q", head)
	}
	<-s.ended
	if s.reason() != "upstream_timeout" {
		t.Errorf("reason %q", s.reason())
	}
}

func TestForward_LocationTimeoutIsTheDefault(t *testing.T) {
	short, long := 30*time.Millisecond, time.Hour
	hang := func(c *rawConn) { c.head(); c.rest() }
	s := newScene(t, "unix", nil, hang)
	f := newFront(t, s.group.Handler(HandlerOptions{RequestTimeout: &short}))
	c := f.dial(t)
	c.send(get)
	if head := c.head(); !strings.HasPrefix(strings.Join(head, ""), "HTTP/1.1 504") {
		t.Errorf("got %q", head)
	}
	own := groupOf(t, func(c *Config, _ *Options) { c.ReadTimeout = &short }, s.fake.config("a"))
	f = newFront(t, own.Handler(HandlerOptions{RequestTimeout: &long}))
	c = f.dial(t)
	c.send(get)
	if head := c.head(); !strings.HasPrefix(strings.Join(head, ""), "HTTP/1.1 504") {
		t.Errorf("got %q", head)
	}
}

func TestForward_ClientGoneCancelsTheServer(t *testing.T) {
	for _, before := range []string{"", "HTTP/1.1 200 OK\r\n\r\nsome"} {
		arrived, ended := make(chan bool, 1), make(chan bool, 1)
		s := newScene(t, "unix", nil, func(c *rawConn) {
			c.head()
			c.send(before)
			arrived <- true
			c.rest()
			ended <- true
		})
		c := s.dial(t)
		c.send(get)
		<-arrived
		_ = c.Close()
		<-ended
		<-s.ended
		if s.reason() != "client_gone" {
			t.Errorf("after %q: reason %q", before, s.reason())
		}
	}
}

// lockedBuffer collects log lines.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func TestForward_OneLogLinePerFailure(t *testing.T) {
	var log lockedBuffer
	s := newScene(t, "unix", func(_ *Config, o *Options) {
		o.Logger = hclog.New(&hclog.LoggerOptions{Output: &log, Name: "upstream"})
	}, saying("", true))
	c := s.dial(t)
	c.send(get)
	c.head()
	<-s.ended
	line := log.String()
	address := "unix:" + s.fake.listener.Addr().String()
	for _, want := range []string{"upstream=u", "server=a", "address=" + address, "reason=upstream_reset", "request=r1",
		"without an answer", `protocol = \"uwsgi\"`} {
		if !strings.Contains(line, want) {
			t.Errorf("no %s in %s", want, line)
		}
	}
	if strings.Count(line, "\n") != 1 {
		t.Errorf("more than one line:\n%s", line)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if got := fmt.Sprint(s.servers, s.statuses, s.attempts); got != fmt.Sprintf("[%s] [0] 1", address) {
		t.Errorf("observed %s", got)
	}
}
