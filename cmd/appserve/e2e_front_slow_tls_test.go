package main

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// secureDawdlers are ways to stand in the door of a TLS listener. Each is done
// on a connection that is then left alone.
var secureDawdlers = []struct {
	name     string
	protocol string // "": TLS is not spoken
	send     func(w io.Writer) error
}{
	{"says nothing", "", func(io.Writer) error { return nil }},
	{"begins a handshake", "", func(w io.Writer) error { _, err := io.WriteString(w, "\x16\x03\x01\x02\x00\x01\x00"); return err }},
	{"shakes hands for HTTP/1.1", "http/1.1", func(io.Writer) error { return nil }},
	{"shakes hands for HTTP/2", "h2", func(io.Writer) error { return nil }},
	{"begins a head of HTTP/1.1", "http/1.1", func(w io.Writer) error { _, err := io.WriteString(w, "GET / HTTP/1.1\r\nHost: x\r\n"); return err }},
	{"begins HTTP/2", "h2", func(w io.Writer) error { return beginHTTP2(w, 0) }},
	{"begins a head of HTTP/2", "h2", func(w io.Writer) error { return beginHTTP2(w, 1) }},
	{"begins a body of HTTP/2", "h2", func(w io.Writer) error { return beginHTTP2(w, 2) }},
}

// beginHTTP2 sends the preface, and then up to two things more: a head that
// does not end, or one that ends and announces a body that does not come.
func beginHTTP2(w io.Writer, more int) error {
	if _, err := io.WriteString(w, http2.ClientPreface); err != nil {
		return err
	}
	framer := http2.NewFramer(w, nil)
	if err := framer.WriteSettings(); err != nil || more == 0 {
		return err
	}
	var head bytes.Buffer
	encoder := hpack.NewEncoder(&head)
	for _, field := range [][2]string{{":method", "POST"}, {":scheme", "https"}, {":path", "/app/upload"}, {":authority", "localhost"}, {"content-length", "9"}} {
		if err := encoder.WriteField(hpack.HeaderField{Name: field[0], Value: field[1]}); err != nil {
			return err
		}
	}
	return framer.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: head.Bytes(), EndHeaders: more == 2})
}

// TestFront_SlowClientsOfTLS: whoever stands in the door is sent away by a
// deadline, however far it came.
func TestFront_SlowClientsOfTLS(t *testing.T) {
	t.Parallel()
	s := newSecure(t)
	s.configure(strings.Replace(secureWitness, `address = "$ADDRESS"`, `address           = "$ADDRESS"
  header_timeout    = "2s"
  body_timeout      = "2s"
  keepalive_timeout = "2s"`, 1))
	s.launch(s.command())
	for _, dawdler := range secureDawdlers {
		for range 10 {
			s.dawdle(dawdler.protocol, dawdler.send)
		}
	}
	if held := s.descriptors() - s.opened; held < 10 {
		t.Errorf("the server holds %d connections more than before", held)
	}
	// They still hold their ends: it is the server that lets go.
	eventually(t, 30*time.Second, func() string {
		if held := s.descriptors() - s.opened; held > 0 {
			return fmt.Sprintf("%d connections are open", held)
		}
		return ""
	})
	s.expectStill("/", "hello from the front")
}

// dawdle opens a connection, sends something, and keeps it until the test ends.
func (s *secureInstance) dawdle(protocol string, send func(io.Writer) error) {
	s.t.Helper()
	nc, err := net.Dial("tcp", s.address)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { nc.Close() })
	if protocol != "" {
		config := s.signer.trust()
		config.ServerName, config.NextProtos = "localhost", []string{protocol}
		secured := tls.Client(nc, config)
		if err := secured.Handshake(); err != nil {
			s.t.Fatal(err)
		}
		nc = secured
	}
	if err := send(nc); err != nil {
		s.t.Fatal(err)
	}
}
