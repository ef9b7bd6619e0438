package upstreams

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// fakeExchange stands for the listening side, on top of net/http.
type fakeExchange struct {
	http.ResponseWriter
	r       *http.Request
	written bool
	record  *record
}

// record is what the requests of a test left behind. Guarded by mu.
type record struct {
	mu       sync.Mutex
	reasons  []string
	statuses []int    // of ObserveUpstream
	servers  []string // of ObserveUpstream
	attempts int
	released int
	ended    chan struct{} // gets one when a handler has returned
}

func (x *fakeExchange) Unwrap() http.ResponseWriter { return x.ResponseWriter }

func (x *fakeExchange) WriteHeader(status int) {
	x.written = x.written || status >= 200 || status == 101
	x.ResponseWriter.WriteHeader(status)
}

func (x *fakeExchange) Write(p []byte) (int, error) {
	x.written = true
	return x.ResponseWriter.Write(p)
}

func (x *fakeExchange) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return http.NewResponseController(x.ResponseWriter).Hijack()
}

func (x *fakeExchange) RequestID() string { return "r1" }
func (x *fakeExchange) Scheme() string    { return "http" }
func (x *fakeExchange) Mount() (string, string) {
	return "/app", strings.TrimPrefix(x.r.URL.Path, "/app")
}
func (x *fakeExchange) UpstreamTarget() string          { return x.r.RequestURI }
func (x *fakeExchange) ForwardedPrefix() string         { return "/app" }
func (x *fakeExchange) ServerName() string              { return "localhost" }
func (x *fakeExchange) ServerPort() string              { return "80" }
func (x *fakeExchange) RemoteUser() string              { return "alice" }
func (x *fakeExchange) RemoteAddr() (host, port string) { return "192.0.2.7", "4711" }
func (x *fakeExchange) AcceptsTrailers() bool           { return x.r.Header.Get("Te") == "trailers" }
func (x *fakeExchange) HeadWritten() bool               { return x.written }

func (x *fakeExchange) Fail(status int, reason string) {
	x.SetReason(reason)
	x.Header().Set("Connection", "close") // as the real one, unless it has read the whole body
	x.WriteHeader(status)
	_, _ = fmt.Fprintln(x, reason)
}

func (x *fakeExchange) Abort(reason string) {
	x.SetReason(reason)
	panic(http.ErrAbortHandler)
}

func (x *fakeExchange) SetReason(reason string) {
	x.record.mu.Lock()
	defer x.record.mu.Unlock()
	x.record.reasons = append(x.record.reasons, reason)
}

func (x *fakeExchange) SetAttempts(n int) {
	x.record.mu.Lock()
	defer x.record.mu.Unlock()
	x.record.attempts = n
}

func (x *fakeExchange) ReleaseBody() {
	x.record.mu.Lock()
	defer x.record.mu.Unlock()
	x.record.released++
}

// BufferBody keeps a body that begins with "file:" in a file, others in memory.
func (x *fakeExchange) BufferBody() (data []byte, file *os.File, size int64, ok bool) {
	data, err := io.ReadAll(x.r.Body)
	if err != nil {
		x.Fail(http.StatusBadRequest, "bad_request")
		return nil, nil, 0, false
	}
	if !strings.HasPrefix(string(data), "file:") {
		return data, nil, int64(len(data)), true
	}
	file, err = os.CreateTemp("", "upstreams")
	if err != nil {
		panic(err)
	}
	_ = os.Remove(file.Name())
	if _, err := file.Write(data); err != nil {
		panic(err)
	}
	return nil, file, int64(len(data)), true
}

func (x *fakeExchange) ObserveUpstream(_, addr string, status int, _ time.Duration) {
	x.record.mu.Lock()
	defer x.record.mu.Unlock()
	x.record.statuses = append(x.record.statuses, status)
	x.record.servers = append(x.record.servers, addr)
}

// front serves h as a location would.
type front struct {
	*record
	server *httptest.Server
}

func newFront(t testing.TB, h http.Handler) *front {
	f := &front{record: &record{ended: make(chan struct{}, 1000)}}
	f.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { f.ended <- struct{}{} }()
		h.ServeHTTP(&fakeExchange{ResponseWriter: w, r: r, record: f.record}, r)
	}))
	t.Cleanup(f.server.Close)
	return f
}

// reason is what the last request left as $reason.
func (f *front) reason() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.reasons) == 0 {
		return ""
	}
	return f.reasons[len(f.reasons)-1]
}

// dial opens a raw connection to the front.
func (f *front) dial(t testing.TB) *rawConn {
	t.Helper()
	nc, err := net.Dial("tcp", f.server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return newRawConn(t, nc)
}

// rawConn is a connection with the byte-wise tools a test needs.
type rawConn struct {
	t testing.TB
	net.Conn
	r *bufio.Reader
}

func newRawConn(t testing.TB, nc net.Conn) *rawConn {
	t.Cleanup(func() { _ = nc.Close() })
	_ = nc.SetDeadline(time.Now().Add(20 * time.Second)) // a test that hangs is a test that fails
	return &rawConn{t: t, Conn: nc, r: bufio.NewReader(nc)}
}

func (c *rawConn) send(text string) {
	c.t.Helper()
	if _, err := io.WriteString(c.Conn, text); err != nil {
		c.t.Errorf("sending %.40q: %v", text, err)
	}
}

// expect reads as many bytes as text has and compares.
func (c *rawConn) expect(text string) {
	c.t.Helper()
	got := make([]byte, len(text))
	n, err := io.ReadFull(c.r, got)
	if string(got[:n]) != text {
		c.t.Errorf("read %q (%v), want %q", got[:n], err, text)
	}
}

// head reads up to the empty line and returns the lines before it.
func (c *rawConn) head() []string {
	var lines []string
	for {
		line, err := c.r.ReadString('\n')
		if err != nil || line == "\r\n" {
			return lines
		}
		lines = append(lines, strings.TrimSuffix(line, "\r\n"))
	}
}

// rest reads to the end.
func (c *rawConn) rest() string {
	b, _ := io.ReadAll(c.r)
	return string(b)
}
