package http1

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// headLines writes a request and returns its first line and its sorted fields.
func headLines(t *testing.T, r *Request) string {
	t.Helper()
	if r.Host == "" {
		r.Host = "h"
	}
	b, err := AppendRequest(nil, r)
	if err != nil {
		t.Fatal(err)
	}
	text, found := strings.CutSuffix(string(b), "\r\n\r\n")
	if !found {
		t.Fatalf("no empty line at the end of %q", b)
	}
	lines := strings.Split(text, "\r\n")
	slices.Sort(lines[1:])
	return strings.Join(lines, "|")
}

func TestAppendRequest(t *testing.T) {
	cases := []struct {
		name string
		r    Request
		want string
	}{
		{"plain", Request{Method: "GET", Target: "/a?b=%20", Header: http.Header{"X-A": {"1", "2"}}},
			"GET /a?b=%20 HTTP/1.1|Host: h|X-A: 1|X-A: 2"},
		{"hop-by-hop and framing", Request{Method: "GET", Target: "*", Header: http.Header{
			"Connection": {"x"}, "Upgrade": {"h2c"}, "Te": {"x"}, "Transfer-Encoding": {"x"}, "Content-Length": {"9"},
			"Proxy": {"x"}, "Keep-Alive": {"x"}, "Host": {"evil"}, "Expect": {"x"}, "X-Forwarded-Prefix": {"/evil"}}},
			"GET * HTTP/1.1|Host: h"},
		{"prefix", Request{Method: "GET", Target: "/", Prefix: "/app"}, "GET / HTTP/1.1|Host: h|X-Forwarded-Prefix: /app"},
		{"length", Request{Method: "POST", Target: "/", Length: 12}, "POST / HTTP/1.1|Content-Length: 12|Host: h"},
		{"empty body", Request{Method: "POST", Target: "/"}, "POST / HTTP/1.1|Content-Length: 0|Host: h"},
		{"chunked", Request{Method: "PUT", Target: "/", Length: -1, Trailers: []string{"X-A", "X-B"}},
			"PUT / HTTP/1.1|Host: h|Trailer: X-A, X-B|Transfer-Encoding: chunked"},
		{"upgrade", Request{Method: "GET", Target: "/", Upgrade: "websocket", Close: true},
			"GET / HTTP/1.1|Connection: Upgrade|Host: h|Upgrade: websocket"},
		{"trailers welcome", Request{Method: "GET", Target: "/", Trailing: true, Close: true},
			"GET / HTTP/1.1|Connection: TE, close|Host: h|TE: trailers"},
		{"close", Request{Method: "GET", Target: "/", Close: true}, "GET / HTTP/1.1|Connection: close|Host: h"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := headLines(t, &c.r); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestAppendRequest_RefusesWhatChangesItsShape(t *testing.T) {
	for _, r := range []Request{
		{Method: "GET", Target: "/ HTTP/1.1\r\nX: y", Host: "h"},
		{Method: "GET", Target: "/a b", Host: "h"},
		{Method: "GET", Target: "/", Host: "h", Upgrade: "a\r\nX: y"},
		{Method: "G T", Target: "/", Host: "h"},
		{Method: "GET", Target: "/", Host: "h\r\nX: y"},
		{Method: "GET", Target: "/", Host: "h", Prefix: "/\nX: y"},
		{Method: "GET", Target: "/", Host: "h", Header: http.Header{"X": {"a\rb"}}},
		{Method: "GET", Target: "/", Host: "h", Header: http.Header{"X": {"a\x00b"}}},
	} {
		if b, err := AppendRequest(nil, &r); err == nil {
			t.Errorf("written: %q", b)
		}
	}
}
