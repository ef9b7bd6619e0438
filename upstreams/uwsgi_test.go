package upstreams

import (
	"encoding/binary"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// packet reads a uwsgi packet: its variables, and the body they announce.
func (c *rawConn) packet() (vars map[string]string, body string) {
	head := make([]byte, 4)
	if _, err := io.ReadFull(c.r, head); err != nil {
		return nil, ""
	}
	if head[0] != 0 || head[3] != 0 {
		c.t.Errorf("packet header %v", head)
	}
	b := make([]byte, binary.LittleEndian.Uint16(head[1:]))
	if _, err := io.ReadFull(c.r, b); err != nil {
		c.t.Error(err)
	}
	next := func() string {
		n := int(binary.LittleEndian.Uint16(b))
		s := string(b[2 : 2+n])
		b = b[2+n:]
		return s
	}
	vars = map[string]string{}
	for len(b) > 0 {
		name := next()
		vars[name] = next()
	}
	n, _ := strconv.Atoi(vars["CONTENT_LENGTH"])
	data := make([]byte, n)
	if _, err := io.ReadFull(c.r, data); err != nil {
		c.t.Error(err)
	}
	return vars, string(data)
}

func speakUWSGI(c *Config, _ *Options) { c.Protocol = ProtocolUWSGI }

func TestUWSGI_WholeExchange(t *testing.T) {
	seen := make(chan map[string]string, 1)
	s := newScene(t, "unix", speakUWSGI, func(c *rawConn) {
		vars, _ := c.packet()
		seen <- vars
		c.send("HTTP/1.1 201 Made\r\nX-A: 1\r\n\r\nbody until the end")
	})
	c := s.dial(t)
	c.send("GET /app/x%20y?q=1 HTTP/1.1\r\nHost: example.com\r\nX-Mine: 1\r\nCookie: a=1\r\nCookie: b=2\r\n\r\n")
	vars := <-seen
	want := map[string]string{
		"QUERY_STRING": "q=1", "REQUEST_METHOD": "GET", "CONTENT_TYPE": "", "CONTENT_LENGTH": "",
		"REQUEST_URI": "/app/x%20y?q=1", "SCRIPT_NAME": "/app", "PATH_INFO": "/x y", "SERVER_PROTOCOL": "HTTP/1.1",
		"REQUEST_SCHEME": "http", "REMOTE_ADDR": "192.0.2.7", "REMOTE_PORT": "4711", "SERVER_PORT": "80",
		"SERVER_NAME": "localhost", "HTTP_HOST": "example.com", "HTTP_X_FORWARDED_PREFIX": "/app",
		"HTTP_X_MINE": "1", "HTTP_COOKIE": "a=1; b=2", "REMOTE_USER": "alice", "AUTH_TYPE": "Basic",
	}
	if !maps.Equal(vars, want) {
		for _, name := range slices.Sorted(maps.Keys(vars)) {
			t.Logf("%s=%q", name, vars[name])
		}
		t.Error("these are not the variables")
	}
	if head := c.head(); len(head) == 0 || head[0] != "HTTP/1.1 201 Created" {
		t.Errorf("got %q", head)
	}
	<-s.ended
	if got := s.statuses; len(got) != 1 || got[0] != 201 {
		t.Errorf("observed %v", got)
	}
}

func TestUWSGI_ResponseForms(t *testing.T) {
	for name, c := range map[string]struct{ answer, status, body string }{
		"status line":    {"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", "HTTP/1.0 200 OK", "hi"},
		"CGI":            {"Status: 404 Not Found\r\nContent-Type: a/b\r\n\r\nno", "HTTP/1.0 404 Not Found", "no"},
		"CGI bare":       {"Content-Type: a/b\n\nhi", "HTTP/1.0 200 OK", "hi"},
		"length bounds":  {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi and more", "HTTP/1.0 200 OK", "hi"},
		"nothing":        {"", "HTTP/1.0 502 Bad Gateway", "upstream_reset\n"},
		"no header":      {"\r\nhello\r\n\r\n", "HTTP/1.0 502 Bad Gateway", "bad_response\n"},
		"no header line": {"hello world\r\n\r\n", "HTTP/1.0 502 Bad Gateway", "bad_response\n"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t, "unix", speakUWSGI, func(conn *rawConn) {
				conn.packet()
				conn.send(c.answer)
			})
			client := s.dial(t)
			client.send("GET / HTTP/1.0\r\n\r\n")
			head := client.head()
			if len(head) == 0 || head[0] != c.status {
				t.Errorf("got %q, want %s", head, c.status)
			}
			if body := client.rest(); body != c.body {
				t.Errorf("body %q, want %q", body, c.body)
			}
		})
	}
}

func TestUWSGI_Bodies(t *testing.T) {
	for name, c := range map[string]struct{ request, body string }{
		"length":            {"Content-Length: 5\r\n\r\nhello", "hello"},
		"chunked":           {"Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", "hello"},
		"chunked in file":   {"Transfer-Encoding: chunked\r\n\r\n7\r\nfile:he\r\n3\r\nllo\r\n0\r\n\r\n", "file:hello"},
		"chunked and empty": {"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			seen := make(chan string, 1)
			s := newScene(t, "tcp", speakUWSGI, func(conn *rawConn) {
				vars, body := conn.packet()
				seen <- vars["CONTENT_LENGTH"] + " " + body
				conn.send("HTTP/1.1 200 OK\r\n\r\n")
			})
			client := s.dial(t)
			client.send("POST / HTTP/1.1\r\nHost: h\r\n" + c.request)
			if got, want := <-seen, strconv.Itoa(len(c.body))+" "+c.body; got != want {
				t.Errorf("the server saw %q, want %q", got, want)
			}
			if head := client.head(); len(head) == 0 || head[0] != "HTTP/1.1 200 OK" {
				t.Errorf("got %q", head)
			}
			<-s.ended
			if want := strings.HasPrefix(name, "chunked"); (s.released > 0) != want && c.body != "" {
				t.Errorf("the buffer was given back early: %v, want %v", s.released > 0, want)
			}
		})
	}
}

func TestUWSGI_BodyIsStreamed(t *testing.T) {
	first := make(chan string)
	s := newScene(t, "unix", speakUWSGI, func(c *rawConn) {
		head := make([]byte, 4)
		_, _ = io.ReadFull(c.r, head)
		_, _ = c.r.Discard(int(binary.LittleEndian.Uint16(head[1:])))
		part := make([]byte, 5)
		_, _ = io.ReadFull(c.r, part)
		first <- string(part)
		c.expect("secnd")
		c.send("HTTP/1.1 200 OK\r\n\r\n")
	})
	c := s.dial(t)
	c.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nfirst")
	if got := <-first; got != "first" {
		t.Errorf("the server saw %q", got)
	}
	c.send("secnd")
	if head := c.head(); len(head) == 0 || head[0] != "HTTP/1.1 200 OK" {
		t.Errorf("got %q", head)
	}
}

func TestUWSGI_TooLargeForAPacket(t *testing.T) {
	s := newScene(t, "unix", speakUWSGI, func(c *rawConn) { c.packet() })
	c := s.dial(t)
	c.send("GET / HTTP/1.1\r\nHost: h\r\nX-Big: " + strings.Repeat("a", 66000) + "\r\n\r\n")
	if head := c.head(); len(head) == 0 || !strings.HasPrefix(head[0], "HTTP/1.1 431") || s.reason() != "header_too_large" {
		t.Errorf("got %q, reason %q", head, s.reason())
	}
	if n := s.fake.accepted.Load(); n != 0 {
		t.Errorf("%d connections were opened for it", n)
	}
}

func TestUWSGI_NeverUpgrades(t *testing.T) {
	s := newScene(t, "unix", speakUWSGI, func(c *rawConn) {
		if vars, _ := c.packet(); vars["HTTP_UPGRADE"] != "" || vars["HTTP_CONNECTION"] != "" {
			t.Errorf("the server saw %v", vars)
		}
		c.send("HTTP/1.1 101 x\r\nUpgrade: websocket\r\n\r\n")
	})
	c := s.dial(t)
	c.send(handshake)
	if head := c.head(); len(head) == 0 || !strings.HasPrefix(head[0], "HTTP/1.1 502") {
		t.Errorf("got %q", head)
	}
}
