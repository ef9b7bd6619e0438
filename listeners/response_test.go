package listeners

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/appserve/appserve/listeners/exchange"
)

func TestResponses(t *testing.T) {
	w := start(t,
		at("/nothing", func(*exchange.Exchange, *http.Request) {}),
		at("/bytes", func(x *exchange.Exchange, _ *http.Request) { _, _ = x.WriteString("<html>") }),
		at("/stream", func(x *exchange.Exchange, _ *http.Request) {
			_, _ = x.WriteString("a")
			x.Flush()
			_, _ = x.WriteString("b")
		}),
		at("/twice", func(x *exchange.Exchange, _ *http.Request) { x.WriteHeader(201); x.WriteHeader(500) }),
	)
	c := w.dial()
	c.get("/nothing")
	if a := c.want(200, ""); a.Header.Get("Content-Length") != "0" {
		t.Errorf("%v", a.Header)
	}
	c.get("/bytes")
	if a := c.want(200, "<html>"); a.Header["Content-Type"] != nil {
		t.Errorf("a type was guessed: %v", a.Header)
	}
	c.get("/stream")
	if a := c.want(200, "ab"); len(a.TransferEncoding) == 0 {
		t.Errorf("%v", a.Header)
	}
	c.get("/twice")
	c.want(201, "")
	c.send("HEAD /bytes HTTP/1.1\r\nHost: a\r\n\r\n")
	c.receive(http.MethodHead)
	c.get("/bytes")
	c.want(200, "<html>")
	w.access.wait(t, `"HEAD /bytes HTTP/1.1" 200 0 `)
	w.access.wait(t, `"GET /bytes HTTP/1.1" 200 6 `)
}

func TestEarlyHints(t *testing.T) {
	w := start(t, at("/", func(x *exchange.Exchange, _ *http.Request) {
		x.Header().Set("Link", "</a.css>; rel=preload")
		x.WriteHeader(http.StatusEarlyHints)
		if x.HeadWritten() {
			t.Error("an interim response is no response")
		}
		_, _ = x.WriteString("hello")
	}))
	c := w.dial()
	c.get("/")
	if a := c.receive(http.MethodGet); a.StatusCode != 103 || a.Header.Get("Link") == "" {
		t.Errorf("%d %v", a.StatusCode, a.Header)
	}
	c.want(200, "hello")
	c.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n")
	c.want(200, "hello") // HTTP/1.0 knows no interim responses
}

// The bytes of a file are counted although they never pass through us.
func TestFileIsSentAndCounted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	content := strings.Repeat("0123456789", 100_000)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	location := at("/", func(x *exchange.Exchange, r *http.Request) {
		f, err := os.Open(path)
		if err != nil {
			t.Error(err)
			return
		}
		defer f.Close()
		http.ServeContent(x, r, "file.txt", time.Time{}, f)
	})
	location.AccessLog = w.logTo("combined")
	w.commit(w.routes(location), w.rows, unixListener("local", path+".sock"))
	w.addr = w.server.Addresses("main")[0].String()
	c := w.dial()
	c.get("/")
	c.want(200, content)
	w.access.wait(t, `"GET / HTTP/1.1" 200 1000000 "-" "-"`)
	c.send("GET / HTTP/1.1\r\nHost: a\r\nRange: bytes=5-9\r\n\r\n")
	c.want(206, "56789")
	w.access.wait(t, `"GET / HTTP/1.1" 206 5 "-" "-"`)
}

func TestWireBytesAreLogged(t *testing.T) {
	w := newWorld(t)
	line := compileLog(t, w, "bytes_sent", "body_bytes_sent", "request_length", "status")
	location := says("/", "hello")
	location.AccessLog = line
	w.commit(w.routes(location), w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	c := w.dial()
	const request = "GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
	c.send(request)
	all, err := io.ReadAll(c.r)
	if err != nil {
		t.Fatal(err)
	}
	w.access.wait(t, fmt.Sprintf("%d 5 %d 200\n", len(all), len(request)))
}

func TestUnixPeer(t *testing.T) {
	w := newWorld(t)
	path := filepath.Join(t.TempDir(), "x.sock")
	w.commit(w.routes(at("/", func(x *exchange.Exchange, r *http.Request) {
		host, port := x.RemoteAddr()
		_, _ = fmt.Fprintf(x, "%q %q %s %s %s %v", host, port, x.ServerName(), x.ServerPort(), x.Scheme(), r.Header["X-Forwarded-For"])
	})), unixListener("main", path))
	c := dial(t, "unix", path)
	c.send("GET / HTTP/1.0\r\n\r\n")
	c.want(200, `"" "" localhost 80 http []`)
}

func TestNothingIsLeftAfterClose(t *testing.T) {
	before := runtime.NumGoroutine()
	w := newWorld(t)
	for i := range 5 {
		w.rows.MaxHeaderSize = int64(8+i) << 10
		w.commit(w.routes(says("/", "hello")), w.rows, unixListener("other", filepath.Join(t.TempDir(), "x.sock")))
	}
	w.addr = w.server.Addresses("main")[0].String()
	var open []*client
	for range 10 {
		c := w.dial()
		c.get("/")
		c.want(200, "hello")
		open = append(open, c)
	}
	if err := w.server.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range open {
		c.ended()
	}
	deadline := time.Now().Add(patience)
	for runtime.NumGoroutine() > before && time.Now().Before(deadline) {
		time.Sleep(time.Millisecond) // a poll with a deadline: goroutines end by themselves
	}
	if after := runtime.NumGoroutine(); after > before {
		stacks := make([]byte, 1<<16)
		t.Errorf("%d goroutines before, %d after:\n%s", before, after, stacks[:runtime.Stack(stacks, true)])
	}
}
