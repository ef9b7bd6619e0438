package static_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/appserve/appserve/listeners/static"
)

// ruleCases are what the configuration of TestRules answers.
var ruleCases = []struct {
	rest, cache, contentType string
	status                   int
}{
	{"/", "max-age=3600", "text/html; charset=utf-8", 200},
	{"/a.map", "", "", 403},
	{"/js/app.js.map", "", "", 403},
	{"/no-such.map", "", "", 403},
	{"/private/x.txt", "", "", 403},
	{"/private/deep/y.txt", "", "", 403},
	{"/private/nothing", "", "", 403},
	{"/private", "", "", 403},
	{"/private/", "", "", 403},
	{"/docs/", "", "", 403},
	{"/js/app.js", "no-cache", "text/javascript; charset=utf-8", 200},
	{"/js/app.0123456789ab.js", "no-cache", "text/javascript; charset=utf-8", 200},
	{"/js/vendor/v.js", "max-age=60", "text/javascript; charset=utf-8", 200},
	{"/data.bin", "max-age=3600", "text/plain; charset=utf-8", 200},
	{"/nothing", "", "", http.StatusTeapot},
}

func TestRules(t *testing.T) {
	dir := tree(t, map[string]string{
		"index.html": "home", "a.map": "m", "js/app.js": "js", "js/app.js.map": "m", "js/vendor/v.js": "v",
		"private/x.txt": secret, "private/deep/y.txt": secret, "data.bin": "d", "docs/index.html": secret,
		"js/app.0123456789ab.js": "hashed",
	})
	age := time.Hour
	edited := 0
	c := static.Config{Directory: dir, Index: []string{"index.html"}, Charset: "utf-8", MaxAge: &age, Immutable: static.ImmutableAuto,
		Autoindex: true, Fallback: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusTeapot) }),
		Files: []static.Rule{
			{Pattern: "**/*.map", Deny: true},
			{Pattern: "private", Deny: true},
			{Pattern: "docs/*", Deny: true},
			{Pattern: "js/**", CacheControl: "no-cache"},
			{Pattern: "js/vendor/*", CacheControl: "max-age=60"},
			{Pattern: "/data.bin", ContentType: "text/plain", Edit: func(w http.ResponseWriter) {
				edited++
				w.Header().Set("X-Edited", w.Header().Get("Content-Type"))
			}},
		}}
	for _, cached := range []bool{false, true} {
		if cached {
			c.Cache, _ = newCache(t, roomy)
		}
		h := handler(t, c)
		for _, want := range ruleCases {
			answer, x := request(h, http.MethodGet, want.rest, nil)
			content, _ := io.ReadAll(answer.Body)
			if answer.StatusCode != want.status || strings.Contains(string(content), "SECRET") {
				t.Errorf("%s = %d %q, want %d", want.rest, answer.StatusCode, content, want.status)
			}
			if want.status == 403 && x.reason != "denied" {
				t.Errorf("%s: reason %q", want.rest, x.reason)
			}
			if want.status == 200 && (answer.Header.Get("Cache-Control") != want.cache || answer.Header.Get("Content-Type") != want.contentType) {
				t.Errorf("%s: %v, want %q, %q", want.rest, answer.Header, want.cache, want.contentType)
			}
		}
		edited = 0
		for header, want := range map[string]int{"": 200, "If-None-Match: *": 304, "If-Match: \"x\"": 412, "Range: bytes=0-0": 206, "Range: bytes=9-": 416} {
			name, value, _ := strings.Cut(header, ": ")
			answer, _ := request(h, http.MethodGet, "/data.bin", http.Header{name: {value}})
			if answer.StatusCode != want {
				t.Errorf("%s = %d, want %d", header, answer.StatusCode, want)
			}
		}
		if edited != 5 {
			t.Errorf("the header of %d responses was edited, want all 5", edited)
		}
	}
}

func TestRules_OrderDoesNotMatter(t *testing.T) {
	dir := tree(t, map[string]string{"ab.txt": "x"})
	a, b := static.Rule{Pattern: "*b.txt", CacheControl: "b"}, static.Rule{Pattern: "a*.txt", CacheControl: "a"}
	for _, files := range [][]static.Rule{{a, b}, {b, a}} {
		answer, _ := request(handler(t, static.Config{Directory: dir, Files: files}), http.MethodGet, "/ab.txt", nil)
		if got := answer.Header.Get("Cache-Control"); got != "b" {
			t.Errorf("Cache-Control %q of two patterns of one length, want that of the first in the alphabet", got)
		}
	}
}

func TestRules_RefusesWhatIsNoPattern(t *testing.T) {
	_, err := static.New(static.Config{Directory: t.TempDir(), Files: []static.Rule{{Pattern: "*.{js,css}"}}}, nil)
	if err == nil || !strings.Contains(err.Error(), `files "*.{js,css}"`) {
		t.Errorf("error %v", err)
	}
}

func TestCacheControl_OfImmutableNames(t *testing.T) {
	dir := tree(t, map[string]string{"a.css": "x", "a.0123456789ab.css": "x"})
	age := time.Hour
	const forever = "max-age=31536000, immutable"
	for _, c := range []struct {
		name          string
		config        static.Config
		plain, hashed string
	}{
		{"nothing", static.Config{}, "", ""},
		{"off", static.Config{Immutable: static.ImmutableOff, MaxAge: &age}, "max-age=3600", "max-age=3600"},
		{"auto", static.Config{Immutable: static.ImmutableAuto}, "", "public, " + forever},
		{"auto beside max_age", static.Config{Immutable: static.ImmutableAuto, MaxAge: &age}, "max-age=3600", "public, " + forever},
		{"auto beside cache_control", static.Config{Immutable: static.ImmutableAuto, CacheControl: "no-store"}, "no-store", "no-store"},
		{"auto of a restricted location", static.Config{Immutable: static.ImmutableAuto, Restricted: true}, "", "private, " + forever},
		{"on", static.Config{Immutable: static.ImmutableOn}, "public, " + forever, "public, " + forever},
	} {
		c.config.Directory = dir
		h := handler(t, c.config)
		for rest, want := range map[string]string{"/a.css": c.plain, "/a.0123456789ab.css": c.hashed} {
			for header, status := range map[string]int{"": 200, "*": 304} {
				answer, _ := request(h, http.MethodGet, rest, http.Header{"If-None-Match": {header}})
				if got := answer.Header.Get("Cache-Control"); got != want || answer.StatusCode != status {
					t.Errorf("%s: %s = %d, Cache-Control %q; want %d, %q", c.name, rest, answer.StatusCode, got, status, want)
				}
			}
		}
	}
}
