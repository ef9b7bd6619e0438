package upstreams

import (
	"bufio"
	"net"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
)

// BenchmarkForward measures a request of 1 KiB through net/http and the
// forwarder to a server on a unix socket that answers at once.
func BenchmarkForward(b *testing.B) {
	body := make([]byte, 1024)
	answer := append([]byte("HTTP/1.1 200 OK\r\nServer: fake\r\nContent-Type: text/plain\r\nContent-Length: 1024\r\n\r\n"), body...)
	s := newFakeServer(b, "unix", func(c *rawConn) {
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
	g := groupOf(b, func(_ *Config, o *Options) { o.Logger = hclog.NewNullLogger() }, s.config("a"))
	f := newFront(b, g.Handler(HandlerOptions{}))
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
	g.Close()
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
