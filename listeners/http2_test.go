package listeners

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/appserve/appserve/listeners/exchange"
)

// echoes answers with what was sent.
func echoes(path string) Location {
	return at(path, func(x *exchange.Exchange, r *http.Request) {
		data, file, _, ok := x.BufferBody()
		if !ok {
			return
		}
		if file != nil {
			_, _ = io.Copy(x, file)
			return
		}
		_, _ = x.Write(data)
	})
}

func ask(t *testing.T, c *http.Client, method, url string, body io.Reader) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	response, err := c.Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", method, url, err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, url, err)
	}
	return response, string(content)
}

func TestBothVersionsShareAnH2CListener(t *testing.T) {
	w := startH2C(t, says("/", "hello"))
	response, body := ask(t, w.browser(nil), "GET", "http://test.test/", nil)
	if response.Proto != "HTTP/2.0" || body != "hello" {
		t.Errorf("HTTP/2: %s %q", response.Proto, body)
	}
	c := w.dial()
	c.send("P")
	c.send("UT / HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n")
	c.want(200, "hello")
}

func TestTLSSpeaksWhatWasAgreed(t *testing.T) {
	w, client := startTLS(t, says("/", "hello"))
	response, body := ask(t, w.browser(client), "GET", "https://test.test/", nil)
	if response.Proto != "HTTP/2.0" || body != "hello" {
		t.Errorf("h2: %s %q", response.Proto, body)
	}
	secure := w.dialTLS(client, "http/1.1")
	secure.get("/")
	secure.want(200, "hello")
	secure.get("/")
	secure.want(200, "hello")
}

// TestStreamsAreAnsweredLikeRequests is the table of HTTP/1.1, where it applies.
func TestStreamsAreAnsweredLikeRequests(t *testing.T) {
	small := echoes("/small")
	small.MaxBodySize = 10
	w := startH2C(t, says("/", "root"), echoes("/echo"), small)
	for _, c := range []struct {
		method, path string
		fields       []string
		status       string
	}{
		{"GET", "/", nil, "200"},
		{"HEAD", "/", nil, "200"},
		{"OPTIONS", "*", nil, "200"},
		{"GET", "/../up", nil, "400"},
		{"GET", "/%zz", nil, "PROTOCOL_ERROR"}, // the standard library parses the path first
		{"GET", "/a%00b", nil, "400"},
		{"TRACE", "/", nil, "405"},
		{"POST", "/small", []string{"content-length", "11"}, "413"},
		{"GET", "/", []string{"host", "other.test"}, "400"},
		{"GET", "/", []string{"host", "test.test"}, "200"},
		{"GET", "/", []string{"connection", "close"}, "400"},
		{"GET", "/", slices.Repeat([]string{"x-large", strings.Repeat("x", 6650)}, 5), "431"},
		{"GET", "/", []string{"x-large", strings.Repeat("x", 40<<10)}, "431"},
		{"GET", "/", slices.Repeat([]string{"x-large", strings.Repeat("x", 6650)}, 60), "closed"}, // much too large
		{"GET", "/", []string{"x-large", strings.Repeat("x", 200<<10)}, "closed"},                 // the same, of a single field
	} {
		s := w.speak()
		s.ask(1, c.method, c.path, len(c.fields) == 0 || c.fields[0] != "content-length", c.fields...)
		if got := s.status(1); got != c.status {
			t.Errorf("%s %.20s %.40q: %s, want %s", c.method, c.path, c.fields, got, c.status)
		}
	}
}

func TestStreamsRunBesideEachOther(t *testing.T) {
	w := startH2C(t, echoes("/"))
	client := w.browser(nil)
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			want := strings.Repeat(fmt.Sprint(i%10), 300_000)
			if _, body := ask(t, client, "POST", "http://test.test/", strings.NewReader(want)); body != want {
				t.Errorf("stream %d: %d bytes came back", i, len(body))
			}
		})
	}
	wg.Wait()
}

func TestAnEarlyAnswerLeavesTheConnectionAlone(t *testing.T) {
	small := echoes("/small")
	small.MaxBodySize = 10
	w := startH2C(t, small, says("/", "hello"))
	s := w.speak()
	s.ask(1, "POST", "/small", false)
	s.must(s.WriteData(1, false, bytes.Repeat([]byte("x"), 100)))
	if got := s.status(1); got != "413" {
		t.Errorf("the upload got %s", got)
	}
	s.ask(3, "GET", "/", true)
	if got := s.status(3); got != "200" {
		t.Errorf("the next stream got %s", got)
	}
}

func TestOnePanicIsOneStream(t *testing.T) {
	w := startH2C(t, says("/", "hello"), at("/panic", func(*exchange.Exchange, *http.Request) { panic("test") }),
		at("/abort", func(x *exchange.Exchange, _ *http.Request) {
			x.Header().Set("Content-Length", "10")
			_, _ = x.Write([]byte("half"))
			x.Flush()
			x.Abort("test_reason")
		}))
	client := w.browser(nil)
	if response, _ := ask(t, client, "GET", "http://test.test/panic", nil); response.StatusCode != 500 {
		t.Errorf("a panic: %d", response.StatusCode)
	}
	response, err := client.Get("http://test.test/abort")
	if err != nil {
		t.Fatal(err)
	}
	if content, err := io.ReadAll(response.Body); err == nil || string(content) != "half" {
		t.Errorf("an aborted answer looks whole: %q, %v", content, err)
	}
	response.Body.Close()
	if _, body := ask(t, client, "GET", "http://test.test/", nil); body != "hello" {
		t.Errorf("the next stream: %q", body)
	}
	if n := len(w.server.conns.all(nil)); n != 1 {
		t.Errorf("%d connections", n)
	}
	w.log.wait(t, "handler panicked")
}

func TestStreamsAreLogged(t *testing.T) {
	w := newWorld(t)
	w.rows.H2C = true
	location := echoes("/")
	location.AccessLog = compileLog(t, w, "method", "protocol", "status", "body_bytes_sent", "scheme", "host")
	w.commit(w.routes(location), w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	ask(t, w.browser(nil), "POST", "http://Test.test/", strings.NewReader("12345"))
	w.access.wait(t, "POST HTTP/2.0 200 5 http test.test")
}

func TestLimitsOfAListenerHoldForStreams(t *testing.T) {
	w := newWorld(t)
	w.rows.H2C, w.rows.MaxHeaderCount, w.rows.BodyTimeout = true, 10, 100*time.Millisecond
	w.commit(w.routes(echoes("/")), w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	for name, c := range map[string]struct {
		fields []string
		status string
	}{
		"as many fields as allowed": {slices.Repeat([]string{"x-field", "x"}, 10), "200"},
		"one more":                  {slices.Repeat([]string{"x-field", "x"}, 11), "431"},
	} {
		s := w.speak()
		s.ask(1, "GET", "/", true, c.fields...)
		if got := s.status(1); got != c.status {
			t.Errorf("%s: %s, want %s", name, got, c.status)
		}
	}
	s := w.speak()
	s.ask(1, "POST", "/", false)
	s.must(s.WriteData(1, false, []byte("half")))
	if got := s.status(1); got != "408" {
		t.Errorf("half a body: %s", got)
	}
	s.ask(3, "GET", "/", true)
	if got := s.status(3); got != "200" {
		t.Errorf("the next stream: %s", got)
	}
}
