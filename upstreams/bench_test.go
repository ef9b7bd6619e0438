package upstreams

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"testing"
	"time"
)

// answering is a fake server on a unix socket that answers every request
// at once with 1 KiB.
func answering(b *testing.B) *fakeServer {
	answer := append([]byte("HTTP/1.1 200 OK\r\nServer: fake\r\nContent-Type: text/plain\r\nContent-Length: 1024\r\n\r\n"),
		make([]byte, 1024)...)
	return newFakeServer(b, "unix", func(c *rawConn) {
		_ = c.SetDeadline(time.Time{})
		for buf := make([]byte, 4096); ; {
			if _, err := c.Read(buf); err != nil {
				return
			}
			if _, err := c.Write(answer); err != nil {
				return
			}
		}
	})
}

// BenchmarkForward measures one request after the other through net/http and
// the forwarder.
func BenchmarkForward(b *testing.B) {
	g := groupOf(b, nil, answering(b).config("a"))
	measure(b, newFront(b, g.Handler(HandlerOptions{})))
	g.Close()
}

// BenchmarkReverseProxy is the same with the standard library's proxy, to compare.
func BenchmarkReverseProxy(b *testing.B) {
	s := answering(b)
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: "fake"})
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", s.listener.Addr().String())
	}}
	proxy.Transport = transport
	measure(b, newFront(b, proxy))
	transport.CloseIdleConnections()
}

// measure sends requests over one connection to the front.
func measure(b *testing.B, f *front) {
	nc, err := net.Dial("tcp", f.server.Listener.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = nc.Close() }()
	request := []byte("GET /x HTTP/1.1\r\nHost: example.com\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n")
	r := bufio.NewReader(nc)
	ask(b, nc, request)
	size, err := readResponse(r)
	if err != nil {
		b.Fatal(err)
	}
	<-f.ended
	b.ReportAllocs()
	for b.Loop() {
		ask(b, nc, request)
		if n, err := r.Discard(size); n != size {
			b.Fatal(n, err)
		}
		<-f.ended
	}
}

func ask(b *testing.B, nc net.Conn, request []byte) {
	if _, err := nc.Write(request); err != nil {
		b.Fatal(err)
	}
}

// readResponse reads one response and returns its size on the wire: those
// that follow have the same, and need no parser.
func readResponse(r *bufio.Reader) (size int, err error) {
	for line := ""; line != "\r\n"; size += len(line) {
		if line, err = r.ReadString('\n'); err != nil {
			return 0, err
		}
	}
	n, err := r.Discard(1024)
	return size + n, err
}
