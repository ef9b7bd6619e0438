package listeners

import (
	"io"
	"net/http"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/appserve/appserve/listeners/exchange"
)

// header shows the header a handler sees, one sorted line per field.
func header(x *exchange.Exchange, r *http.Request) {
	var lines []string
	for name, values := range r.Header {
		lines = append(lines, name+": "+strings.Join(values, "|"))
	}
	sort.Strings(lines)
	_, _ = x.WriteString(strings.Join(lines, "\n"))
}

func TestHandlerSeesACleanHeader(t *testing.T) {
	w := start(t, at("/", func(x *exchange.Exchange, r *http.Request) {
		r.Header.Set("X-Request-Id", strings.Repeat("x", len(r.Header.Get("X-Request-Id"))))
		header(x, r)
	}))
	c := w.dial()
	c.send("GET / HTTP/1.1\r\nHost: A.example:8000\r\nX-Forwarded-For: 1.2.3.4\r\nX_Forwarded_For: 1.2.3.4\r\nX-Real-IP: 1.2.3.4\r\n" +
		"Forwarded: for=1.2.3.4\r\nProxy: http://evil\r\nX-Request-ID: mine\r\nX-Drop: 1\r\nConnection: X-Drop, X-Forwarded-Proto, keep-alive\r\n" +
		"Upgrade: h2c\r\nHTTP2-Settings: x\r\nTE: trailers\r\nAccept: */*\r\nAccept: text/html\r\n\r\n")
	_, port := hostPort(t, w.addr)
	want := strings.Join([]string{
		"Accept: */*|text/html", "X-Forwarded-For: 127.0.0.1", "X-Forwarded-Host: A.example:8000", "X-Forwarded-Port: " + port,
		"X-Forwarded-Proto: http", "X-Real-Ip: 127.0.0.1", "X-Request-Id: xxxxxxxxxxxxxxxx",
	}, "\n")
	c.want(200, want)
}

func TestRefusedRequests(t *testing.T) {
	w := start(t, says("/", "hello"))
	for _, c := range []struct {
		request string
		status  int
		reason  string
	}{
		{"GET / HTTP/1.1\r\n\r\n", 400, "bad_request"},
		{"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400, "bad_request"},
		{"GET / HTTP/1.1\r\nHost: a:x\r\n\r\n", 400, "bad_request"},
		{"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_request"},
		{"GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_request"},
		{"GET /../x HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_request"},
		{"GET /x#y HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_request"},
		{"GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_request"},
		{"nonsense\r\n\r\n", 400, "bad_request"},
		{"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "bad_request"},
		{"GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505, "bad_request"},
		{"GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505, "bad_request"},
		{"TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 405, "method_not_allowed"},
		{"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 405, "method_not_allowed"},
		{"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501, "bad_request"},
		{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", 400, "bad_request"},
		{"GET / HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("x", 40<<10) + "\r\n\r\n", 431, "header_too_large"},
		{"GET /" + strings.Repeat("x", 40<<10) + " HTTP/1.1\r\nHost: a\r\n\r\n", 414, "header_too_large"},
		{"GET / HTTP/1.1\r\nHost: a\r\nExpect: wonders\r\n\r\n", 417, "bad_request"},
	} {
		name := c.request[:min(40, len(c.request))]
		client := w.dial()
		client.send(c.request)
		a := client.want(c.status, "")
		if !a.Close || a.Header.Get("Date") == "" || !strings.Contains(a.body, "Request ") {
			t.Errorf("%q: header %v, body %q", name, a.Header, a.body)
		}
		client.ended()
		w.access.wait(t, " "+c.reason+"\n")
	}
}

func TestOptionsForTheServer(t *testing.T) {
	w := start(t, says("/", "hello"))
	c := w.dial()
	c.send("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")
	if a := c.want(200, ""); a.body != "" || a.Header.Get("Allow") == "" {
		t.Errorf("%v %q", a.Header, a.body)
	}
	c.get("/")
	c.want(200, "hello")
}

func TestMaxHeaderSizeIsExact(t *testing.T) {
	w := newWorld(t)
	w.rows.MaxHeaderSize = 10000
	w.commit(w.routes(says("/", "hello")), w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	head := "GET / HTTP/1.1\r\nHost: a\r\nX: " + "\r\n\r\n"
	c := w.dial()
	c.send(strings.Replace(head, "X: ", "X: "+strings.Repeat("x", 10000-len(head)), 1))
	c.want(200, "hello")
	c = w.dial()
	c.send(strings.Replace(head, "X: ", "X: "+strings.Repeat("x", 10001-len(head)), 1))
	c.want(431, "")
}

func TestHeaderTimeout(t *testing.T) {
	w := newWorld(t)
	w.rows.HeaderTimeout = 100 * time.Millisecond
	w.commit(w.routes(says("/", "hello")), w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	c := w.dial()
	c.get("/")
	c.want(200, "hello")
	c.send("GET / HTTP/1.1\r\nHost: a\r\n")
	c.want(408, "")
	c.ended()
	w.access.wait(t, " header_timeout\n")
	silent := w.dial()
	silent.ended() // nothing was asked, nothing is answered
}

func TestKeepaliveTimeout(t *testing.T) {
	w := newWorld(t)
	w.rows.KeepaliveTimeout = 50 * time.Millisecond
	w.commit(w.routes(says("/", "hello")), w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	c := w.dial()
	c.get("/")
	c.want(200, "hello")
	c.ended()
}

func TestPanicIs500AndLoggedOnce(t *testing.T) {
	w := start(t, at("/before", func(*exchange.Exchange, *http.Request) { panic("oh no") }),
		at("/after", func(x *exchange.Exchange, _ *http.Request) {
			x.Header().Set("Content-Length", "9")
			x.Flush()
			panic("oh yes")
		}))
	c := w.dial()
	c.get("/before")
	c.want(500, "")
	c.ended()
	w.access.wait(t, " internal_error\n")
	if log := w.log.wait(t, "oh no"); strings.Count(log, "handler panicked") != 1 || !strings.Contains(log, "request_test.go") {
		t.Errorf("log:\n%s", log)
	}
	c = w.dial()
	c.get("/after")
	if _, err := io.ReadAll(c.r); err != nil && !strings.Contains(err.Error(), "reset") {
		t.Fatal(err)
	}
	w.log.wait(t, "oh yes")
}

func TestAbortIsNoCleanEnd(t *testing.T) {
	w := start(t, at("/", func(x *exchange.Exchange, _ *http.Request) {
		_, _ = x.WriteString("half")
		x.Flush()
		x.Abort("worker_crashed")
	}))
	c := w.dial()
	c.get("/")
	response, err := http.ReadResponse(c.r, nil)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(response.Body); string(text) != "half" || err == nil {
		t.Errorf("%q, %v", text, err)
	}
	w.access.wait(t, `200 4 `)
	w.access.wait(t, " worker_crashed\n")
	old := w.dial()
	old.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n")
	if text, err := io.ReadAll(old.r); err == nil {
		t.Errorf("an HTTP/1.0 client takes %q for a whole answer", text)
	}
}
