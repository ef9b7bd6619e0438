package upstreams

import (
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const okay = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

// ask sends one request over a connection to the front and returns the status line.
func (s *scene) ask(c *rawConn, request string) string {
	c.send(request)
	head := c.head()
	if len(head) == 0 {
		return ""
	}
	for _, line := range head {
		if length, found := strings.CutPrefix(line, "Content-Length: "); found && !strings.HasPrefix(request, "HEAD") {
			n, _ := strconv.Atoi(length)
			_, _ = c.r.Discard(n)
		}
	}
	<-s.ended
	return head[0]
}

func TestReuse_ConnectionClosedWhileIdle(t *testing.T) {
	closeIt, closed := make(chan bool), make(chan bool)
	s := newScene(t, "tcp", nil, func(c *rawConn) {
		c.head()
		c.send(okay)
		<-closeIt
		_ = c.Close()
		closed <- true
	})
	client := s.dial(t)
	for n := range 3 {
		if got := s.ask(client, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"); got != "HTTP/1.1 200 OK" {
			t.Fatalf("request %d: %q", n, got)
		}
		closeIt <- true
		<-closed
	}
}

// lateHangUp answers the first request and closes when the second arrives, as
// a server whose keep-alive time runs out just then.
func lateHangUp(seen *atomic.Int64) func(*rawConn) {
	return func(c *rawConn) {
		c.head()
		seen.Add(1)
		c.send(okay)
		if c.head() != nil {
			seen.Add(1)
		}
	}
}

func TestReuse_RaceIsRepeatedWhereItMayBe(t *testing.T) {
	for _, network := range []string{"tcp", "unix"} {
		for request, want := range map[string]string{
			"GET / HTTP/1.1\r\nHost: h\r\n\r\n":                          "HTTP/1.1 200 OK",
			"DELETE / HTTP/1.1\r\nHost: h\r\n\r\n":                       "HTTP/1.1 200 OK",
			"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n":    "HTTP/1.1 502 Bad Gateway",
			"PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody": "HTTP/1.1 502 Bad Gateway",
		} {
			var seen atomic.Int64
			s := newScene(t, network, nil, lateHangUp(&seen))
			client := s.dial(t)
			s.ask(client, get)
			if got := s.ask(client, request); got != want {
				t.Errorf("%s: %q: got %q, want %q", network, request, got, want)
			}
			s.mu.Lock()
			if s.attempts != 1 {
				t.Errorf("%q: a repetition on a new connection counted as an attempt: %d", request, s.attempts)
			}
			s.mu.Unlock()
		}
	}
}

func TestReuse_DeadConnectionTwiceIsAFailure(t *testing.T) {
	var before atomic.Bool
	s := newScene(t, "unix", nil, func(c *rawConn) {
		c.head()
		if !before.Swap(true) {
			c.send(okay)
			c.head()
		}
	})
	client := s.dial(t)
	s.ask(client, get)
	if got := s.ask(client, get); got != "HTTP/1.1 502 Bad Gateway" {
		t.Errorf("got %q", got)
	}
	if n := s.fake.accepted.Load(); n != 2 {
		t.Errorf("%d connections, want 2: one repetition, no more", n)
	}
}

func TestReuse_PostTakesOnlyAFreshConnection(t *testing.T) {
	var ahead atomic.Int64
	s := newScene(t, "unix", func(_ *Config, o *Options) {
		o.Now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	}, saying(okay, false))
	client := s.dial(t)
	const post = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"
	s.ask(client, post)
	s.ask(client, post)
	if n := s.fake.accepted.Load(); n != 1 {
		t.Errorf("%d connections for two POSTs in a row", n)
	}
	ahead.Store(int64(freshLimit + time.Second))
	s.ask(client, post)
	if n := s.fake.accepted.Load(); n != 2 {
		t.Errorf("%d connections: a POST went over an old one", n)
	}
	ahead.Store(int64(3 * freshLimit))
	s.ask(client, get)
	if n := s.fake.accepted.Load(); n != 2 {
		t.Errorf("%d connections: a GET did not take the old one", n)
	}
}

func TestReuse_UnaskedBytesEndAConnection(t *testing.T) {
	sent := make(chan bool)
	s := newScene(t, "unix", nil, func(c *rawConn) {
		c.head()
		c.send(okay)
		c.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
		sent <- true
		c.rest()
	})
	client := s.dial(t)
	for range 2 {
		client.send(get)
		<-sent
		if head := client.head(); fields(head) != "Content-Length: 2" {
			t.Errorf("got %q", head)
		}
		client.expect("ok")
		<-s.ended
	}
	if n := s.fake.accepted.Load(); n != 2 {
		t.Errorf("%d connections, want 2", n)
	}
}

func TestReuse_KeepaliveZero(t *testing.T) {
	s := newScene(t, "unix", func(c *Config, _ *Options) { c.Keepalive = 0 }, func(c *rawConn) {
		if head := strings.Join(c.head(), "|"); !strings.Contains(head, "Connection: close") {
			t.Errorf("head %q", head)
		}
		c.send(okay)
		c.rest()
	})
	client := s.dial(t)
	s.ask(client, get)
	s.ask(client, get)
	if n := s.fake.accepted.Load(); n != 2 {
		t.Errorf("%d connections, want 2", n)
	}
}

func TestGroup_CloseEndsIdleConnectionsNowAndLater(t *testing.T) {
	hold, ended := make(chan bool), make(chan bool, 2)
	s := newScene(t, "unix", nil, func(c *rawConn) {
		for c.head() != nil {
			<-hold
			c.send(okay)
		}
		ended <- true
	})
	client := s.dial(t)
	go func() { hold <- true }()
	s.ask(client, get)
	s.group.Close()
	<-ended // the idle one
	client.send(get)
	hold <- true
	client.head()
	<-ended // the one that was in use
	s.group.Close()
}
