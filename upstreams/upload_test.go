package upstreams

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestUpload_EarlyAnswerEndsTheUpload(t *testing.T) {
	s := newScene(t, "unix", nil, func(c *rawConn) {
		c.head()
		c.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nno\n")
		c.rest()
	})
	c := s.dial(t)
	c.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\nbeginning")
	head := c.head()
	if len(head) == 0 || !strings.HasPrefix(head[0], "HTTP/1.1 413") || fields(head) != "Connection: close|Content-Length: 3" {
		t.Errorf("got %q", head)
	}
	c.expect("no\n")
	<-s.ended // although the client sends no more
}

// brokenBody panics like net/http's body does when the engine is at fault.
type brokenBody struct{}

func (brokenBody) Read([]byte) (int, error) { panic("invalid concurrent Body.Read call") }
func (brokenBody) Close() error             { return nil }

func TestUpload_PanicInTheBodyIsNotTheEndOfTheProcess(t *testing.T) {
	s := newScene(t, "unix", nil, func(c *rawConn) { c.rest() })
	handler := s.server.Config.Handler
	s.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = brokenBody{}
		handler.ServeHTTP(w, r)
	})
	c := s.dial(t)
	c.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx")
	if head := c.head(); len(head) == 0 || !strings.HasPrefix(head[0], "HTTP/1.1 400") {
		t.Errorf("got %q", head)
	}
}

func TestUpload_EarlyAnswerAndHangUpIsNotLost(t *testing.T) {
	s := newScene(t, "unix", nil, func(c *rawConn) {
		c.head()
		c.send("HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nno\n")
	})
	c := s.dial(t)
	c.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10000000\r\n\r\n" + strings.Repeat("x", 1<<20))
	if head := c.head(); len(head) == 0 || !strings.HasPrefix(head[0], "HTTP/1.1 413") {
		t.Errorf("got %q", head)
	}
}

func TestUpload_SilenceDuringASlowUploadIsNoTimeout(t *testing.T) {
	short := 40 * time.Millisecond
	s := newScene(t, "unix", func(c *Config, _ *Options) { c.ReadTimeout = &short }, func(c *rawConn) {
		c.head()
		c.expect("slow")
		c.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
	})
	c := s.dial(t)
	c.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n")
	for _, b := range "slow" {
		time.Sleep(short) // the slow client is what is tested
		c.send(string(b))
	}
	if head := c.head(); len(head) == 0 || head[0] != "HTTP/1.1 200 OK" {
		t.Errorf("got %q", head)
	}
}

func TestUpload_ClientGoneDuringUpload(t *testing.T) {
	ended := make(chan string, 1)
	s := newScene(t, "unix", nil, func(c *rawConn) {
		c.head()
		ended <- c.rest()
	})
	c := s.dial(t)
	c.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\npart")
	_ = c.Close()
	if got := <-ended; got != "part" {
		t.Errorf("the server saw %q", got)
	}
	<-s.ended
	if s.reason() != "client_gone" {
		t.Errorf("reason %q", s.reason())
	}
}

func TestUpload_BadChunkFromTheClient(t *testing.T) {
	s := newScene(t, "unix", nil, func(c *rawConn) { c.rest() })
	c := s.dial(t)
	c.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
	if head := c.head(); len(head) == 0 || !strings.HasPrefix(head[0], "HTTP/1.1 400") {
		t.Errorf("got %q", head)
	}
}

// The client gets its 100 from us; the server is not asked.
func TestUpload_ExpectContinue(t *testing.T) {
	s := newScene(t, "unix", nil, func(c *rawConn) {
		if head := strings.Join(c.head(), "|"); strings.Contains(head, "Expect") {
			t.Errorf("head %q", head)
		}
		c.expect("body")
		c.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") // some say it unasked
	})
	c := s.dial(t)
	c.send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
	if head := c.head(); len(head) == 0 || head[0] != "HTTP/1.1 100 Continue" {
		t.Errorf("got %q", head)
	}
	c.send("body")
	if head := c.head(); len(head) == 0 || head[0] != "HTTP/1.1 200 OK" {
		t.Errorf("got %q", head)
	}
}
