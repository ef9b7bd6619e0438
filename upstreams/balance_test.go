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

// bench is a group that is only asked to choose, on a clock of its own.
type bench struct {
	*Group
	now time.Time
}

func newBench(t *testing.T, edit func(*Config), servers ...Server) *bench {
	b := &bench{now: time.Unix(1e9, 0)}
	for i := range servers {
		servers[i].Name = string(rune('a' + i))
		servers[i].Network, servers[i].Address = "tcp", "127.0.0.1:1"
		servers[i].Weight = max(servers[i].Weight, 1)
	}
	b.Group = groupOf(t, func(c *Config, o *Options) {
		o.Now = func() time.Time { return b.now }
		if edit != nil {
			edit(c)
		}
	}, servers...)
	return b
}

// choose lets n requests begin and returns the names of their servers.
func (b *bench) choose(n int) string {
	var names strings.Builder
	for range n {
		s, busy := b.acquire(nil)
		switch {
		case s != nil:
			names.WriteString(s.Name)
		case busy:
			names.WriteString("!")
		default:
			names.WriteString("-")
		}
	}
	return names.String()
}

func roundRobin(c *Config) { c.Balance = RoundRobin }

func TestBalance(t *testing.T) {
	cases := []struct {
		name    string
		edit    func(*Config)
		servers []Server
		want    string
	}{
		{"round robin", roundRobin, []Server{{}, {}, {}}, "abcabc"},
		{"round robin, weights spread", roundRobin, []Server{{Weight: 5}, {}, {}}, "aabacaaaabacaa"},
		{"round robin ignores load", roundRobin, []Server{{}, {Weight: 2}}, "babbab"},
		{"fewest requests", nil, []Server{{}, {}}, "abba"},
		{"fewest requests for the weight", nil, []Server{{Weight: 3}, {}}, "abaaabaa"},
		{"limit", nil, []Server{{MaxConnections: 1}, {MaxConnections: 2}}, "abb!!"},
		{"backup only when the others are full", nil, []Server{{MaxConnections: 2}, {Backup: true, MaxConnections: 1}}, "aab!"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, c.edit, c.servers...)
			if got := b.choose(len(c.want)); got != c.want {
				t.Errorf("chose %s, want %s", got, c.want)
			}
		})
	}
}

func TestBalance_ReleaseCounts(t *testing.T) {
	b := newBench(t, nil, Server{}, Server{})
	s, _ := b.acquire(nil)
	first := s.Name
	b.choose(1)
	b.release(s)
	if got := b.choose(1); got != first {
		t.Errorf("chose %s although %s is free", got, first)
	}
}

func TestHealth_SetAsideTriedAndBack(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Balance, c.MaxFails, c.FailTimeout = RoundRobin, 2, 10*time.Second }, Server{}, Server{})
	a := b.servers[0]
	b.failed(a)
	b.now = b.now.Add(11 * time.Second) // outside of the window: forgotten
	b.failed(a)
	if got := b.choose(2); got != "ab" {
		t.Errorf("after one failure in the window: %s", got)
	}
	b.failed(a)
	if got := b.choose(3); got != "bbb" {
		t.Errorf("set aside, but chose %s", got)
	}
	b.now = b.now.Add(10 * time.Second)
	if got := b.choose(4); strings.Count(got, "a") != 1 {
		t.Errorf("one request at a time may try it: %s", got)
	}
	b.failed(a)
	if got := b.choose(2); got != "bb" {
		t.Errorf("it failed again, but chose %s", got)
	}
	b.now = b.now.Add(10 * time.Second)
	b.choose(2)
	b.succeeded(a)
	if got := b.choose(4); strings.Count(got, "a") != 2 {
		t.Errorf("it is back, but chose %s", got)
	}
}

func TestHealth_TheLastServerIsNeverGivenUp(t *testing.T) {
	single := newBench(t, nil, Server{})
	for range 5 {
		single.failed(single.servers[0])
	}
	if got := single.choose(2); got != "aa" {
		t.Errorf("a single server: %s", got)
	}
	b := newBench(t, nil, Server{}, Server{Backup: true})
	b.failed(b.servers[0])
	b.failed(b.servers[1])
	if got := b.choose(2); got != "bb" {
		t.Errorf("the last of two: %s", got)
	}
	if s, _ := b.acquire(b.servers[1:]); s != b.servers[0] {
		t.Error("when the last one was tried, those set aside are asked all the same")
	}
}

func TestHealth_NoFailuresCountWithMaxFailsZero(t *testing.T) {
	b := newBench(t, func(c *Config) { c.MaxFails = 0 }, Server{}, Server{})
	b.failed(b.servers[0])
	if got := b.choose(2); got != "ab" {
		t.Errorf("chose %s", got)
	}
}

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

func TestNew_RefusesWhatCannotWork(t *testing.T) {
	sound := Config{Name: "u", Protocol: ProtocolHTTP, Balance: LeastConn,
		Servers: []Server{{Name: "a", Network: "tcp", Address: "h:1", Weight: 1}}}
	if _, err := New(sound, Options{}); err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string]func(*Config){
		"protocol": func(c *Config) { c.Protocol = "gopher" },
		"balance":  func(c *Config) { c.Balance = "" },
		"servers":  func(c *Config) { c.Servers = nil },
		"weight":   func(c *Config) { c.Servers = []Server{{Name: "a", Network: "tcp", Address: "h:1"}} },
		"address":  func(c *Config) { c.Servers = []Server{{Name: "a", Weight: 1}} },
	} {
		c := sound
		edit(&c)
		if _, err := New(c, Options{}); err == nil || !strings.Contains(err.Error(), `upstream "u"`) {
			t.Errorf("%s: %v", name, err)
		}
		if c.Equal(sound) {
			t.Errorf("%s: equal to the sound one", name)
		}
	}
	moved := sound
	moved.Declared = "elsewhere.hcl:7"
	if !moved.Equal(sound) {
		t.Error("a block that moved is another")
	}
}
