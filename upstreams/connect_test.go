package upstreams

import (
	"context"
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
)

// refusing is the address of a port where nobody listens.
func refusing(t *testing.T, name string) Server {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	return Server{Name: name, Network: "tcp", Address: l.Addr().String(), Weight: 1}
}

func TestConnect_RefusedMovesToTheNextServer(t *testing.T) {
	checkLeaks(t)
	fake := newFakeServer(t, "unix", saying(okay, false))
	var log lockedBuffer
	g := groupOf(t, func(c *Config, o *Options) {
		c.Balance = RoundRobin
		o.Logger = hclog.New(&hclog.LoggerOptions{Output: &log})
	}, refusing(t, "down"), fake.config("up"))
	s := &scene{newFront(t, g.Handler(HandlerOptions{})), fake, g}
	client := s.dial(t)
	const post = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody"
	client.send(post)
	if head := client.head(); len(head) == 0 || head[0] != "HTTP/1.1 200 OK" {
		t.Fatalf("got %q", head)
	}
	<-s.ended
	s.mu.Lock()
	defer s.mu.Unlock()
	if line := log.String(); !strings.Contains(line, "[WARN]") || strings.Contains(line, "[ERROR]") || !strings.Contains(line, "server=down") {
		t.Errorf("logged %s", line)
	}
	if s.attempts != 2 || fmt.Sprint(s.statuses) != "[0 200]" {
		t.Errorf("%d attempts, statuses %v", s.attempts, s.statuses)
	}
}

func TestConnect_AllRefused(t *testing.T) {
	checkLeaks(t)
	g := groupOf(t, nil, refusing(t, "a"), refusing(t, "b"))
	f := newFront(t, g.Handler(HandlerOptions{}))
	for range 3 {
		c := f.dial(t)
		c.send(get)
		if head := c.head(); len(head) == 0 || !strings.HasPrefix(head[0], "HTTP/1.1 502") {
			t.Fatalf("got %q", head)
		}
		<-f.ended
		if f.reason() != "upstream_refused" || f.attempts != 2 {
			t.Errorf("reason %q after %d attempts", f.reason(), f.attempts)
		}
	}
}

func TestConnect_Timeout(t *testing.T) {
	checkLeaks(t)
	g := groupOf(t, func(c *Config, o *Options) {
		c.ConnectTimeout = 20 * time.Millisecond
		o.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
	}, Server{Name: "a", Network: "tcp", Address: "192.0.2.1:1", Weight: 1})
	f := newFront(t, g.Handler(HandlerOptions{}))
	c := f.dial(t)
	c.send(get)
	if head := c.head(); len(head) == 0 || !strings.HasPrefix(head[0], "HTTP/1.1 504") || f.reason() != "upstream_timeout" {
		t.Errorf("got %q, reason %q", head, f.reason())
	}
}

func TestConnect_ClientGoneMeanwhile(t *testing.T) {
	checkLeaks(t)
	dialing := make(chan bool)
	g := groupOf(t, func(_ *Config, o *Options) {
		o.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) {
			dialing <- true
			<-ctx.Done()
			return nil, ctx.Err()
		}
	}, Server{Name: "a", Network: "tcp", Address: "192.0.2.1:1", Weight: 1})
	f := newFront(t, g.Handler(HandlerOptions{}))
	c := f.dial(t)
	c.send(get)
	<-dialing
	_ = c.Close()
	<-f.ended
	if f.reason() != "client_gone" || g.servers[0].health.fails != 0 {
		t.Errorf("reason %q, %d failures", f.reason(), g.servers[0].health.fails)
	}
}

func TestConnect_FullBacklogOfAUnixSocketIsWaitedFor(t *testing.T) {
	calls := 0
	s := newScene(t, "unix", func(_ *Config, o *Options) {
		o.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			if calls++; calls < 4 {
				return nil, fmt.Errorf("connecting: %w", syscall.EAGAIN)
			}
			return new(net.Dialer).DialContext(ctx, network, address)
		}
	}, saying(okay, false))
	if got := s.ask(s.dial(t), get); got != "HTTP/1.1 200 OK" || calls != 4 {
		t.Errorf("got %q after %d calls", got, calls)
	}
}

func TestConnect_EveryServerBusy(t *testing.T) {
	arrived, release := make(chan bool), make(chan bool)
	checkLeaks(t)
	fake := newFakeServer(t, "unix", func(c *rawConn) {
		c.head()
		arrived <- true
		<-release
		c.send(okay)
	})
	server := fake.config("a")
	server.MaxConnections = 1
	f := newFront(t, groupOf(t, nil, server).Handler(HandlerOptions{}))
	first, second := f.dial(t), f.dial(t)
	first.send(get)
	<-arrived
	second.send(get)
	if head := second.head(); len(head) == 0 || !strings.HasPrefix(head[0], "HTTP/1.1 503") || f.reason() != "upstream_busy" {
		t.Errorf("got %q, reason %q", head, f.reason())
	}
	release <- true
	if head := first.head(); len(head) == 0 || head[0] != "HTTP/1.1 200 OK" {
		t.Errorf("got %q", head)
	}
}
