package headers

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/appserve/appserve/listeners/variable"
)

// source is a request of which only the path is known.
type source string

func (s source) AppendVariable(dst []byte, id variable.ID, _ string) []byte {
	if id == variable.Path {
		return append(dst, s...)
	}
	return dst
}

func text(s string) *variable.Template { return variable.Text(s) }

func withPath(t testing.TB, before, after string) *variable.Template {
	t.Helper()
	template, err := variable.Compile([]variable.Part{{Literal: before}, {Variable: "path"}, {Literal: after}})
	if err != nil {
		t.Fatal(err)
	}
	return template
}

func compile(t testing.TB, c Config) *Edits {
	t.Helper()
	e, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestApply(t *testing.T) {
	e := compile(t, Config{
		Set:     []Field{{"x-frame-options", text("DENY")}, {"X-Path", withPath(t, "at ", "")}, {"x-gone", text("")}, {"X-Bare", withPath(t, "", "")}},
		Default: []Field{{"Cache-Control", text("no-store")}, {"Referrer-Policy", text("same-origin")}, {"X-Empty", text(" ")}},
		Add:     []Field{{"link", text("</a.css>; rel=preload")}, {"Link", text("</b.css>; rel=preload")}, {"Vary", text("Origin")}, {"X-None", text("")}, {"Via", text("us")}},
		Remove:  []string{"server", "X-Powered-By", "via"},
	})
	for range 2 { // what one request did must not be there for the next
		h := http.Header{
			"X-Frame-Options": {"SAMEORIGIN", "ALLOW"}, "X-Gone": {"1"}, "X-Bare": {"1"}, "Cache-Control": {"max-age=5"},
			"Vary": {"Cookie"}, "Server": {"x"}, "X-Powered-By": {"y"}, "Set-Cookie": {"a=1", "b=2"}, "Via": {"them"},
		}
		e.Apply(h, source("/a"))
		want := http.Header{
			"X-Frame-Options": {"DENY"}, "X-Path": {"at /a"}, "X-Bare": {"/a"}, "Cache-Control": {"max-age=5"}, "Referrer-Policy": {"same-origin"},
			"Link": {"</a.css>; rel=preload", "</b.css>; rel=preload"}, "Vary": {"Cookie", "Origin"}, "Set-Cookie": {"a=1", "b=2"}, "Via": {"us"},
		}
		if diff := cmp.Diff(want, h); diff != "" {
			t.Error(diff)
		}
	}
	h := http.Header{"X-Bare": {"1"}}
	e.Apply(h, source(""))
	if _, there := h["X-Bare"]; there || h.Get("X-Path") != "at" {
		t.Errorf("a variable without a value: %v", h)
	}
	var none *Edits
	none.Apply(nil, nil)
}

// No value can end its field, whatever a client writes.
func TestApplyInjection(t *testing.T) {
	e := compile(t, Config{Set: []Field{{"X-Path", withPath(t, "", "")}}})
	for path, want := range map[string]string{
		"/a\r\nSet-Cookie: x=1": "/a  Set-Cookie: x=1",
		"/a\x00b\x7f":           "/a b",
		"/a\n ":                 "/a",
		"/ä\tb":                 "/ä\tb",
	} {
		h := http.Header{}
		e.Apply(h, source(path))
		if got := h.Get("X-Path"); got != want || strings.ContainsAny(got, "\r\n\x00") {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
}

func TestCheck(t *testing.T) {
	for name, good := range map[string]bool{
		"X-A": true, "content-type": true, "X_A": true, "Content-Security-Policy": true, "X-Forwarded-For": true, "Date": true,
		"": false, "Host": false, "a b": false, "a:": false, "ü": false, "content-length": false, "Transfer-Encoding": false,
		"connection": false, "UPGRADE": false, "Keep-Alive": false, "te": false, "Trailer": false, "Expect": false,
	} {
		if err := Check(name); (err == nil) != good {
			t.Errorf("Check(%q) = %v", name, err)
		}
		for _, c := range []Config{{Set: []Field{{name, text("x")}}}, {Add: []Field{{name, text("x")}}}, {Remove: []string{name}}} {
			if _, err := New(c); (err == nil) != good {
				t.Errorf("New with %q: %v", name, err)
			}
		}
	}
}

func TestAddVary(t *testing.T) {
	for before, want := range map[string]string{
		"": "Origin", "Cookie": "Cookie, Origin", "cookie, ORIGIN": "cookie, ORIGIN", "*": "*", "Accept|Cookie": "Accept|Cookie|Origin",
	} {
		h := http.Header{}
		if before != "" {
			h["Vary"] = strings.Split(before, "|")
		}
		AddVary(h, "Origin")
		if got := strings.Join(h["Vary"], "|"); got != want {
			t.Errorf("%q: %q, want %q", before, got, want)
		}
	}
}

// sourced is a response writer that knows variables, wrapped once.
type sourced struct {
	http.ResponseWriter
	source
}

type wrapper struct{ http.ResponseWriter }

func (w wrapper) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func TestRequest(t *testing.T) {
	var seen *http.Request
	next := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = r })
	h := Request(compile(t, Config{
		Set: []Field{{"X-Script", withPath(t, "", "")}, {"Accept-Encoding", text("")}}, Remove: []string{"cookie"},
	}), next)
	r := httptest.NewRequest("GET", "http://example.com/x", nil)
	r.Header = http.Header{"Cookie": {"a"}, "Accept-Encoding": {"gzip"}, "Accept": {"*/*"}}
	h.ServeHTTP(wrapper{sourced{httptest.NewRecorder(), "/x"}}, r)
	want := http.Header{"Accept": {"*/*"}, "X-Script": {"/x"}}
	if diff := cmp.Diff(want, seen.Header); diff != "" {
		t.Error(diff)
	}
	defer func() {
		if recover() == nil {
			t.Error("a writer without variables was taken")
		}
	}()
	h.ServeHTTP(httptest.NewRecorder(), r)
}

func BenchmarkApply(b *testing.B) {
	for _, c := range []struct {
		name string
		c    Config
	}{
		{"constant", Config{Set: []Field{{"X-Frame-Options", text("DENY")}, {"X-Content-Type-Options", text("nosniff")}}, Default: []Field{{"Referrer-Policy", text("same-origin")}}}},
		{"variable", Config{Set: []Field{{"X-Path", withPath(b, "", "")}}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			e := compile(b, c.c)
			h := http.Header{"Content-Type": {"text/html"}}
			b.ReportAllocs()
			for b.Loop() {
				e.Apply(h, source("/polls/2026"))
			}
		})
	}
}
