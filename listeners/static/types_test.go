package static

import (
	"mime"
	"strings"
	"testing"
)

func TestTypes(t *testing.T) {
	own := map[string]string{"Foo": "text/x-foo", "json": "application/json; charset=latin1", ".bar": "application/x-bar", "js": "application/javascript"}
	types := newTypes(own, "", "utf-8")
	for name, want := range map[string]string{
		"a.html":              "text/html; charset=utf-8",
		"A.HTML":              "text/html; charset=utf-8",
		"x/y.min.css":         "text/css; charset=utf-8",
		"app.mjs":             "text/javascript; charset=utf-8",
		"app.js":              "application/javascript; charset=utf-8",
		"data.json":           "application/json; charset=latin1",
		"app.js.map":          "application/json",
		"a.foo":               "text/x-foo; charset=utf-8",
		"a.bar":               "application/x-bar",
		"site.webmanifest":    "application/manifest+json",
		"lib.wasm":            "application/wasm",
		"font.woff2":          "font/woff2",
		"logo.svg":            "image/svg+xml",
		"favicon.ico":         "image/vnd.microsoft.icon",
		"photo.avif":          "image/avif",
		"film.mp4":            "video/mp4",
		"data.tar.gz":         "application/gzip",
		"LICENSE":             "application/octet-stream",
		"dir.html/LICENSE":    "application/octet-stream",
		"a.unknown-extension": "application/octet-stream",
		"trailing.":           "application/octet-stream",
		".html":               "text/html; charset=utf-8",
	} {
		if got := types.of(name)[0]; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if got := newTypes(nil, "text/plain", "").of("README")[0]; got != "text/plain" {
		t.Errorf("default type %q", got)
	}
}

func TestBuiltinTable(t *testing.T) {
	seen := map[string]string{}
	for line := range strings.Lines(builtinTypes) {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		if kind, _, err := mime.ParseMediaType(fields[0]); err != nil || kind != fields[0] || len(fields) < 2 {
			t.Errorf("line %q: %v", line, err)
		}
		for _, extension := range fields[1:] {
			if extension != strings.ToLower(extension) || seen[extension] != "" {
				t.Errorf("extension %q of %s, before of %q", extension, fields[0], seen[extension])
			}
			seen[extension] = fields[0]
		}
	}
}
