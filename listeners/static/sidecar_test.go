package static_test

import (
	"bytes"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/appserve/appserve/listeners/static"
)

var codings = []string{"br", "zstd", "gzip"}

func sidecars(t *testing.T) string {
	dir := tree(t, map[string]string{
		"app.js": "identity of app", "app.js.br": "br of app!", "app.js.zst": "zstd of app", "app.js.gz": "gzip of app",
		"one.css": "identity of one", "one.css.gz": "gzip",
		"none.css": "identity of none",
		"old.css":  "identity of old", "old.css.gz": "stale",
		"same.css": "identity of same", "same.css.gz": "as old",
		"empty.css": "identity of empty", "empty.css.gz": "",
		"folder.css": "identity of folder", "folder.css.gz/x": "x",
		"pic.png": "identity of pic", "pic.png.gz": "never",
		"icon.svg": "identity of icon", "icon.svg.br": "br of icon",
		"out.css": "identity of out", "out.css.gz": "-> /etc/passwd",
		"index.html": "identity of index", "index.html.br": "br of index",
	})
	at := time.Unix(1795341600, 0)
	for _, name := range []string{"app.js", "app.js.br", "app.js.zst", "app.js.gz", "one.css", "old.css", "empty.css", "same.css"} {
		touch(t, filepath.Join(dir, name), at)
	}
	touch(t, filepath.Join(dir, "same.css"), at.Add(900*time.Millisecond)) // some compressors keep whole seconds
	touch(t, filepath.Join(dir, "same.css.gz"), at)
	touch(t, filepath.Join(dir, "one.css.gz"), at.Add(time.Minute))
	touch(t, filepath.Join(dir, "old.css.gz"), at.Add(-time.Second))
	touch(t, filepath.Join(dir, "empty.css.gz"), at)
	return dir
}

func TestSidecars(t *testing.T) {
	var log bytes.Buffer
	cache, _ := newCache(t, roomy)
	h := loggingHandler(t, static.Config{Directory: sidecars(t), Precompressed: codings, Cache: cache, Index: []string{"index.html"}, Charset: "utf-8"}, &log)
	for _, c := range []struct {
		rest, accept, coding, content string
		vary                          bool
	}{
		{"/app.js", "", "", "identity of app", true},
		{"/app.js", "gzip, deflate, br, zstd", "br", "br of app!", true},
		{"/app.js", "gzip, deflate", "gzip", "gzip of app", true},
		{"/app.js", "gzip;q=0.9, zstd;q=0.8", "gzip", "gzip of app", true},
		{"/app.js", "gzip, br;q=0", "gzip", "gzip of app", true},
		{"/app.js", "*", "br", "br of app!", true},
		{"/app.js", "br;q=0, *;q=0.5", "zstd", "zstd of app", true},
		{"/app.js", "identity;q=1, br;q=0.1", "", "identity of app", true},
		{"/app.js", "compress", "", "identity of app", true},
		{"/app.js", "identity;q=0", "", "identity of app", true},
		{"/one.css", "br, gzip", "gzip", "gzip", true},
		{"/one.css", "br", "", "identity of one", true},
		{"/none.css", "br, gzip", "", "identity of none", false},
		{"/old.css", "gzip", "", "identity of old", false},
		{"/same.css", "gzip", "gzip", "as old", true},
		{"/empty.css", "gzip", "", "identity of empty", false},
		{"/folder.css", "gzip", "", "identity of folder", false},
		{"/pic.png", "gzip", "", "identity of pic", false},
		{"/icon.svg", "br", "br", "br of icon", true},
		{"/out.css", "gzip", "", "identity of out", false},
		{"/", "br", "br", "br of index", true},
		{"/app.js.gz", "gzip", "", "gzip of app", false},
	} {
		answer, _ := request(h, http.MethodGet, c.rest, http.Header{"Accept-Encoding": {c.accept}})
		content, _ := io.ReadAll(answer.Body)
		varies := answer.Header.Get("Vary") == "Accept-Encoding"
		if string(content) != c.content || answer.Header.Get("Content-Encoding") != c.coding || varies != c.vary {
			t.Errorf("%s with %q: %q, %v; want %q coded %q", c.rest, c.accept, content, answer.Header, c.content, c.coding)
		}
		if c.rest == "/app.js" && answer.Header.Get("Content-Type") != "text/javascript; charset=utf-8" {
			t.Errorf("%s with %q: %v: the type is of the original", c.rest, c.accept, answer.Header)
		}
	}
	for _, want := range []string{
		`precompressed file is not used: site=shop location=/static file=old.css.gz why="it is older`,
		`file=empty.css.gz why="it is empty"`, "link leaves the folder",
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("log %s\nhas no %s", log.String(), want)
		}
	}
}

func TestSidecars_HaveTagsOfTheirOwn(t *testing.T) {
	h := handler(t, static.Config{Directory: sidecars(t), Precompressed: codings})
	tags := map[string]string{}
	for _, coding := range []string{"", "br", "zstd", "gzip"} {
		answer, _ := request(h, http.MethodGet, "/app.js", http.Header{"Accept-Encoding": {coding}})
		tag := answer.Header.Get("Etag")
		if other, ok := tags[tag]; ok || !strings.HasPrefix(tag, `"`) {
			t.Errorf("%q has the tag %s, as %q", coding, tag, other)
		}
		tags[tag] = coding
	}
	for tag, of := range tags {
		for _, coding := range tags {
			answer, _ := request(h, http.MethodGet, "/app.js", http.Header{"Accept-Encoding": {coding}, "If-None-Match": {tag}})
			if fits := answer.StatusCode == http.StatusNotModified; fits != (coding == of) || answer.Header.Get("Vary") != "Accept-Encoding" {
				t.Errorf("tag of %q for a client of %q: %d, %v", of, coding, answer.StatusCode, answer.Header)
			}
		}
	}
}

func TestSidecars_AreLookedForAgain(t *testing.T) {
	dir := tree(t, map[string]string{"a.css": "identity"})
	cache, clock := newCache(t, roomy)
	h := handler(t, static.Config{Directory: dir, Precompressed: codings, Cache: cache})
	accept := http.Header{"Accept-Encoding": {"gzip"}}
	expect := func(want string) {
		t.Helper()
		answer, _ := request(h, http.MethodGet, "/a.css", accept)
		if content, _ := io.ReadAll(answer.Body); string(content) != want {
			t.Errorf("%q, want %q", content, want)
		}
	}
	expect("identity")
	plant(t, dir, map[string]string{"a.css.gz": "coded"})
	expect("identity")
	clock.advance(time.Second)
	expect("coded")
	replace(t, filepath.Join(dir, "a.css"), "another identity")
	touch(t, filepath.Join(dir, "a.css"), time.Now().Add(time.Minute))
	clock.advance(time.Second)
	expect("another identity")
}

func TestSidecars_RulesAreOfTheOriginal(t *testing.T) {
	dir := tree(t, map[string]string{"a.0123456789ab.css": "identity", "a.0123456789ab.css.gz": "coded", "b.css": "identity", "b.css.gz": "coded"})
	h := handler(t, static.Config{Directory: dir, Precompressed: codings, Immutable: static.ImmutableAuto,
		Files: []static.Rule{{Pattern: "*.gz", Deny: true}, {Pattern: "b.css", ContentType: "text/x-b"}}})
	accept := http.Header{"Accept-Encoding": {"gzip"}}
	answer, _ := request(h, http.MethodGet, "/a.0123456789ab.css", accept)
	if answer.Header.Get("Content-Encoding") != "gzip" || answer.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
		t.Errorf("%d %v", answer.StatusCode, answer.Header)
	}
	if answer, _ = request(h, http.MethodGet, "/b.css", accept); answer.Header.Get("Content-Encoding") != "gzip" || answer.Header.Get("Content-Type") != "text/x-b" {
		t.Errorf("%d %v", answer.StatusCode, answer.Header)
	}
	if status, _ := get(t, h, "/b.css.gz"); status != http.StatusForbidden {
		t.Errorf("the sidecar itself = %d, want 403", status)
	}
}
