package static_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/appserve/appserve/listeners/static"
)

const evil = `"><script>alert(1)<&%41`

func listed(t *testing.T) string {
	dir := tree(t, map[string]string{
		"b.txt": strings.Repeat("x", 1536), "A.txt": "a", evil: "evil", "javascript:alert(1)": "scheme", "größe ü?#.txt": "utf-8", "bad\xff.txt": "bytes",
		"sub/deep/x.txt": "x", "zoo/index.html": "zoo", ".hidden": "x", ".git/config": "x", ".well-known/x": "x",
		"out": "-> /etc", "in": "-> sub", "in.txt": "-> A.txt", "dangling": "-> nothing",
		"secret.key": "x", "private/x": "x",
	})
	touch(t, filepath.Join(dir, "b.txt"), time.Date(2026, 11, 22, 10, 30, 0, 0, time.UTC))
	touch(t, filepath.Join(dir, "A.txt"), time.Unix(1, 0))
	return dir
}

func listingConfig(dir string) static.Config {
	return static.Config{Directory: dir, Index: []string{"index.html"}, Autoindex: true,
		Files: []static.Rule{{Pattern: "**/*.key", Deny: true}, {Pattern: "private/**", Deny: true}}}
}

type jsonListing struct {
	Path      string
	Truncated bool
	Entries   []struct {
		Name, Type, Modified string
		Size                 *int64
	}
}

func TestListing_JSON(t *testing.T) {
	cache, _ := newCache(t, roomy)
	c := listingConfig(listed(t))
	c.Cache = cache
	h := handler(t, c)
	for _, accept := range []string{"application/json", "text/html;q=0.5, application/json", "APPLICATION/JSON; q=0.9, */*"} {
		answer, _ := request(h, http.MethodGet, "/", http.Header{"Accept": {accept}})
		var l jsonListing
		if err := json.NewDecoder(answer.Body).Decode(&l); err != nil || answer.Header.Get("Content-Type") != "application/json" {
			t.Fatalf("%s: %v, %v", accept, err, answer.Header)
		}
		var names []string
		for _, e := range l.Entries {
			names = append(names, e.Type[:1]+":"+e.Name)
			if (e.Type == "folder") != (e.Size == nil) {
				t.Errorf("%+v", e)
			}
			switch e.Name {
			case "b.txt":
				if *e.Size != 1536 || e.Modified != "2026-11-22T10:30:00Z" {
					t.Errorf("%+v", e)
				}
			case "A.txt":
				if e.Modified != "" {
					t.Errorf("%+v: that time says nothing", e)
				}
			}
		}
		want := `[f:.well-known f:in f:sub f:zoo f:` + evil + ` f:A.txt f:b.txt f:bad` + "\uFFFD" + `.txt f:größe ü?#.txt f:in.txt f:javascript:alert(1)]`
		if got := fmt.Sprint(names); got != want || l.Path != "/static/" || l.Truncated {
			t.Errorf("%s: %s\nwant %s", accept, got, want)
		}
	}
}

// links reads a page as a browser does.
func links(t *testing.T, page io.Reader) (targets, texts []string, tags map[string]int) {
	t.Helper()
	tags = map[string]int{}
	root, err := html.Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		tags[n.Data]++
		if n.Data != "a" {
			continue
		}
		text := ""
		for inner := range n.Descendants() {
			if inner.Type == html.TextNode {
				text += inner.Data
			}
		}
		for _, a := range n.Attr {
			if a.Key == "href" {
				targets, texts = append(targets, a.Val), append(texts, text)
			}
		}
	}
	return targets, texts, tags
}

func TestListing_Page(t *testing.T) {
	h := handler(t, listingConfig(listed(t)))
	answer, _ := request(h, http.MethodGet, "/", http.Header{"Accept": {"text/html,application/xhtml+xml,*/*;q=0.8"}})
	if answer.StatusCode != 200 || answer.Header.Get("Content-Type") != "text/html; charset=utf-8" || answer.Header.Get("Vary") != "Accept" || answer.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("%d %v", answer.StatusCode, answer.Header)
	}
	targets, texts, tags := links(t, answer.Body)
	if tags["script"] != 0 || tags["link"] != 0 || tags["img"] != 0 {
		t.Errorf("elements %v: a name must stay a name, and the page needs nothing else", tags)
	}
	if len(targets) != 11 {
		t.Fatalf("links %q", targets)
	}
	base, err := http.NewRequest(http.MethodGet, "http://a/static/", nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, target := range targets {
		u, err := base.URL.Parse(target)
		if err != nil || u.Host != "a" || u.Scheme != "http" || u.RawQuery != "" || u.Fragment != "" {
			t.Errorf("%q leads to %v, %v", target, u, err)
			continue
		}
		name := strings.TrimPrefix(u.Path, "/static/")
		if strings.ToValidUTF8(name, "\uFFFD") != texts[i] {
			t.Errorf("%q is called %q", name, texts[i])
		}
		if status, _ := get(t, h, "/"+name); status != 200 {
			t.Errorf("%q = %d", name, status)
		}
	}
}

func TestListing_Breadcrumbs(t *testing.T) {
	h := handler(t, listingConfig(listed(t)))
	answer, _ := request(h, http.MethodGet, "/sub/deep/", nil)
	targets, texts, _ := links(t, answer.Body)
	if got := fmt.Sprint(targets, texts); got != "[../../ ../ ../ ./x.txt] [/static/ sub/ .. x.txt]" {
		t.Errorf("links %s", got)
	}
}

func TestListing_WhenThereIsNone(t *testing.T) {
	dir := listed(t)
	h := handler(t, listingConfig(dir))
	off := listingConfig(dir)
	off.Autoindex = false
	other := listingConfig(dir)
	other.Try = [][]static.Part{{{Rest: true}}, {{Literal: "/sub/"}}}
	for _, c := range []struct {
		name, rest string
		h          http.Handler
		status     int
	}{
		{"an index", "/zoo/", h, 200}, {"no such folder", "/none/", h, 404}, {"a file", "/A.txt/", h, 404}, {"hidden", "/.git/", h, 404},
		{"a link out", "/out/", h, 404}, {"a link inside", "/in/", h, 200}, {"denied", "/private/", h, 403}, {"up", "/sub/../../", h, 404},
		{"off", "/sub/", handler(t, off), 404}, {"only what was asked for", "/none/", handler(t, other), 404},
	} {
		if status, content := get(t, c.h, c.rest); status != c.status || c.name == "an index" && content != "zoo" {
			t.Errorf("%s: %s = %d, want %d", c.name, c.rest, status, c.status)
		}
	}
}

func TestListing_Conditions(t *testing.T) {
	dir := listed(t)
	cache, clock := newCache(t, roomy)
	c := listingConfig(dir)
	c.Cache = cache
	h := handler(t, c)
	first, _ := request(h, http.MethodGet, "/sub/", nil)
	tag := first.Header.Get("Etag")
	for header, want := range map[string]int{"If-None-Match: " + tag: 304, "If-None-Match: \"x\"": 200, "If-Match: \"x\"": 412,
		"If-Modified-Since: Sun, 22 Nov 2099 10:00:00 GMT": 200, "If-Unmodified-Since: Sun, 22 Nov 2009 10:00:00 GMT": 200} {
		name, value, _ := strings.Cut(header, ": ")
		if answer, _ := request(h, http.MethodGet, "/sub/", http.Header{name: {value}}); answer.StatusCode != want {
			t.Errorf("%s = %d, want %d", header, answer.StatusCode, want)
		}
	}
	if answer, _ := request(h, http.MethodGet, "/sub/", http.Header{"Range": {"bytes=0-1"}, "If-Range": {stamp}}); answer.StatusCode != 200 {
		t.Errorf("If-Range with a date of something that has none = %d", answer.StatusCode)
	}
	plant(t, dir, map[string]string{"sub/new.txt": "x"})
	clock.advance(time.Second)
	if answer, _ := request(h, http.MethodGet, "/sub/", http.Header{"If-None-Match": {tag}}); answer.StatusCode != 200 {
		t.Errorf("after a change: %d", answer.StatusCode)
	}
	head, _ := request(h, http.MethodHead, "/sub/", nil)
	if content, _ := io.ReadAll(head.Body); len(content) != 0 || head.ContentLength <= 0 {
		t.Errorf("HEAD: %d bytes, length %d", len(content), head.ContentLength)
	}
}

func TestListing_IsBounded(t *testing.T) {
	files := map[string]string{}
	for i := range 1050 {
		files[fmt.Sprintf("f%d", i)] = ""
	}
	limits := roomy
	limits.FileSize = 4 << 10
	cache, _ := newCache(t, limits)
	h := handler(t, static.Config{Directory: tree(t, files), Autoindex: true, Cache: cache})
	static.SetMostListed(h, 1000)
	answer, _ := request(h, http.MethodGet, "/", http.Header{"Accept": {"application/json"}})
	var l jsonListing
	if err := json.NewDecoder(answer.Body).Decode(&l); err != nil || len(l.Entries) != 1000 || !l.Truncated {
		t.Errorf("%d entries, truncated %v, %v", len(l.Entries), l.Truncated, err)
	}
	if _, content := get(t, h, "/"); !strings.Contains(content, "holds more names") {
		t.Error("the page does not say that it is cut")
	}
	if entries, bytes, _ := static.Kept(cache); bytes > 10_000 {
		t.Errorf("%d entries of %d bytes are kept", entries, bytes)
	}
}
