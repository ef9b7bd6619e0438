package errorpage

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

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

func body(t *testing.T, before string) *variable.Template {
	t.Helper()
	template, err := variable.Compile([]variable.Part{{Literal: before}, {Variable: "path"}})
	if err != nil {
		t.Fatal(err)
	}
	return template
}

func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFind(t *testing.T) {
	file := write(t, "down.JSON", `{"down": true}`)
	p, err := New([]Config{
		{For: "404", Body: body(t, "<p>no ")},
		{For: "404", Body: body(t, "<b>no ")},
		{For: "4xx", Body: body(t, "four "), ContentType: "text/plain", Intercept: true},
		{For: "503", File: file, Status: 500},
		{For: "5xx", Intercept: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		status, sent         int
		content, contentType string
		intercepts           bool
	}{
		{404, 404, "<b>no /&lt;x", "text/html; charset=utf-8", false}, // its own page says nothing of intercept
		{418, 418, "four /<x", "text/plain", true},
		{503, 500, `{"down": true}`, "application/json", false},
		{502, 502, "", "text/html; charset=utf-8", true},
	} {
		page := p.Find(c.status)
		content, contentType := page.Content(source("/<x"))
		if page.Status(c.status) != c.sent || string(content) != c.content || contentType != c.contentType || page.Intercepts() != c.intercepts {
			t.Errorf("%d: %d %q %q %v", c.status, page.Status(c.status), content, contentType, page.Intercepts())
		}
		if got := p.Intercepting(c.status); (got != nil) != c.intercepts {
			t.Errorf("%d: intercepting %v", c.status, got)
		}
		if page.Builtin() != (c.content == "") {
			t.Errorf("%d: built in %v", c.status, page.Builtin())
		}
	}
	for _, status := range []int{0, 101, 200, 302, 399, 600} {
		if page := p.Find(status); page != nil {
			t.Errorf("%d has a page", status)
		}
	}
	var none *Pages
	if none.Find(404) != nil || none.Intercepting(500) != nil {
		t.Error("no pages have one")
	}
}

func TestNewRefuses(t *testing.T) {
	large := write(t, "large.html", string(bytes.Repeat([]byte("x"), MaxFile+1)))
	missing := filepath.Join(t.TempDir(), "missing.html")
	for want, c := range map[string]Config{
		`"200" is neither`:                  {For: "200"},
		`"6xx" is neither`:                  {For: "6xx"},
		`"xx" is neither`:                   {For: "xx"},
		`"+44" is neither`:                  {For: "+44"},
		`error page "404": status 204`:      {For: "404", Status: http.StatusNoContent},
		"a file or a body, not both":        {For: "404", File: large, Body: variable.Text("x")},
		large + " is larger than":           {For: "404", File: large},
		missing + ": no such file":          {For: "404", File: missing},
		filepath.Dir(large) + " is no regu": {For: "404", File: filepath.Dir(large)},
	} {
		if _, err := New([]Config{c}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", c, err, want)
		}
	}
}

func TestLargestFile(t *testing.T) {
	p, err := New([]Config{{For: "500", File: write(t, "x.html", strings.Repeat("x", MaxFile))}, {For: "501", File: write(t, "y.html", "")}})
	if err != nil {
		t.Fatal(err)
	}
	if content, _ := p.Find(500).Content(nil); len(content) != MaxFile {
		t.Errorf("%d bytes", len(content))
	}
	if p.Find(501).Builtin() {
		t.Error("an empty file is a page too")
	}
}
