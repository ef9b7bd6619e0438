package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// ruled is the configuration of the tests of rules: the application, its
// site's rules, and further blocks of the site.
func ruled(site string) string {
	return `
appserve {
  allow_root      = true
  spool_directory = "$FOLDER/spool"
}
listener "http" { address = "$ADDRESS" }
pool "app" {
  app       = "rules:application"
  chdir     = "$APPS"
  env       = { APPSERVE_E2E = "$FOLDER" }
  processes = 1
}
upstream "gone" {
  server "x" { address = "127.0.0.1:1" }
}
` + site
}

const responseRules = `
site "rules" {
  response_headers {
    set     = { "X-Frame-Options" = "DENY", "X-Trace" = "$status $request_id" }
    default = { "Cache-Control" = "no-cache" }
    add     = { "Vary" = "Accept-Language" }
    remove  = ["X-Powered-By"]
  }
  location "/" { pass = pool.app }
  location "/gone" { pass = upstream.gone }
  location "/files" {
    static { directory = "$FOLDER/files" }
  }
}
`

// call sends a request with fields, "Name: value" each, and reads the answer.
func (s *instance) call(method, path string, fields ...string) (*http.Response, string) {
	s.t.Helper()
	request, err := http.NewRequest(method, s.url(path), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, field := range fields {
		name, value, _ := strings.Cut(field, ": ")
		if name == "Host" {
			request.Host = value
		}
		request.Header.Add(name, value)
	}
	response, err := s.client.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return response, string(body)
}

func TestRules_ResponseHeadersAreOnEveryResponse(t *testing.T) {
	t.Parallel()
	s := newInstance(t)
	s.write("files/a.txt", "a file")
	s.configure(ruled(responseRules))
	s.start()
	s.waitLog(`appserve: serving`)
	s.excuse(`upstream`)
	for _, c := range []struct {
		path   string
		status int
		cache  string
		vary   []string
	}{
		{"/", 200, "max-age=60", []string{"Cookie", "Accept-Language"}},
		{"/files/a.txt", 200, "no-cache", []string{"Accept-Language"}},
		{"/files/none.txt", 404, "no-store", []string{"Accept-Language"}},
		{"/gone", 502, "no-store", []string{"Accept-Language"}},
	} {
		response, body := s.call("GET", c.path)
		h := response.Header
		if response.StatusCode != c.status || h.Get("X-Frame-Options") != "DENY" || h.Get("X-Powered-By") != "" || h.Get("Cache-Control") != c.cache ||
			!strings.HasPrefix(h.Get("X-Trace"), response.Status[:3]+" ") || len(h.Get("X-Trace")) != 20 {
			t.Errorf("%s: %s %v %.80q", c.path, response.Status, h, body)
		}
		if diff := cmp.Diff(c.vary, h.Values("Vary")); diff != "" && !strings.HasSuffix(strings.Join(h.Values("Vary"), ", "), "Accept-Language") {
			t.Errorf("%s: Vary %s", c.path, diff)
		}
	}
}

// An application's own error page is replaced, whatever its length: neither
// the client's connection nor the worker notices.
func TestRules_ErrorPageReplacesTheApplications(t *testing.T) {
	t.Parallel()
	s := newInstance(t)
	s.write("pages/500.html", "<h1>It is us, not you.</h1>")
	s.configure(ruled(`
site "rules" {
  error_page "500" {
    file      = "$FOLDER/pages/500.html"
    intercept = true
  }
  location "/" { pass = pool.app }
  location "/plain" {
    error_page "500" { enabled = false }
    script_name = "/plain"
    pass        = pool.app
  }
}
`))
	s.start()
	s.waitLog(`appserve: serving`)
	const page = "<h1>It is us, not you.</h1>"
	c, err := net.Dial("tcp", s.address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(60 * time.Second))
	r := bufio.NewReader(c)
	for _, method := range []string{"GET", "HEAD", "GET"} { // one connection, larger than every buffer
		closed := filepath.Join(s.folder, "failure.closed")
		_ = os.Remove(closed)
		if _, err := io.WriteString(c, method+" /fail/1000 HTTP/1.1\r\nHost: a\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		response, err := http.ReadResponse(r, &http.Request{Method: method})
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		h := response.Header
		if response.StatusCode != 500 || response.ContentLength != int64(len(page)) || method == "GET" && string(body) != page || method == "HEAD" && len(body) > 0 {
			t.Errorf("%s: %s, %d bytes, %.80q", method, response.Status, response.ContentLength, body)
		}
		if h.Get("Etag")+h.Get("Content-Encoding") != "" || h.Get("Content-Type") != "text/html; charset=utf-8" || h.Get("Set-Cookie") != "seen=1" {
			t.Errorf("%s: %v", method, h)
		}
		eventually(t, 20*time.Second, func() string {
			if _, err := os.Stat(closed); err != nil {
				return "the application did not come to its end"
			}
			return ""
		})
	}
	if _, body := s.call("GET", "/plain/fail/1"); !strings.HasPrefix(body, "secret") {
		t.Errorf("a location that switched the page off: %.80q", body)
	}
}

func TestRules_CrossOriginCalls(t *testing.T) {
	t.Parallel()
	s := serve(t, ruled(`
site "rules" {
  location "/" {
    methods = ["GET", "PUT"]
    cors {
      origins     = ["https://app.example.com"]
      methods     = ["GET", "PUT"]
      headers     = ["X-Token"]
      credentials = true
    }
    pass = pool.app
  }
}
`))
	const ours, theirs = "Origin: https://app.example.com", "Origin: https://evil.example"
	for _, c := range []struct {
		method, origin string
		preflight      bool
		status         int
		allowed        string
	}{
		{"OPTIONS", ours, true, 204, "https://app.example.com"},
		{"OPTIONS", theirs, true, 204, ""},
		{"GET", ours, false, 200, "https://app.example.com"},
		{"GET", theirs, false, 200, ""}, // the application's own "*" is gone
		{"DELETE", ours, false, 405, "https://app.example.com"},
		{"OPTIONS", ours, false, 405, "https://app.example.com"},
	} {
		fields := []string{c.origin}
		if c.preflight {
			fields = append(fields, "Access-Control-Request-Method: PUT")
		}
		response, _ := s.call(c.method, "/x", fields...)
		h := response.Header
		if response.StatusCode != c.status || h.Get("Access-Control-Allow-Origin") != c.allowed || !strings.Contains(strings.Join(h.Values("Vary"), ","), "Origin") {
			t.Errorf("%s %s: %s %v", c.method, c.origin, response.Status, h)
		}
		if answered := h.Get("Access-Control-Allow-Methods") == "GET, PUT"; answered != (c.preflight && c.allowed != "") {
			t.Errorf("%s %s: %v", c.method, c.origin, h)
		}
		if c.status == 405 && h.Get("Allow") != "GET, HEAD, PUT" {
			t.Errorf("Allow %q", h.Get("Allow"))
		}
	}
}

// A page that cannot be read is found before anything changes.
func TestRules_AMissingErrorPageRefusesTheReload(t *testing.T) {
	t.Parallel()
	page := func(file string) string {
		return ruled(`
site "rules" {
  location "/" {
    error_page "404" { file = "` + file + `" }
    static { directory = "$FOLDER/pages" }
  }
}
`)
	}
	s := newInstance(t)
	s.write("pages/404.html", "first")
	s.configure(page("$FOLDER/pages/404.html"))
	s.start()
	s.waitLog(`appserve: serving`)
	s.expect("/none", 404, "first")
	s.write("pages/404.html", "second")
	s.expect("/none", 404, "first") // read once
	s.excuse(`refused|not sound`)
	s.configure(page("$FOLDER/pages/missing.html"))
	if verdict := s.reload(); !strings.Contains(verdict, "refused") {
		t.Errorf("verdict %q", verdict)
	}
	s.waitLog(`missing\.html`)
	s.expect("/none", 404, "first")
	s.configure(page("$FOLDER/pages/404.html"))
	if verdict := s.reload(); !strings.Contains(verdict, "live") {
		t.Errorf("verdict %q", verdict)
	}
	s.expect("/none", 404, "second")
}
