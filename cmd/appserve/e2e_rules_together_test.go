package main

import (
	"net/http"
	"strings"
	"testing"
)

// everyRule is a site whose locations refuse for every reason there is.
const everyRule = `
site "rules" {
  response_headers {
    set = { "X-Frame-Options" = "DENY" }
  }
  cors { origins = ["https://app.example.com"] }
  compress { min_size = "1B" }
  error_page "4xx" { body = "refused: $reason" }
  error_page "5xx" {
    body      = "ours: $status"
    intercept = true
  }
  location "/" { pass = pool.app }
  location "/gone" { pass = upstream.gone }
  location "/private" {
    basic_auth {
      realm = "private"
      users = { "ann" = "$6$abcdefgh$291ewNvXNWkoSBnNFpp6WrJuVOS5lh/5i0JH9Qy24mC4bJspAi9CeGbp55TUep0G79ZhMyOgeVzSTv8LEudm/1" }
    }
    pass = pool.app
  }
  location "/closed" {
    deny = ["127.0.0.0/8"]
    pass = pool.app
  }
  location "/rare" {
    rate_limit { rate = "1/m" }
    pass = pool.app
  }
  location "/small" {
    max_body_size = "1KiB"
    pass          = pool.app
  }
}
`

// Whichever rule answers, the location's headers and pages are on the answer,
// and what one rule began another one does not break.
func TestRules_Together(t *testing.T) {
	t.Parallel()
	s := serve(t, ruled(everyRule))
	s.excuse(`upstream|connect`)
	if response, _ := s.call("GET", "/rare"); response.StatusCode != http.StatusOK {
		t.Errorf("the first request: %s", response.Status)
	}
	for _, c := range []struct {
		method, path string
		status       int
		body         string
	}{
		{"GET", "/fail/300", 500, "ours: 500"},
		{"GET", "/gone", 502, "ours: 502"},
		{"GET", "/private", 401, "refused: auth_required"},
		{"GET", "/closed", 403, "refused: denied"},
		{"GET", "/rare", 429, "refused: rate_limited"},
		{"HEAD", "/fail/300", 500, ""},
	} {
		for range 2 { // on a connection that is kept
			response, body := s.call(c.method, c.path, "Accept-Encoding: gzip", "Origin: https://app.example.com")
			h := response.Header
			if response.StatusCode != c.status || body != c.body || h.Get("Content-Encoding") != "" {
				t.Errorf("%s %s: %s %v %.80q, want %d %q", c.method, c.path, response.Status, h, body, c.status, c.body)
			}
			if h.Get("X-Frame-Options") != "DENY" || h.Get("Access-Control-Allow-Origin") != "https://app.example.com" || !strings.Contains(strings.Join(h.Values("Vary"), ","), "Origin") {
				t.Errorf("%s %s: %v", c.method, c.path, h)
			}
		}
	}
	large := "POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\n\r\n"
	if answer := s.exchange(large); !strings.HasPrefix(answer, "HTTP/1.1 413 ") || !strings.Contains(answer, "X-Frame-Options: DENY\r\n") || !strings.HasSuffix(answer, "refused: body_too_large") {
		t.Errorf("a body that is too large: %q", answer)
	}
	if response, _ := s.call("GET", "/x", "Accept-Encoding: gzip"); response.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("an answer that is no error: %v", response.Header)
	}
}

// Behind a proxy that is trusted its word counts; behind one that is not, a
// redirect to https would never end.
func TestRules_HTTPSBehindAProxy(t *testing.T) {
	t.Parallel()
	for trusted, status := range map[string]int{`trusted_proxies = ["127.0.0.1"]`: http.StatusOK, "": http.StatusForbidden} {
		s := newInstance(t)
		text := ruled(`
site "secure" {
  hosts          = ["secure.example", "www.secure.example"]
  canonical_host = "secure.example"
  require_https  = true
  location "/" { pass = pool.app }
}
`)
		s.configure(strings.Replace(text, `listener "http" { address = "$ADDRESS" }`, "listener \"http\" {\n  address = \"$ADDRESS\"\n  "+trusted+"\n}", 1))
		s.start()
		s.waitLog(`appserve: serving`)
		if response, body := s.call("GET", "/", "Host: secure.example", "X-Forwarded-Proto: https"); response.StatusCode != status {
			t.Errorf("%q: %s %.80q", trusted, response.Status, body)
		}
		if response, _ := s.call("GET", "/a?b", "Host: secure.example", "X-Forwarded-Proto: http"); response.StatusCode != http.StatusPermanentRedirect || response.Header.Get("Location") != "https://secure.example/a?b" {
			t.Errorf("%q: %s %v", trusted, response.Status, response.Header)
		}
		if trusted == "" {
			s.waitLog(`trusted_proxies`)
			continue
		}
		response, _ := s.call("GET", "/a?b", "Host: secure.example", "X-Forwarded-Proto: https", "X-Forwarded-Host: www.secure.example")
		if response.StatusCode != http.StatusPermanentRedirect || response.Header.Get("Location") != "https://secure.example/a?b" {
			t.Errorf("another host: %s %v", response.Status, response.Header)
		}
	}
}
