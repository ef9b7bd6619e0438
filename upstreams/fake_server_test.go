package upstreams

import (
	"bufio"
	"net"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
)

// fakeServer accepts connections and hands each to a script. It counts them.
type fakeServer struct {
	listener net.Listener
	accepted atomic.Int64
	wait     sync.WaitGroup
}

// newFakeServer listens on "tcp" or "unix".
func newFakeServer(t testing.TB, network string, script func(*rawConn)) *fakeServer {
	t.Helper()
	address := "127.0.0.1:0"
	if network == "unix" {
		address = filepath.Join(t.TempDir(), "s")
	}
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	s := &fakeServer{listener: l}
	s.wait.Go(func() { s.accept(t, script) })
	t.Cleanup(func() {
		_ = l.Close()
		s.wait.Wait()
	})
	return s
}

func (s *fakeServer) accept(t testing.TB, script func(*rawConn)) {
	for {
		nc, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.accepted.Add(1)
		s.wait.Go(func() {
			defer func() { _ = nc.Close() }()
			_ = nc.SetDeadline(time.Now().Add(20 * time.Second))
			script(&rawConn{t: t, Conn: nc, r: bufio.NewReader(nc)})
		})
	}
}

func (s *fakeServer) config(name string) Server {
	return Server{Name: name, Network: s.listener.Addr().Network(), Address: s.listener.Addr().String(), Weight: 1}
}

// groupOf builds a group over the servers, after edit had its say.
func groupOf(t testing.TB, edit func(*Config, *Options), servers ...Server) *Group {
	t.Helper()
	c := Config{
		Name: "u", Protocol: ProtocolHTTP, Servers: servers, Balance: LeastConn, Keepalive: 64,
		ConnectTimeout: 5 * time.Second, SendTimeout: 10 * time.Second, MaxFails: 1, FailTimeout: 10 * time.Second,
	}
	o := Options{Logger: hclog.NewNullLogger()}
	if edit != nil {
		edit(&c, &o)
	}
	g, err := New(c, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	return g
}

// scene is a fake server, a group over it, and a front before that.
type scene struct {
	*front
	fake  *fakeServer
	group *Group
}

// newScene puts script behind a group, and checks at the end that nothing is left.
func newScene(t testing.TB, network string, edit func(*Config, *Options), script func(*rawConn)) *scene {
	t.Helper()
	checkLeaks(t)
	fake := newFakeServer(t, network, script)
	g := groupOf(t, edit, fake.config("a"))
	return &scene{newFront(t, g.Handler(HandlerOptions{})), fake, g}
}

// saying is a script that answers every request head with text. With hangUp
// it closes after the first.
func saying(text string, hangUp bool) func(*rawConn) {
	return func(c *rawConn) {
		for c.head() != nil {
			c.send(text)
			if hangUp {
				return
			}
		}
	}
}

const get = "GET /a%2Fb?c=1 HTTP/1.1\r\nHost: example.com\r\nX-Mine: 1\r\n\r\n"
