package pool_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"time"
)

// testExchange is the listener's side of one request, in memory.
type testExchange struct {
	mu      sync.Mutex
	header  http.Header
	status  int
	infos   []int
	body    bytes.Buffer
	flushes int
	reason  string
	aborted bool
	worker  string
	queue   time.Duration
	app     time.Duration

	request  *http.Request
	data     []byte
	file     *os.File
	released bool
	slow     chan struct{}   // when set, each Write waits for one value
	written  chan<- []byte   // when set, told of each Write
	gone     <-chan struct{} // when closed, Write fails

	turn testTurn
}

func newExchange(r *http.Request) *testExchange {
	return &testExchange{header: http.Header{}, request: r}
}

func (x *testExchange) Header() http.Header { return x.header }

func (x *testExchange) WriteHeader(status int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if status < 200 {
		x.infos = append(x.infos, status)
		return
	}
	if x.status == 0 {
		x.status = status
	}
}

func (x *testExchange) Write(p []byte) (int, error) {
	if x.slow != nil {
		select {
		case <-x.slow:
		case <-x.gone:
			return 0, io.ErrClosedPipe
		}
	}
	if x.written != nil {
		x.written <- bytes.Clone(p)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.body.Write(p)
}

func (x *testExchange) Flush() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.flushes++
}

func (x *testExchange) RequestID() string { return "7f3a" }
func (x *testExchange) Scheme() string    { return "http" }
func (x *testExchange) Mount() (scriptName, pathInfo string) {
	return "", x.request.URL.Path
}
func (x *testExchange) ServerName() string              { return "example.com" }
func (x *testExchange) ServerPort() string              { return "80" }
func (x *testExchange) RemoteUser() string              { return "alice" }
func (x *testExchange) RemoteAddr() (host, port string) { return "192.0.2.1", "1234" }

func (x *testExchange) BufferBody() ([]byte, *os.File, int64, bool) {
	if x.file != nil {
		info, err := x.file.Stat()
		if err != nil {
			panic(err)
		}
		return nil, x.file, info.Size(), true
	}
	if x.data == nil && x.request.Body != nil {
		x.data, _ = io.ReadAll(x.request.Body)
	}
	return x.data, nil, int64(len(x.data)), true
}

func (x *testExchange) ReleaseBody() { x.released = true }

func (x *testExchange) Fail(status int, reason string) {
	if x.HeadWritten() {
		panic("Fail after the head was written")
	}
	x.reason = reason
	x.WriteHeader(status)
}

func (x *testExchange) Abort(reason string) {
	x.mu.Lock()
	x.reason, x.aborted = reason, true
	x.mu.Unlock()
	panic(http.ErrAbortHandler)
}

func (x *testExchange) HeadWritten() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.status != 0
}

func (x *testExchange) ObserveQueue(d time.Duration)      { x.queue = d }
func (x *testExchange) ObserveApp(d time.Duration)        { x.app = d }
func (x *testExchange) ObserveWorker(pool, worker string) { x.worker = pool + "/" + worker }

// serve runs a request through a handler, as the listeners do.
func serve(h http.Handler, r *http.Request) *testExchange {
	x := newExchange(r)
	x.serve(h)
	return x
}

func (x *testExchange) serve(h http.Handler) {
	defer aborted()
	h.ServeHTTP(x, x.request)
	if x.turn.left != nil {
		x.attend()
	}
}

// aborted is deferred where a handler may end the connection.
func aborted() {
	if e := recover(); e != nil && e != http.ErrAbortHandler {
		panic(e)
	}
}

func get(target string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, target, http.NoBody)
	r.Header.Set("User-Agent", "test")
	return r
}

func post(target, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(body))
	r.Header.Set("Content-Length", "1") // its presence is what counts
	r.Header.Set("Content-Type", "text/plain")
	return r
}
