package static_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cmp"
	"github.com/hashicorp/go-hclog"
	"maps"

	"github.com/appserve/appserve/listeners/static"
)

func site(t *testing.T) string {
	return tree(t, map[string]string{
		"index.html":         "home",
		"about.html":         "about",
		"css/base.css":       "css",
		"docs/index.html":    "docs",
		"docs/a b:c/x.txt":   "odd",
		"empty/x.bin":        "bin",
		".well-known/acme/x": "token",
		".hidden/x.txt":      "hidden",
		`back\slash.txt`:     "backslash",
		"größe.txt":          "utf-8",
		"sub/index.htm":      "second index",
		"double.html/keep":   "a folder that looks like a file",
	})
}

func TestLookup(t *testing.T) {
	dir := site(t)
	rest := []static.Part{{Rest: true}}
	text := func(s string) []static.Part { return []static.Part{{Literal: s}} }
	index := []string{"index.html", "index.htm"}
	plain := static.Config{Directory: dir, Index: index}
	spa := static.Config{Directory: dir, Index: index, Try: [][]static.Part{rest, text("/index.html")}}
	suffix := static.Config{Directory: dir, Index: index, Try: [][]static.Part{rest, {{Rest: true}, {Literal: ".html"}}, text("/docs/")}}
	hidden := static.Config{Directory: dir, Dotfiles: true}
	one := static.Config{File: filepath.Join(dir, "about.html")}
	for _, c := range []struct {
		name    string
		config  static.Config
		rest    string
		status  int
		content string
	}{
		{"a file", plain, "/css/base.css", 200, "css"},
		{"slashes count once", plain, "//css///base.css", 200, "css"},
		{"the folder itself", plain, "/", 200, "home"},
		{"a folder", plain, "/docs/", 200, "docs"},
		{"the second index", plain, "/sub/", 200, "second index"},
		{"a folder without index", plain, "/empty/", 404, ""},
		{"a folder without its slash", plain, "/docs", 301, ""},
		{"the location without its slash", plain, "", 301, ""},
		{"a file with a slash", plain, "/css/base.css/", 404, ""},
		{"beneath a file", plain, "/css/base.css/x", 404, ""},
		{"missing", plain, "/missing.css", 404, ""},
		{"a backslash is a letter", plain, `/back\slash.txt`, 200, "backslash"},
		{"UTF-8", plain, "/größe.txt", 200, "utf-8"},
		{"hidden", plain, "/.hidden/x.txt", 404, ""},
		{"hidden, asked for", hidden, "/.hidden/x.txt", 200, "hidden"},
		{"hidden, up", hidden, "/css/../about.html", 404, ""},
		{"well known", plain, "/.well-known/acme/x", 200, "token"},
		{"no index configured", hidden, "/docs/", 404, ""},
		{"single page: a file", spa, "/css/base.css", 200, "css"},
		{"single page: a route", spa, "/users/7", 200, "home"},
		{"single page: a route with a slash", spa, "/users/7/", 200, "home"},
		{"single page: a folder without index", spa, "/empty/", 200, "home"},
		{"suffix", suffix, "/about", 200, "about"},
		{"suffix is a folder", suffix, "/double", 200, "docs"},
		{"last candidate is a folder", suffix, "/nothing", 200, "docs"},
		{"one file", one, "", 200, "about"},
		{"one file with a slash", one, "/", 200, "about"},
		{"beneath one file", one, "/x", 404, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := handler(t, c.config)
			status, content := get(t, h, c.rest)
			if status != c.status || status == 200 && content != c.content {
				t.Errorf("%s = %d %q, want %d %q", c.rest, status, content, c.status, c.content)
			}
			head, _ := request(h, http.MethodHead, c.rest, nil)
			full, _ := request(h, http.MethodGet, c.rest, nil)
			if b, _ := io.ReadAll(head.Body); status == 200 && len(b) != 0 {
				t.Errorf("HEAD has content %q", b)
			}
			if head.StatusCode != full.StatusCode || !maps.EqualFunc(head.Header, full.Header, slices.Equal) {
				t.Errorf("HEAD %d %v\nGET %d %v", head.StatusCode, head.Header, full.StatusCode, full.Header)
			}
		})
	}
}

func TestMissesAndMethods(t *testing.T) {
	dir := site(t)
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"} {
		answer, x := request(handler(t, static.Config{Directory: dir}), method, "/about.html", nil)
		if answer.StatusCode != 405 || answer.Header.Get("Allow") != "GET, HEAD" || x.reason != "method_not_allowed" {
			t.Errorf("%s = %d, Allow %q, reason %q", method, answer.StatusCode, answer.Header.Get("Allow"), x.reason)
		}
	}
	if _, x := request(handler(t, static.Config{Directory: dir}), "GET", "/missing", nil); x.reason != "not_found" {
		t.Errorf("reason of a miss %q", x.reason)
	}
	h := handler(t, static.Config{Directory: dir, Fallback: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, r.Method+" "+r.URL.Path)
	})})
	for _, c := range []struct {
		method, rest string
		status       int
		content      string
	}{
		{"GET", "/about.html", 200, "about"},
		{"GET", "/missing", 418, "GET /static/missing"},
		{"HEAD", "/missing", 418, "HEAD /static/missing"},
		{"GET", "/.hidden/x.txt", 418, "GET /static/.hidden/x.txt"},
		{"GET", "/docs/", 418, "GET /static/docs/"},
		{"POST", "/about.html", 418, "POST /static/about.html"},
		{"GET", "/docs", 301, ""},
	} {
		answer, _ := request(h, c.method, c.rest, nil)
		content, _ := io.ReadAll(answer.Body)
		if answer.StatusCode != c.status || string(content) != c.content {
			t.Errorf("%s %s = %d %q, want %d %q", c.method, c.rest, answer.StatusCode, content, c.status, c.content)
		}
	}
}

func TestRedirectIsRelative(t *testing.T) {
	dir := tree(t, map[string]string{"docs/x": "", "a b/x": "", "c:d/x": "", `\evil.com/x`: "", "ü/x": "", "q?/x": "", "deep/docs/x": ""})
	h := handler(t, static.Config{Directory: dir})
	for _, c := range []struct{ rest, target, location, resolved string }{
		{"", "/static", "static/", "/static/"},
		{"", "/outer/static?q=1&r", "static/?q=1&r", "/outer/static/?q=1&r"},
		{"/docs", "/static/docs", "docs/", "/static/docs/"},
		{"/docs", "/static//docs", "docs/", "/static//docs/"},
		{"/deep/docs", "/static/deep%2Fdocs", "deep%2Fdocs/", "/static/deep%2Fdocs/"},
		{"/docs", "/static/%64ocs", "%64ocs/", "/static/%64ocs/"},
		{"/a b", "/static/a%20b", "a%20b/", "/static/a%20b/"},
		{"/c:d", "/static/c:d", "./c:d/", "/static/c:d/"},
		{`/\evil.com`, `/static/\evil.com`, "%5Cevil.com/", "/static/%5Cevil.com/"},
		{"/ü", "/static/ü", "%C3%BC/", "/static/%C3%BC/"},
		{"/q?", "/static/q%3F", "q%3F/", "/static/q%3F/"},
		{"/docs", "", "docs/", "/static/docs/"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL.Path, r.RequestURI = "/static"+c.rest, c.target
		_, r.URL.RawQuery, _ = strings.Cut(c.target, "?")
		recorder := httptest.NewRecorder()
		h.ServeHTTP(&exchange{ResponseWriter: recorder, rest: c.rest}, r)
		location := recorder.Header().Get("Location")
		if recorder.Code != http.StatusMovedPermanently || location != c.location {
			t.Errorf("%s = %d to %q, want %q", c.target, recorder.Code, location, c.location)
		}
		base, err := url.Parse("http://host" + cmp.Or(c.target, "/static/docs"))
		if err != nil {
			t.Fatal(err)
		}
		resolved, err := base.Parse(location)
		if err != nil || resolved.Host != "host" || resolved.RequestURI() != c.resolved {
			t.Errorf("%s: a client goes to %v (%v), want %s", c.target, resolved, err, c.resolved)
		}
	}
}

func TestCacheControl(t *testing.T) {
	dir := site(t)
	day, zero := 24*time.Hour, time.Duration(0)
	for _, c := range []struct {
		age  *time.Duration
		text string
		want string
	}{
		{nil, "", ""}, {&day, "", "max-age=86400"}, {&zero, "", "max-age=0"}, {nil, "no-cache", "no-cache"}, {&day, "public", "public, max-age=86400"},
	} {
		h := handler(t, static.Config{Directory: dir, MaxAge: c.age, CacheControl: c.text})
		answer, _ := request(h, "GET", "/about.html", nil)
		if got := answer.Header.Get("Cache-Control"); got != c.want {
			t.Errorf("Cache-Control %q, want %q", got, c.want)
		}
		if miss, _ := request(h, "GET", "/missing", nil); miss.Header.Get("Cache-Control") != "" {
			t.Errorf("a miss may be kept: %v", miss.Header)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	dir := site(t)
	for name, c := range map[string]static.Config{
		"missing folder":   {Directory: filepath.Join(dir, "none")},
		"a file as folder": {Directory: filepath.Join(dir, "about.html")},
		"missing file":     {File: filepath.Join(dir, "none")},
		"a folder as file": {File: filepath.Join(dir, "docs")},
	} {
		h, err := static.New(c, hclog.NewNullLogger())
		if err == nil || !strings.Contains(err.Error(), c.Directory+c.File) {
			t.Errorf("%s: %v, want an error that names the path", name, err)
		}
		_ = h
	}
}

func TestUnreadableFileIsAMissAndALogLine(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root reads everything")
	}
	dir := site(t)
	if err := os.Chmod(filepath.Join(dir, "about.html"), 0); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	h := loggingHandler(t, static.Config{Directory: dir}, &log)
	if status, _ := get(t, h, "/about.html"); status != http.StatusNotFound || !strings.Contains(log.String(), "file=about.html") {
		t.Errorf("status %d, log %q", status, log.String())
	}
}
