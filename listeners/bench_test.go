package listeners

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/appserve/appserve/listeners/accesslog"
	"github.com/appserve/appserve/listeners/exchange"
	"github.com/appserve/appserve/listeners/variable"
)

// sink is a response writer and connection that costs nothing.
type sink struct {
	net.Conn
	header http.Header
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(int)             {}
func (s *sink) Write(p []byte) (int, error) { return len(p), nil }
func (s *sink) RemoteAddr() net.Addr        { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 50000} }
func (s *sink) LocalAddr() net.Addr         { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

const browserRequest = "GET /polls/2026/results/?page=2 HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n" +
	"Accept: text/html,application/xhtml+xml\r\nAccept-Language: de,en\r\nAccept-Encoding: gzip, br\r\nCookie: sessionid=abcdef; csrftoken=012345\r\n" +
	"Referer: http://www.example.com/polls/\r\nConnection: keep-alive\r\nUpgrade-Insecure-Requests: 1\r\n\r\n"

func hello(w http.ResponseWriter, _ *http.Request) {
	w.Header()["Content-Type"] = []string{"text/plain"}
	w.Header()["Content-Length"] = []string{"5"}
	_, _ = io.WriteString(w, "hello")
}

func benchServer(b *testing.B) (*Server, *Routes) {
	log, err := accesslog.New(accesslog.Options{Format: "combined", Writer: io.Discard})
	if err != nil {
		b.Fatal(err)
	}
	r, err := NewRoutes([]Site{{Name: "www", Listeners: []string{"main"}, Hosts: []string{"*.example.com", "*"}, Locations: []Location{
		{Path: "/static", Handler: http.NotFoundHandler()}, {Path: "/", Handler: http.HandlerFunc(hello), AccessLog: log, MaxBodySize: 1 << 20},
	}}}, nil)
	if err != nil {
		b.Fatal(err)
	}
	return NewServer(Options{}), r
}

// BenchmarkExchange is what a request costs beside the engine, the socket and
// the handler: generation, hygiene, canonical path, routing, header, log line.
func BenchmarkExchange(b *testing.B) {
	s, routes := benchServer(b)
	transition, err := s.Prepare([]Listener{loopback("main")})
	if err != nil {
		b.Fatal(err)
	}
	if err := transition.Commit(routes); err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	var d *door
	for _, d = range s.doors {
	}
	w := &sink{header: http.Header{}}
	c := newConn(s, d, d.engine.Load(), w)
	parsed, err := http.ReadRequest(bufio.NewReader(strings.NewReader(browserRequest)))
	if err != nil {
		b.Fatal(err)
	}
	fields := parsed.Header
	b.ReportAllocs()
	for b.Loop() {
		clear(w.header)
		r := *parsed
		r.Header = fields
		s.handle(c, w, &r)
		c.Finish(0, 0)
	}
}

// BenchmarkServer compares a keep-alive connection with bare net/http and with
// everything around it; the difference is what listeners cost.
func BenchmarkServer(b *testing.B) {
	b.Run("bare", func(b *testing.B) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			b.Fatal(err)
		}
		bare := &http.Server{Handler: http.HandlerFunc(hello)}
		go func() { _ = bare.Serve(l) }()
		defer bare.Close()
		load(b, l.Addr().String())
	})
	b.Run("listeners", func(b *testing.B) {
		s, routes := benchServer(b)
		transition, err := s.Prepare([]Listener{loopback("main")})
		if err != nil {
			b.Fatal(err)
		}
		if err := transition.Commit(routes); err != nil {
			b.Fatal(err)
		}
		defer s.Close()
		load(b, s.Addresses("main")[0].String())
	})
}

// load sends b.N requests over one connection, 32 in the pipe.
func load(b *testing.B, addr string) {
	const depth = 32
	c, err := net.Dial("tcp", addr)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	batch := []byte(strings.Repeat(browserRequest, depth))
	r := bufio.NewReaderSize(c, 64<<10)
	b.ReportAllocs()
	for left := b.N; left > 0; left -= depth {
		n := min(left, depth)
		if _, err := c.Write(batch[:n*len(browserRequest)]); err != nil {
			b.Fatal(err)
		}
		for range n {
			if err := skipResponse(r); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func skipResponse(r *bufio.Reader) error {
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) == 2 {
			_, err := r.Discard(len("hello"))
			return err
		}
	}
}

// BenchmarkFail is an error answer to a browser.
func BenchmarkFail(b *testing.B) {
	maker := exchange.NewMaker(nil, time.Now)
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(browserRequest)))
	if err != nil {
		b.Fatal(err)
	}
	w := &sink{header: http.Header{}}
	peer := &exchange.Peer{Scheme: "http"}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.header)
		x := maker.Begin(w, r, peer)
		x.Fail(404, exchange.ReasonNoLocation)
		x.Finish(0, 0)
	}
}

// BenchmarkRespond is a fixed answer with a variable in it.
func BenchmarkRespond(b *testing.B) {
	text, err := variable.Compile([]variable.Part{{Literal: "you asked for "}, {Variable: "path"}})
	if err != nil {
		b.Fatal(err)
	}
	handler := Respond(200, "text/plain", text)
	maker := exchange.NewMaker(nil, time.Now)
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(browserRequest)))
	if err != nil {
		b.Fatal(err)
	}
	w := &sink{header: http.Header{}}
	peer := &exchange.Peer{Scheme: "http"}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.header)
		x := maker.Begin(w, r, peer)
		handler.ServeHTTP(x, r)
		x.Finish(0, 0)
	}
}
