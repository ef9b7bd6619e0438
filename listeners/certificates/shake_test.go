package certificates

import (
	"bytes"
	"crypto/tls"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
)

// shake shakes hands over a loopback connection and exchanges a byte, so that
// the client has read what TLS 1.3 sends after the handshake.
func shake(t *testing.T, terminator *Terminator, client *tls.Config) (tls.ConnectionState, error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	served := make(chan struct{})
	go serveByte(l, terminator, served)
	defer func() { <-served }()
	raw, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	if err := raw.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	c := tls.Client(raw, client)
	if _, err := c.Read(make([]byte, 1)); err != nil {
		return tls.ConnectionState{}, err
	}
	return c.ConnectionState(), nil
}

func serveByte(l net.Listener, terminator *Terminator, served chan<- struct{}) {
	defer close(served)
	nc, err := l.Accept()
	if err != nil {
		return
	}
	defer nc.Close()
	_, _ = terminator.Server(nc).Write([]byte{1}) // the client sees what goes wrong
}

// load makes a Terminator of a configuration.
func load(t *testing.T, c Config, o Options) *Terminator {
	t.Helper()
	s, err := Load(c, o)
	if err != nil {
		t.Fatal(err)
	}
	terminator := NewTerminator()
	terminator.Use(s)
	return terminator
}

// notes is a log that a test reads.
type notes struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (n *notes) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.Write(p)
}

func (n *notes) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.String()
}

func (n *notes) logger() hclog.Logger {
	return hclog.New(&hclog.LoggerOptions{Output: n, Level: hclog.Debug, DisableTime: true})
}
