package hygiene

import (
	"crypto/tls"
	"net/http"
	"net/url"
	"testing"
)

// stream is a request as the engine of HTTP/2 hands it over.
func stream(method, path, authority string, hosts ...string) *http.Request {
	r := &http.Request{
		Method: method, RequestURI: path, Host: authority, URL: &url.URL{Path: path},
		Proto: "HTTP/2.0", ProtoMajor: 2, Header: http.Header{},
	}
	if hosts != nil {
		r.Header["Host"] = hosts
	}
	return r
}

func TestCheckStream(t *testing.T) {
	for _, c := range []struct {
		r      *http.Request
		status int
	}{
		{stream("GET", "/", "a.example"), 0},
		{stream("GET", "/", "a.example:443", "A.example:443"), 0},
		{stream("OPTIONS", "*", "a.example"), 0},
		{stream("GET", "*", "a.example"), 400},
		{stream("GET", "/", "a.example", "b.example"), 400},
		{stream("GET", "/", "a.example", "a.example", "a.example"), 400},
		{stream("GET", "/", ""), 400},
		{stream("GET", "/", "a b"), 400},
		{stream("GET", "http://a.example/", "a.example"), 400},
		{stream("GET", "/a#b", "a.example"), 400},
		{stream("CONNECT", "a.example:443", "a.example:443"), 405},
		{stream("G T", "/", "a.example"), 400},
		{stream("GET /admin HTTP/1.1", "/", "a.example"), 400},
		{stream("", "/", "a.example"), 400},
		{stream("GET", "/a b", "a.example"), 400},
		{stream("GET", "/a?b\tc", "a.example"), 400},
		{stream("GET", "/\u00e9", "a.example"), 0},
	} {
		if _, refusal := CheckStream(c.r); refusal.Status != c.status {
			t.Errorf("%s %s %q %q: %+v, want %d", c.r.Method, c.r.RequestURI, c.r.Host, c.r.Header["Host"], refusal, c.status)
		}
		if c.r.Header["Host"] != nil {
			t.Errorf("%s: a Host field is left", c.r.RequestURI)
		}
	}
}

// What HTTP/1.1 could not write down, or refuses while it reads.
func TestCheckStream_Fields(t *testing.T) {
	for _, c := range []struct {
		name   string
		values []string
		length int64
		status int
	}{
		{"Content-Length", []string{"5"}, 5, 0},
		{"Content-Length", []string{"0"}, 0, 0},
		{"Content-Length", []string{"5", "6"}, 5, 400},
		{"Content-Length", []string{"5", "5"}, 5, 400},
		{"Content-Length", []string{"5"}, 0, 400}, // the stream has ended with its head
		{"Content-Length", []string{"+5"}, 0, 400},
		{"Content-Length", []string{"x"}, 0, 400},
		{"X-A", []string{"a b"}, 0, 0},
		{"X-A", []string{""}, 0, 0},
		{"X-A", []string{" a"}, 0, 400},
		{"X-A", []string{"a", "b\t"}, 0, 400},
		{"Expect", []string{"100-Continue"}, 0, 0},
		{"Expect", []string{"more"}, 0, 417},
	} {
		r := stream("POST", "/", "a.example")
		r.Header[c.name], r.ContentLength = c.values, c.length
		if _, refusal := CheckStream(r); refusal.Status != c.status {
			t.Errorf("%s %q, %d bytes: %+v, want %d", c.name, c.values, c.length, refusal, c.status)
		}
	}
}

func TestCheckKnowsTheSchemeOfAnAbsoluteTarget(t *testing.T) {
	for target, want := range map[string]int{"https://a/x": 0, "http://a/x": 400} {
		r := parse(t, "GET "+target+" HTTP/1.1\nHost: a")
		r.TLS = &tls.ConnectionState{}
		if _, refusal := Check(r); refusal.Status != want {
			t.Errorf("%s with TLS: %+v, want %d", target, refusal, want)
		}
	}
}
