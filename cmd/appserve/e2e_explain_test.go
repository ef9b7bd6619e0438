package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// explainedSite is a site that answers by itself, with every rule that explain tells of.
const explainedSite = `
listener "http" {
  address         = "$ADDRESS"
  trusted_proxies = ["127.0.0.0/8"]
}
site "main" {
  hosts          = ["www.example.com", "example.com"]
  canonical_host = "www.example.com"
  require_https  = true
  response_headers {
    set = { "X-Site" = "main", "X-Client" = "$remote_addr" }
  }
  error_page "403" {
    body   = "keep out"
    status = 404
  }
  location "/" {
    respond {
      body = "$path $scheme"
    }
  }
  location "/old" {
    redirect {
      to     = "/new$rest"
      status = 301
    }
  }
  location "/inner" {
    allow = ["203.0.113.0/24"]
    respond {
      body = "inside"
    }
  }
  location "/form" {
    methods = ["POST"]
    max_body_size = "10B"
    respond {
      status = 201
    }
  }
  location "/api" {
    cors {
      origins = ["https://app.example.com"]
    }
    respond {}
  }
  location "/files" {
    static {
      directory = "$FOLDER/files"
      files "**/*.map" {
        deny = true
      }
    }
    compress {}
  }
  location "/page" {
    static {
      directory = "$FOLDER/files"
      try       = ["$rest", "/a.txt"]
    }
  }
  location "^/user/(?P<name>[a-z]+)$" {
    match    = "regex"
    priority = 1
    redirect {
      to = "/people/$match_name"
    }
  }
}
`

// sameQuestion is asked of explain and of the server.
type sameQuestion struct {
	method, host, target string
	headers              []string
}

func sameQuestions() []sameQuestion {
	const https = "X-Forwarded-Proto: https"
	return []sameQuestion{
		{"GET", "www.example.com", "/", nil},
		{"GET", "www.example.com", "/", []string{https}},
		{"GET", "example.com", "/a?b=c", []string{https}},
		{"GET", "example.org", "/", []string{https}},
		{"GET", "www.example.com", "/old/x%20y?z", []string{https}},
		{"GET", "www.example.com", "/%6Fld", []string{https}},
		{"GET", "www.example.com", "/inner", []string{https}},
		{"GET", "www.example.com", "/inner/a", []string{https, "X-Forwarded-For: 203.0.113.7"}},
		{"GET", "www.example.com", "/inner", []string{https, "X-Forwarded-For: 203.0.113.7, 198.51.100.1"}},
		{"PUT", "www.example.com", "/form", []string{https}},
		{"POST", "www.example.com", "/form", []string{https}},
		{"POST", "www.example.com", "/form", []string{https, "Content-Length: 100"}},
		{"GET", "www.example.com", "/api", []string{https, "Origin: https://app.example.com"}},
		{"GET", "www.example.com", "/api", []string{https, "Origin: https://evil.example"}},
		{"OPTIONS", "www.example.com", "/api", []string{https, "Origin: https://app.example.com", "Access-Control-Request-Method: GET"}},
		{"GET", "www.example.com", "/user/bob", []string{https}},
		{"GET", "www.example.com", "/../x", []string{https}},
		{"TRACE", "www.example.com", "/", []string{https}},
		{"POST", "www.example.com", "/", []string{https, "Transfer-Encoding: chunked", "Content-Length: 5"}},
		{"GET", "www.example.com", "/", []string{https, "X Y: z"}},
		{"GET", "www.example.com", "/", []string{https, "Expect: more"}},
		{"GET", "www.example.com", "/files/a.txt", []string{https}},
		{"GET", "www.example.com", "/files/a.txt", []string{https, "Accept-Encoding: gzip"}},
		{"GET", "www.example.com", "/files/a.txt", []string{https, "Range: bytes=0-1"}},
		{"GET", "www.example.com", "/files/a.txt", []string{https, "Range: bytes=99999-"}},
		{"GET", "www.example.com", "/files/a.txt", []string{https, "If-None-Match: *"}},
		{"GET", "www.example.com", "/files/large.txt", []string{https, "Accept-Encoding: gzip"}},
		{"POST", "www.example.com", "/files/a.txt", []string{https}},
		{"GET", "www.example.com", "/files/missing", []string{https}},
		{"GET", "www.example.com", "/files/deep", []string{https}},
		{"GET", "www.example.com", "/files/deep/a.map", []string{https}},
		{"GET", "www.example.com", "/files/.env", []string{https}},
		{"GET", "www.example.com", "/files/evil", []string{https}},
		{"GET", "www.example.com", "/page/evil", []string{https}},
	}
}

// TestExplain_SaysWhatTheServerDoes asks both the same questions.
func TestExplain_SaysWhatTheServerDoes(t *testing.T) {
	t.Parallel()
	s := newInstance(t)
	for name, content := range map[string]string{
		"a.txt": "plain", "a.txt.gz": "coded", "large.txt": strings.Repeat("large ", 1000), "deep/a.map": "{}", ".env": "SECRET=1",
	} {
		s.write("files/"+name, content)
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(s.folder, "files/evil")); err != nil {
		t.Fatal(err)
	}
	s.configure(explainedSite)
	s.launch(s.command())
	s.excuse(`link leaves the folder`)
	for _, c := range sameQuestions() {
		name := c.method + " " + c.host + c.target + " " + strings.Join(c.headers, " ")
		args := []string{"explain", "-json", "-c", filepath.Join(s.folder, "conf.d"), "-from", "127.0.0.1", c.method, "http://" + c.host + c.target}
		raw := c.method + " " + c.target + " HTTP/1.1\r\nHost: " + c.host + "\r\nConnection: close\r\n"
		for _, header := range c.headers {
			args = append(args, "-H", header)
			raw += header + "\r\n"
		}
		code, stdout, stderr := cli(t, args...)
		var r report
		if err := json.Unmarshal([]byte(stdout), &r); err != nil || code != 0 {
			t.Fatalf("%s: exit code %d, %v\n%s%s", name, code, err, stdout, stderr)
		}
		answer := s.exchange(raw + "\r\n")
		if !strings.HasPrefix(answer, "HTTP/1.1 "+strconv.Itoa(r.Status)+" ") {
			t.Errorf("%s: explained as %d, answered\n%s", name, r.Status, answer)
		}
		if r.Reason != "bad_request" { // what was not understood is answered in plain text
			compareHeaders(t, name, r, answer)
		}
	}
}

// compareHeaders compares what both say about some headers.
func compareHeaders(t *testing.T, name string, r report, answer string) {
	t.Helper()
	said := map[string]string{}
	for _, section := range r.Sections {
		if strings.HasPrefix(section.Title, "answer") {
			for _, line := range section.Lines {
				said[line.Name] = line.Text
			}
		}
	}
	head, _, _ := strings.Cut(answer, "\r\n\r\n")
	for _, field := range []string{"Location", "X-Site", "X-Client", "Allow", "Access-Control-Allow-Origin", "Content-Type"} {
		got := ""
		for line := range strings.SplitSeq(head, "\r\n") {
			if key, value, ok := strings.Cut(line, ": "); ok && http.CanonicalHeaderKey(key) == field {
				got = value
			}
		}
		if said[field] != got {
			t.Errorf("%s: %s is explained as %q, answered as %q", name, field, said[field], got)
		}
	}
}
