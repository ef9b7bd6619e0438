package listeners

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"github.com/appserve/appserve/listeners/certificates"
)

// securedPair gives both ends of a connection with TLS whose server has some
// patience, and little room in the kernel.
func securedPair(t *testing.T, sendTimeout time.Duration) (*secured, *tls.Conn) {
	t.Helper()
	pair, config := selfSigned(t, "test.test")
	terminator := certificates.NewTerminator()
	terminator.Use(setOf(t, certificates.Config{Pairs: []certificates.Pair{pair}}))
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	dialed := make(chan *tls.Conn, 1)
	go dialSmall(l.Addr().String(), config, dialed)
	nc, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nc.Close() })
	if err := nc.(*net.TCPConn).SetWriteBuffer(16 << 10); err != nil {
		t.Fatal(err)
	}
	s := secure(terminator, nc, &terms{http2: http2Settings{sendTimeout: sendTimeout}})
	if err := s.Handshake(); err != nil {
		t.Fatal(err)
	}
	c := <-dialed
	if c == nil {
		t.Fatal("no client")
	}
	t.Cleanup(func() { c.NetConn().Close() })
	if err := c.SetDeadline(time.Now().Add(3 * patience)); err != nil {
		t.Fatal(err)
	}
	return s, c
}

func dialSmall(addr string, config *tls.Config, dialed chan<- *tls.Conn) {
	defer close(dialed)
	nc, err := net.Dial("tcp4", addr)
	if err != nil || nc.(*net.TCPConn).SetReadBuffer(16<<10) != nil {
		return
	}
	c := tls.Client(nc, config)
	if c.Handshake() == nil {
		dialed <- c
	}
}

func TestASlowReaderOfTLSIsWaitedFor(t *testing.T) {
	const size = 640 << 10
	s, c := securedPair(t, 2*time.Second) // a window that closes is probed only after a while
	written := make(chan error, 1)
	go func() {
		_, err := s.Write(make([]byte, size))
		s.wire.Conn.Close() // the reader must not wait for what will not come
		written <- err
	}()
	received := 0
	for began := time.Now(); received < size; { // in all longer than the patience
		n, err := c.Read(make([]byte, 16<<10))
		if received += n; err != nil {
			t.Fatalf("after %d bytes and %s: %v", received, time.Since(began), err)
		}
		time.Sleep(15 * time.Millisecond)
	}
	if err := <-written; err != nil {
		t.Error(err)
	}
}

func TestAReaderThatTakesNothingIsGivenUp(t *testing.T) {
	s, c := securedPair(t, 100*time.Millisecond)
	_, err := s.Write(make([]byte, 32<<20))
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the write ended with %v", err)
	}
	began := time.Now()
	_ = s.Close()
	if took := time.Since(began); took > patience/2 {
		t.Errorf("its end took %s", took)
	}
	if _, err := io.Copy(io.Discard, c); err == nil {
		t.Error("what was cut looks whole")
	}
}

func TestAResetLeavesNoGoodbye(t *testing.T) {
	s, c := securedPair(t, time.Second)
	if _, err := s.Write([]byte("half")); err != nil {
		t.Fatal(err)
	}
	if err := s.SetLinger(0); err != nil {
		t.Fatal(err)
	}
	_ = s.Close()
	if _, err := io.Copy(io.Discard, c); err == nil {
		t.Error("half an answer looks whole")
	}
}
