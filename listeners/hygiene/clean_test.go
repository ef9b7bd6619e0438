package hygiene

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func header(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Add(pairs[i], pairs[i+1])
	}
	return h
}

func TestCleanHearsAClaimOfHTTPS(t *testing.T) {
	for value, want := range map[string]bool{"https": true, "HTTPS": true, "http": false, "": false, "https, http": true, "http, https": false} {
		header := http.Header{"X-Forwarded-Proto": {value}, "Accept": {"*/*"}}
		if got := Clean(header).ClaimsHTTPS; got != want || len(header) != 1 {
			t.Errorf("%q: %v, %v", value, got, header)
		}
	}
	if Clean(http.Header{}).ClaimsHTTPS {
		t.Error("nobody claimed it")
	}
}

func TestClean(t *testing.T) {
	for _, c := range []struct {
		name string
		in   http.Header
		want http.Header
		say  Cleaned
	}{
		{"what is harmless stays",
			header("Accept", "*/*", "Authorization", "Basic x", "Cookie", "a=1", "Content-Type", "text/plain", "X-Custom", "1", "X-Forwarded", "1"),
			header("Accept", "*/*", "Authorization", "Basic x", "Cookie", "a=1", "Content-Type", "text/plain", "X-Custom", "1", "X-Forwarded", "1"), Cleaned{}},
		{"identity is ours",
			header("Forwarded", "for=x", "X-Forwarded-For", "1.1.1.1", "X-Forwarded-Anything", "x", "X-Real-IP", "1.1.1.1",
				"X-Request-Start", "t=1", "X-Request-ID", "evil", "Proxy", "http://evil", "x-forwarded-host", "evil"),
			header(), Cleaned{}},
		{"names that CGI confuses",
			header("X_Forwarded_For", "1", "X-Forwarded_For", "1", "X.Y", "1", "A!b", "1", "Content_Length", "7", "X-Ok1", "1"),
			header("X-Ok1", "1"), Cleaned{}},
		{"fields of the connection",
			header("Connection", "close", "Keep-Alive", "1", "Proxy-Connection", "x", "TE", "trailers, gzip;q=0.5", "Trailer", "X", "Expect", "100-continue", "Proxy-Authorization", "x"),
			header(), Cleaned{Trailers: true}},
		{"fields the client calls so",
			header("Connection", "X-A, , x-b", "Connection", "X-C", "X-A", "1", "X-B", "1", "X-C", "1", "X-D", "1"),
			header("X-D", "1"), Cleaned{}},
		{"framing is not the client's to take away",
			header("Connection", "Content-Length", "Content-Length", "3"),
			header("Content-Length", "3"), Cleaned{}},
		{"a WebSocket handshake stays one",
			header("Connection", "keep-alive, upgrade", "Upgrade", "WebSocket", "Sec-WebSocket-Key", "x"),
			header("Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Key", "x"), Cleaned{Upgrade: true}},
		{"h2c does not",
			header("Connection", "Upgrade, HTTP2-Settings", "Upgrade", "h2c", "HTTP2-Settings", "AAMAAABk"),
			header(), Cleaned{}},
		{"nor websocket beside h2c",
			header("Connection", "Upgrade", "Upgrade", "websocket, h2c"), header(), Cleaned{}},
		{"nor Upgrade without Connection", header("Upgrade", "websocket"), header(), Cleaned{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			say := Clean(c.in)
			if diff := cmp.Diff(c.want, c.in); diff != "" {
				t.Errorf("header (-want +got):\n%s", diff)
			}
			if say != c.say {
				t.Errorf("said %+v, want %+v", say, c.say)
			}
		})
	}
}

func BenchmarkClean(b *testing.B) {
	h := header("Accept", "text/html", "Accept-Language", "de", "Accept-Encoding", "gzip", "User-Agent", "Mozilla/5.0",
		"Cookie", "sessionid=1", "Referer", "http://a/", "Upgrade-Insecure-Requests", "1", "Cache-Control", "no-cache")
	b.ReportAllocs()
	for b.Loop() {
		Clean(h)
	}
}
