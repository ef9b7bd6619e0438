package main

import (
	"encoding/json"
	"testing"
)

func TestRules_RequestHeadersAndMatches(t *testing.T) {
	t.Parallel()
	s := serve(t, ruled(`
site "rules" {
  request_headers {
    set    = { "X-Tenant" = "$host", "X-Renamed" = "$http_x_old", "X-Empty" = "$arg_nothing" }
    remove = ["Cookie", "X-Old"]
  }
  location "/" { pass = pool.app }
  location "^/~(?P<user>[^/]+)(?P<rest>/.*)?$" {
    match    = "regex"
    priority = 10
    redirect {
      to     = "/people/$match_user$match_rest"
      status = 301
    }
  }
  location "/docs/**.pdf" {
    match = "glob"
    respond { body = "glob $rest" }
  }
}
`))
	_, body := s.call("GET", "/x", "Host: tenant.example", "Cookie: a=1", "X-Old: kept", "X-Empty: forged")
	got := map[string]string{}
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"HTTP_X_TENANT": "tenant.example", "HTTP_X_RENAMED": "kept", "HTTP_COOKIE": "", "HTTP_X_OLD": "", "HTTP_X_EMPTY": ""} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
	for path, want := range map[string]string{"/~ann": "/people/ann", "/~ann/a%20b": "/people/ann/a%20b", "/%7Eann/x%0d%0aSet-Cookie:y": "/people/ann/x%0D%0ASet-Cookie:y"} {
		if response, _ := s.call("GET", path); response.StatusCode != 301 || response.Header.Get("Location") != want || response.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %s %v", path, response.Status, response.Header)
		}
	}
	s.expect("/docs/2026/a.pdf", 200, "glob /2026/a.pdf")
}

func TestRules_OneHostAndHTTPS(t *testing.T) {
	t.Parallel()
	s := serve(t, ruled(`
site "one" {
  hosts          = ["one.example", "www.one.example"]
  canonical_host = "www.one.example"
  location "/" { pass = pool.app }
}
site "secure" {
  hosts         = ["secure.example"]
  require_https = true
  response_headers {
    set = { "X-Site" = "$site" }
  }
  location "/" { pass = pool.app }
}
`))
	for _, c := range []struct {
		host, path string
		status     int
		location   string
	}{
		{"one.example", "/a%20b?c=d", 308, "http://www.one.example/a%20b?c=d"},
		{"one.example:8000", "/", 308, "http://www.one.example:8000/"},
		{"www.one.example", "/", 200, ""},
		{"secure.example", "/a?b", 308, "https://secure.example/a?b"},
		{"secure.example", "/.well-known/acme-challenge/token", 200, ""},
	} {
		response, _ := s.call("GET", c.path, "Host: "+c.host)
		if response.StatusCode != c.status || response.Header.Get("Location") != c.location {
			t.Errorf("%s%s: %s %v", c.host, c.path, response.Status, response.Header)
		}
		if c.host == "secure.example" && response.Header.Get("X-Site") != "secure" {
			t.Errorf("%s%s: %v", c.host, c.path, response.Header)
		}
	}
}
