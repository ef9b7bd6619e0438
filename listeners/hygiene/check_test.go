package hygiene

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
)

func parse(t *testing.T, head string) *http.Request {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n")))
	if err != nil {
		t.Fatalf("%q: %v", head, err)
	}
	return r
}

func TestCheckAccepts(t *testing.T) {
	for head, want := range map[string]Request{
		"GET / HTTP/1.1\nHost: a":                          {"a", "/"},
		"GET /x?y=1 HTTP/1.1\nHost: A.Example:8000":        {"a.example", "/x?y=1"},
		"GET / HTTP/1.1\nHost: a.example.":                 {"a.example", "/"},
		"GET / HTTP/1.0":                                   {"", "/"},
		"GET http://a.example/x HTTP/1.1\nHost: a.example": {"a.example", "/x"},
		"GET HTTP://a.example HTTP/1.1\nHost: a.example":   {"a.example", "/"},
		"GET http://a.example?q HTTP/1.1\nHost: a.example": {"a.example", "/?q"},
		"OPTIONS * HTTP/1.1\nHost: a":                      {"a", "*"},
		"get / HTTP/1.1\nHost: a":                          {"a", "/"},
		"PROPFIND //x HTTP/1.1\nHost: [::1]:80":            {"[::1]", "//x"},
	} {
		got, refusal := Check(parse(t, head))
		if got != want || refusal != (Refusal{}) {
			t.Errorf("%q: %+v, %+v; want %+v", head, got, refusal, want)
		}
	}
}

func TestCheckRefuses(t *testing.T) {
	for head, want := range map[string]int{
		"TRACE / HTTP/1.1\nHost: a":                              405,
		"CONNECT a:443 HTTP/1.1\nHost: a:443":                    405,
		"GET * HTTP/1.1\nHost: a":                                400,
		"GET /a#b HTTP/1.1\nHost: a":                             400,
		"GET https://a/ HTTP/1.1\nHost: a":                       400,
		"GET ftp://a/ HTTP/1.1\nHost: a":                         400,
		"GET http://u:p@a/ HTTP/1.1\nHost: a":                    400,
		"GET / HTTP/1.1\nHost: ":                                 400,
		"GET / HTTP/1.1\nHost: a:xx":                             400,
		"GET / HTTP/1.1\nHost: a:99999":                          400,
		"GET / HTTP/1.1\nHost: a b":                              400,
		"GET / HTTP/1.1\nHost: a/b":                              400,
		"GET / HTTP/1.1\nHost: a@b":                              400,
		"GET / HTTP/1.0\nHost: ..":                               400,
		"GET / HTTP/1.1\nHost: [::1":                             400,
		"GET / HTTP/1.1\nHost: " + strings.Repeat("a", 256) + "": 400,
	} {
		if _, refusal := Check(parse(t, head)); refusal.Status != want || refusal.Reason == "" {
			t.Errorf("%q: %+v; want %d", head, refusal, want)
		}
	}
}

func TestHost(t *testing.T) {
	for field, want := range map[string]string{
		"":                   "",
		"example.com":        "example.com",
		"EXAMPLE.com:443":    "example.com",
		"example.com:":       "example.com",
		"example.com.:80":    "example.com",
		"my_host":            "my_host",
		"0.0.0.0=5000":       "0.0.0.0=5000",
		"127.0.0.1:8000":     "127.0.0.1",
		"[::1]":              "[::1]",
		"[FE80::1]:65535":    "[fe80::1]",
		"xn--bcher-kva.test": "xn--bcher-kva.test",
	} {
		if got, ok := Host(field); !ok || got != want {
			t.Errorf("Host(%q) = %q, %v; want %q", field, got, ok, want)
		}
	}
	for _, field := range []string{
		":80", ".", "..", ".a", "a..b", "a.b..", "a:-1", "a:+1", "a:65536", "a:1:2", "::1", "[::1]x", "[]", "[1.2.3.4]",
		"[::1%25eth0]", "a\x00", "é", "a,b", "a%20b", "a:80 ",
	} {
		if got, ok := Host(field); ok {
			t.Errorf("Host(%q) = %q, accepted", field, got)
		}
	}
}

func FuzzHost(f *testing.F) {
	for _, seed := range []string{"a.example:80", "[::1]:8", "A.", "0.0.0.0=1", "a,b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, field string) {
		host, ok := Host(field)
		if !ok {
			return
		}
		if host != strings.ToLower(host) || strings.ContainsAny(host, " /\\@?#,%\r\n\x00") {
			t.Fatalf("Host(%q) = %q", field, host)
		}
		if again, ok := Host(host); !ok || again != host {
			t.Fatalf("Host(%q) = %q, and that is %q, %v", field, host, again, ok)
		}
	})
}
