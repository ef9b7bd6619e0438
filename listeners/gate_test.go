package listeners

import (
	"net/http"
	"strings"
	"testing"

	"github.com/appserve/appserve/listeners/exchange"
	"github.com/appserve/appserve/listeners/headers"
	"github.com/appserve/appserve/listeners/variable"
)

// gated serves one site with a location that says "in".
func gated(t *testing.T, s Site) *world {
	t.Helper()
	w := newWorld(t)
	s.Name, s.Listeners, s.AccessLog = "gated", []string{"main"}, w.logTo("dev")
	s.Locations = []Location{says("/", "in")}
	r, err := NewRoutes([]Site{s}, nil)
	if err != nil {
		t.Fatal(err)
	}
	w.commit(r, w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	return w
}

func TestGate(t *testing.T) {
	both := Site{Hosts: []string{"example.com", "*.example.com", "other.example"}, CanonicalHost: "www.example.com"}
	https := Site{Hosts: []string{"*.example.com", "example.com"}, RequireHTTPS: true, HTTPSPort: "8443"}
	all := both
	all.RequireHTTPS = true
	for _, c := range []struct {
		site     Site
		name     string
		request  string
		location string // empty: the request gets in
	}{
		{both, "another host", "GET /a%20b/?q=1&r=%2F HTTP/1.1\r\nHost: Example.com\r\n\r\n", "http://www.example.com/a%20b/?q=1&r=%2F"},
		{both, "the canonical host", "GET /a HTTP/1.1\r\nHost: WWW.example.com.\r\n\r\n", ""},
		{both, "a port is kept", "GET / HTTP/1.1\r\nHost: other.example:8080\r\n\r\n", "http://www.example.com:8080/"},
		{both, "a port without another host", "GET / HTTP/1.1\r\nHost: www.example.com:8080\r\n\r\n", ""},
		{both, "no host", "GET /a HTTP/1.0\r\n\r\n", ""},
		{both, "absolute form", "GET http://example.com/x?y HTTP/1.1\r\nHost: example.com\r\n\r\n", "http://www.example.com/x?y"},
		{both, "acme", "GET /.well-known/acme-challenge/x HTTP/1.1\r\nHost: example.com\r\n\r\n", ""},
		{https, "no https", "POST /a?b HTTP/1.1\r\nHost: a.example.com\r\nContent-Length: 2\r\n\r\nab", "https://a.example.com/a?b"},
		{https, "no https, the usual port", "GET /a?b HTTP/1.1\r\nHost: a.example.com:80\r\n\r\n", "https://a.example.com/a?b"},
		{https, "no https, another port", "GET /a?b HTTP/1.1\r\nHost: a.example.com:8080\r\n\r\n", "https://a.example.com:8443/a?b"},
		{https, "no https, no host", "GET /a?b HTTP/1.0\r\n\r\n", "https://example.com/a?b"},
		{https, "acme", "GET /.well-known/acme-challenge/x HTTP/1.1\r\nHost: example.com\r\n\r\n", ""},
		{https, "only beneath acme", "GET /.well-known/acme-challenge HTTP/1.1\r\nHost: example.com\r\n\r\n", "https://example.com/.well-known/acme-challenge"},
		{https, "not by dots", "GET /.well-known/acme-challenge/../../x HTTP/1.1\r\nHost: example.com\r\n\r\n", "https://example.com/.well-known/acme-challenge/../../x"},
		{all, "https before the host", "GET /a HTTP/1.1\r\nHost: example.com\r\n\r\n", "https://example.com/a"},
		{all, "two slashes", "GET //evil.example/a HTTP/1.1\r\nHost: example.com\r\n\r\n", "https://example.com//evil.example/a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := c.site
			if strings.HasPrefix(c.request, "GET /a HTTP/1.0") || strings.Contains(c.request, "HTTP/1.0") {
				s.Hosts = append([]string{"*"}, s.Hosts...)
			}
			client := gated(t, s).dial()
			client.send(c.request)
			a := client.receive(http.MethodGet)
			status := http.StatusOK
			if c.location != "" {
				status = http.StatusPermanentRedirect
			}
			if a.StatusCode != status || a.Header.Get("Location") != c.location || (a.body == "in") != (c.location == "") {
				t.Errorf("%d %q %q, want %q", a.StatusCode, a.Header.Get("Location"), a.body, c.location)
			}
		})
	}
}

// A proxy that takes https off and is not trusted would be redirected for ever.
func TestGateEndsARedirectLoop(t *testing.T) {
	w := gated(t, Site{Hosts: []string{"*"}, RequireHTTPS: true})
	c := w.dial()
	for range 2 {
		c.send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-Proto: https\r\n\r\n")
		c.want(http.StatusForbidden, "")
		c.send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-Proto: http\r\n\r\n")
		c.want(http.StatusPermanentRedirect, "")
	}
	if n := strings.Count(w.log.wait(t, "trusted_proxies"), "trusted_proxies"); n != 1 {
		t.Errorf("said %d times", n)
	}
}

// What a site says about every response holds for its redirects and for paths
// without a location.
func TestSiteResponses(t *testing.T) {
	edits, err := headers.New(headers.Config{Set: []headers.Field{{Name: "X-Site", Value: variable.Text("yes")}}})
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	r, err := NewRoutes([]Site{{
		Name: "s", Listeners: []string{"main"}, Hosts: []string{"a"}, Responses: exchange.Responses{Headers: edits},
		Locations: []Location{says("/in", "in")},
	}, {
		Name: "t", Listeners: []string{"main"}, Hosts: []string{"b"}, Responses: exchange.Responses{Headers: edits}, RequireHTTPS: true,
	}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	w.commit(r, w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	c := w.dial()
	for _, row := range []struct {
		host, path string
		status     int
		said       string
	}{{"a", "/", 404, "yes"}, {"a", "/in", 200, ""}, {"b", "/", 308, "yes"}, {"c", "/", 404, ""}} {
		c.send("GET " + row.path + " HTTP/1.1\r\nHost: " + row.host + "\r\n\r\n")
		if a := c.want(row.status, ""); a.Header.Get("X-Site") != row.said {
			t.Errorf("%s%s: %v", row.host, row.path, a.Header)
		}
	}
}
