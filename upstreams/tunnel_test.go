package upstreams

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/appserve/appserve/upstreams/conn"
)

const handshake = "GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-Websocket-Key: k\r\n\r\n"

const switching = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nSec-Websocket-Accept: a\r\n\r\n"

// upgrade does the handshake and returns the client's end.
func (s *scene) upgrade(t *testing.T, more string) *rawConn {
	t.Helper()
	c := s.dial(t)
	c.send(handshake + more)
	head := c.head()
	if len(head) == 0 || head[0] != "HTTP/1.1 101 Switching Protocols" {
		t.Fatalf("got %q", head)
	}
	if got := fields(head); got != "Connection: Upgrade|Sec-Websocket-Accept: a|Upgrade: WebSocket" {
		t.Errorf("got %s", got)
	}
	return c
}

func TestTunnel_EchoBothWays(t *testing.T) {
	for _, network := range []string{"tcp", "unix"} {
		s := newScene(t, network, nil, func(c *rawConn) {
			head := c.head()
			if got := fields(head); !strings.Contains(got, "Connection: Upgrade|") || !strings.Contains(got, "|Upgrade: websocket|") {
				t.Errorf("the server saw %s", got)
			}
			c.send(switching + "hello")
			_, _ = io.Copy(c, c.r)
		})
		c := s.upgrade(t, "early")
		c.expect("helloearly")
		for range 10 {
			c.send("ping")
			c.expect("ping")
		}
		large := strings.Repeat("0123456789abcdef", 1<<16)
		go c.send(large)
		c.expect(large)
		_ = c.Close()
		<-s.ended
		if got := s.statuses; len(got) != 1 || got[0] != 101 {
			t.Errorf("observed %v", got)
		}
	}
}

func TestTunnel_HalfCloseIsPassedOn(t *testing.T) {
	s := newScene(t, "tcp", nil, func(c *rawConn) {
		c.head()
		c.send(switching)
		c.send("got " + c.rest()) // after the end of the client's direction
	})
	c := s.upgrade(t, "")
	c.send("all")
	if err := c.Conn.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	c.expect("got all")
	if rest := c.rest(); rest != "" {
		t.Errorf("and %q", rest)
	}
	<-s.ended
}

func TestTunnel_EndsWithTheServer(t *testing.T) {
	s := newScene(t, "unix", nil, func(c *rawConn) {
		c.head()
		c.send(switching + "bye")
	})
	c := s.upgrade(t, "")
	c.expect("bye")
	if rest := c.rest(); rest != "" {
		t.Errorf("and %q", rest)
	}
	_ = c.Close()
	<-s.ended
}

func TestTunnel_EndsWhenTheListeningSideClosesIt(t *testing.T) {
	ended := make(chan bool)
	s := newScene(t, "unix", nil, func(c *rawConn) {
		c.head()
		c.send(switching)
		c.rest()
		ended <- true
	})
	handler := s.server.Config.Handler
	hijacked := make(chan io.Closer, 1)
	s.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(&trackingWriter{w, hijacked}, r)
	})
	s.upgrade(t, "")
	_ = (<-hijacked).Close()
	<-ended
	<-s.ended
}

func TestTunnel_RefusedUpgradeIsAResponse(t *testing.T) {
	s := newScene(t, "unix", nil, saying("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno", false))
	c := s.dial(t)
	c.send(handshake)
	if head := c.head(); len(head) == 0 || head[0] != "HTTP/1.1 403 Forbidden" {
		t.Errorf("got %q", head)
	}
	c.expect("no")
}

func TestTunnel_OnlyGETUpgrades(t *testing.T) {
	s := newScene(t, "unix", nil, func(c *rawConn) { t.Errorf("the server got %q", c.head()) })
	for _, request := range []string{
		strings.Replace(handshake, "GET", "POST", 1),
		strings.Replace(handshake, "\r\n\r\n", "\r\nContent-Length: 2\r\n\r\nhi", 1),
	} {
		c := s.dial(t)
		c.send(request)
		if head := c.head(); len(head) == 0 || !strings.HasPrefix(head[0], "HTTP/1.1 400") || s.reason() != "bad_request" {
			t.Errorf("%q: got %q, reason %q", request, head, s.reason())
		}
	}
}

func TestTunnel_WrongProtocol(t *testing.T) {
	s := newScene(t, "unix", nil, saying("HTTP/1.1 101 x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n", false))
	c := s.dial(t)
	c.send(handshake)
	if head := c.head(); len(head) == 0 || !strings.HasPrefix(head[0], "HTTP/1.1 502") || s.reason() != "bad_response" {
		t.Errorf("got %q, reason %q", head, s.reason())
	}
}

// trackingWriter tells about hijacked connections, as the listening side does.
type trackingWriter struct {
	http.ResponseWriter
	hijacked chan<- io.Closer
}

func (w *trackingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *trackingWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	c, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	w.hijacked <- c
	return c, rw, err
}

// tunnelBetween runs a tunnel with these limits between two connections, and
// returns their far ends and what tells that it has ended.
func tunnelBetween(t *testing.T, all *Tunnels, idle, half time.Duration) (client, server *rawConn, ended chan bool) {
	t.Helper()
	checkLeaks(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	var near, far [2]net.Conn
	for i := range near {
		if near[i], err = net.Dial("tcp", l.Addr().String()); err != nil {
			t.Fatal(err)
		}
		if far[i], err = l.Accept(); err != nil {
			t.Fatal(err)
		}
	}
	buffers := new(conn.Buffers)
	upstream := conn.New(near[1], buffers)
	tunnel := newTunnel(all, conn.New(near[0], buffers), upstream, idle, half, time.Minute)
	ended = make(chan bool)
	go func() {
		tunnel.run(nil)
		_ = upstream.Close()
		close(ended)
	}()
	return newRawConn(t, far[0]), newRawConn(t, far[1]), ended
}

func TestTunnel_EndsWhenNothingMovesEitherWay(t *testing.T) {
	const idle = 100 * time.Millisecond
	client, server, ended := tunnelBetween(t, new(Tunnels), idle, time.Hour)
	start := time.Now()
	for time.Since(start) < 3*idle { // one direction is enough to keep both
		client.send("x")
		server.expect("x")
		time.Sleep(idle / 10)
	}
	<-ended
}

func TestTunnel_HalfClosedAndSilentEnds(t *testing.T) {
	client, server, ended := tunnelBetween(t, new(Tunnels), time.Hour, 50*time.Millisecond)
	_ = client.Conn.(*net.TCPConn).CloseWrite()
	if rest := server.rest(); rest != "" {
		t.Errorf("the server read %q", rest)
	}
	server.send("late, but not too late")
	client.expect("late, but not too late")
	<-ended
}
