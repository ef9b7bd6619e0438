package static_test

import (
	"cmp"
	"io"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/appserve/appserve/listeners/static"
)

// The file of these cases has the ten bytes of the others; beside it lie sixBytes
// as its Brotli form, modified at stamp, and sevenBytes as gzip, modified later.
const (
	sixBytes, sevenBytes = "abcdef", "tuvwxyz"
	brTag, gzipTag       = `"6b02bd20-6-br"`, `"6b02bd21-7-gzip"`
)

// codedCase is a request, "Name: value" by line, for a file with sidecars.
type codedCase struct {
	name, request string
	status        int
	coding        string
	content       string
	contentRange  string
}

var codedCases = []codedCase{
	{name: "12.5.3 no Accept-Encoding", status: 200, content: tenBytes},
	{name: "12.5.3 empty", request: "Accept-Encoding:", status: 200, content: tenBytes},
	{name: "12.5.3 identity", request: "Accept-Encoding: identity", status: 200, content: tenBytes},
	{name: "12.5.3 one coding", request: "Accept-Encoding: gzip", status: 200, coding: "gzip", content: sevenBytes},
	{name: "12.5.3 the preferred of two", request: "Accept-Encoding: gzip, br", status: 200, coding: "br", content: sixBytes},
	{name: "12.5.3 in two fields", request: "Accept-Encoding: deflate\nAccept-Encoding: br", status: 200, coding: "br", content: sixBytes},
	{name: "12.4.2 by weight", request: "Accept-Encoding: br;q=0.1, gzip;q=0.2", status: 200, coding: "gzip", content: sevenBytes},
	{name: "12.4.2 refused", request: "Accept-Encoding: br;q=0, gzip", status: 200, coding: "gzip", content: sevenBytes},
	{name: "12.4.2 both refused", request: "Accept-Encoding: br;q=0, gzip;q=0.000", status: 200, content: tenBytes},
	{name: "12.5.3 any", request: "Accept-Encoding: *", status: 200, coding: "br", content: sixBytes},
	{name: "12.5.3 any but one", request: "Accept-Encoding: *, br;q=0", status: 200, coding: "gzip", content: sevenBytes},
	{name: "12.5.3 nothing but identity", request: "Accept-Encoding: identity, *;q=0", status: 200, content: tenBytes},
	{name: "12.5.3 identity before all", request: "Accept-Encoding: identity;q=1, *;q=0.5", status: 200, content: tenBytes},
	{name: "12.5.3 identity refused", request: "Accept-Encoding: identity;q=0, gzip", status: 200, coding: "gzip", content: sevenBytes},
	{name: "12.5.3 nothing that exists", request: "Accept-Encoding: zstd, deflate", status: 200, content: tenBytes},
	{name: "8.4.1 x-gzip", request: "Accept-Encoding: x-gzip", status: 200, coding: "gzip", content: sevenBytes},
	{name: "8.4.1 in capitals", request: "Accept-Encoding: BR", status: 200, coding: "br", content: sixBytes},
	{name: "9.3.2 HEAD", request: "HEAD\nAccept-Encoding: br", status: 200, coding: "br"},
	{name: "13.1.2 the tag of the coding", request: "Accept-Encoding: br\nIf-None-Match: " + brTag, status: 304},
	{name: "13.1.2 that tag, weak", request: "Accept-Encoding: br\nIf-None-Match: W/" + brTag, status: 304},
	{name: "13.1.2 the tag of another coding", request: "Accept-Encoding: br\nIf-None-Match: " + gzipTag, status: 200, coding: "br", content: sixBytes},
	{name: "13.1.2 the tag of identity", request: "Accept-Encoding: br\nIf-None-Match: " + tag, status: 200, coding: "br", content: sixBytes},
	{name: "13.1.2 the tag of a coding for identity", request: "If-None-Match: " + brTag, status: 200, content: tenBytes},
	{name: "13.1.2 all tags", request: "Accept-Encoding: gzip\nIf-None-Match: " + tag + ", " + brTag + "," + gzipTag, status: 304},
	{name: "13.1.1 the tag of the coding", request: "Accept-Encoding: br\nIf-Match: " + brTag, status: 200, coding: "br", content: sixBytes},
	{name: "13.1.1 the tag of another", request: "Accept-Encoding: br\nIf-Match: " + tag, status: 412},
	{name: "13.1.3 the date of the coding", request: "Accept-Encoding: gzip\nIf-Modified-Since: " + later, status: 304},
	{name: "13.1.3 before the coding, not before the file", request: "Accept-Encoding: gzip\nIf-Modified-Since: " + stamp, status: 200, coding: "gzip", content: sevenBytes},
	{name: "13.1.4 the date of the file for a later coding", request: "Accept-Encoding: gzip\nIf-Unmodified-Since: " + stamp, status: 412},
	{name: "14.2 a range of the coded content", request: "Accept-Encoding: br\nRange: bytes=2-3", status: 206, coding: "br", content: "cd", contentRange: "bytes 2-3/6"},
	{name: "14.2 a suffix of the coded content", request: "Accept-Encoding: gzip\nRange: bytes=-2", status: 206, coding: "gzip", content: "yz", contentRange: "bytes 5-6/7"},
	{name: "14.2 outside of the coded content", request: "Accept-Encoding: br\nRange: bytes=8-", status: 416, contentRange: "bytes */6"},
	{name: "14.2 that range of identity", request: "Range: bytes=8-", status: 206, content: "89", contentRange: "bytes 8-9/10"},
	{name: "14.2 several ranges of the coded content", request: "Accept-Encoding: br\nRange: bytes=0-0,5-5", status: 206, coding: "br", content: sixBytes, contentRange: "bytes 0-5/6"},
	{name: "13.1.5 If-Range with the tag of the coding", request: "Accept-Encoding: br\nRange: bytes=2-3\nIf-Range: " + brTag, status: 206, coding: "br", content: "cd", contentRange: "bytes 2-3/6"},
	{name: "13.1.5 If-Range with the tag of identity", request: "Accept-Encoding: br\nRange: bytes=2-3\nIf-Range: " + tag, status: 200, coding: "br", content: sixBytes},
	{name: "13.1.5 If-Range with the date of the coding", request: "Accept-Encoding: gzip\nRange: bytes=2-3\nIf-Range: " + later, status: 206, coding: "gzip", content: "vw", contentRange: "bytes 2-3/7"},
	{name: "13.1.5 If-Range with the date of the file", request: "Accept-Encoding: gzip\nRange: bytes=2-3\nIf-Range: " + stamp, status: 200, coding: "gzip", content: sevenBytes},
	{name: "13.2.2 If-None-Match before Range", request: "Accept-Encoding: br\nRange: bytes=2-3\nIf-None-Match: " + brTag, status: 304},
}

func TestCodings(t *testing.T) {
	dir := tree(t, map[string]string{"ten.css": tenBytes, "ten.css.br": sixBytes, "ten.css.gz": sevenBytes})
	modified, err := http.ParseTime(stamp)
	if err != nil {
		t.Fatal(err)
	}
	touch(t, filepath.Join(dir, "ten.css"), modified)
	touch(t, filepath.Join(dir, "ten.css.br"), modified)
	modified, err = http.ParseTime(later)
	if err != nil {
		t.Fatal(err)
	}
	touch(t, filepath.Join(dir, "ten.css.gz"), modified)
	for name, h := range everyWay(t, static.Config{Directory: dir, Precompressed: []string{"br", "zstd", "gzip"}}) {
		for _, c := range codedCases {
			t.Run(c.name+", "+name, func(t *testing.T) { c.check(t, h) })
		}
	}
}

func (c codedCase) check(t *testing.T, h http.Handler) {
	method, header := http.MethodGet, http.Header{}
	for line := range strings.Lines(c.request) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			header.Add(name, strings.TrimSpace(value))
		} else {
			method = name
		}
	}
	answer, _ := request(h, method, "/ten.css", header)
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	got := answer.Header
	if answer.StatusCode != c.status || got.Get("Content-Encoding") != c.coding || got.Get("Content-Range") != c.contentRange || got.Get("Vary") != "Accept-Encoding" {
		t.Errorf("status %d, %v; want %d, %q, %q", answer.StatusCode, got, c.status, c.coding, c.contentRange)
	}
	if c.status == http.StatusPreconditionFailed || c.status == http.StatusRequestedRangeNotSatisfiable {
		return // a page of ours
	}
	if string(content) != c.content {
		t.Errorf("content %q, want %q", content, c.content)
	}
	if c.status == 304 {
		return
	}
	of := map[string][2]string{"": {tag, stamp}, "br": {brTag, stamp}, "gzip": {gzipTag, later}}[c.coding]
	length := strconv.Itoa(len(cmp.Or(c.content, sixBytes)))
	if got.Get("Etag") != of[0] || got.Get("Last-Modified") != of[1] || got.Get("Content-Type") != "text/css" || got.Get("Content-Length") != length {
		t.Errorf("header %v, want %v", got, of)
	}
}

// everyWay makes handlers that have contents in memory, from files that stay
// open, and from files that are opened each time.
func everyWay(t *testing.T, c static.Config) map[string]http.Handler {
	t.Helper()
	ways := map[string]http.Handler{"without a cache": handler(t, c)}
	c.Cache, _ = newCache(t, roomy)
	ways["in memory"] = handler(t, c)
	limits := roomy
	limits.FileSize = -1
	c.Cache, _ = newCache(t, limits)
	ways["from an open file"] = handler(t, c)
	return ways
}

func TestTheTableIsLarge(t *testing.T) {
	if n := len(conditionCases) + len(rangeCases) + len(multiCases) + len(codedCases); n < 120 {
		t.Errorf("%d cases of RFC 9110, want 120", n)
	}
}
