package static_test

import (
	"bytes"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"cmp"

	"github.com/appserve/appserve/listeners/static"
)

// The file of these cases has 10 bytes and was modified at stamp.
const (
	tenBytes = "0123456789"
	stamp    = "Sun, 22 Nov 2026 10:00:00 GMT"
	earlier  = "Sun, 22 Nov 2026 09:59:59 GMT"
	later    = "Sun, 22 Nov 2026 10:00:01 GMT"
	tag      = `"6b02bd20-a"`
)

type rfcCase struct {
	name         string
	method       string // GET when empty
	header       map[string]string
	status       int
	content      string
	contentRange string
}

var conditionCases = []rfcCase{
	{name: "13.1.1 If-Match with the tag", header: map[string]string{"If-Match": tag}, status: 200, content: tenBytes},
	{name: "13.1.1 If-Match any", header: map[string]string{"If-Match": "*"}, status: 200, content: tenBytes},
	{name: "13.1.1 If-Match other", header: map[string]string{"If-Match": `"x"`}, status: 412},
	{name: "13.1.1 If-Match in a list", header: map[string]string{"If-Match": `"x", ` + tag}, status: 200, content: tenBytes},
	{name: "13.1.1 If-Match compares strongly", header: map[string]string{"If-Match": "W/" + tag}, status: 412},
	{name: "13.1.1 If-Match malformed", header: map[string]string{"If-Match": "6b02bd20-a"}, status: 412},
	{name: "13.1.1 If-Match for HEAD", method: "HEAD", header: map[string]string{"If-Match": `"x"`}, status: 412},
	{name: "13.1.2 If-None-Match with the tag", header: map[string]string{"If-None-Match": tag}, status: 304},
	{name: "13.1.2 If-None-Match any", header: map[string]string{"If-None-Match": "*"}, status: 304},
	{name: "13.1.2 If-None-Match compares weakly", header: map[string]string{"If-None-Match": "W/" + tag}, status: 304},
	{name: "13.1.2 If-None-Match in a list", header: map[string]string{"If-None-Match": `W/"a,b" , "c",` + tag}, status: 304},
	{name: "13.1.2 If-None-Match other", header: map[string]string{"If-None-Match": `"x"`}, status: 200, content: tenBytes},
	{name: "13.1.2 If-None-Match with a star in a list", header: map[string]string{"If-None-Match": `"x", *`}, status: 200, content: tenBytes},
	{name: "13.1.2 If-None-Match malformed", header: map[string]string{"If-None-Match": `"6b02bd20-a`}, status: 200, content: tenBytes},
	{name: "13.1.2 If-None-Match empty", header: map[string]string{"If-None-Match": ""}, status: 200, content: tenBytes},
	{name: "13.1.2 If-None-Match for HEAD", method: "HEAD", header: map[string]string{"If-None-Match": tag}, status: 304},
	{name: "13.1.3 If-Modified-Since the same second", header: map[string]string{"If-Modified-Since": stamp}, status: 304},
	{name: "13.1.3 If-Modified-Since later", header: map[string]string{"If-Modified-Since": later}, status: 304},
	{name: "13.1.3 If-Modified-Since earlier", header: map[string]string{"If-Modified-Since": earlier}, status: 200, content: tenBytes},
	{name: "13.1.3 If-Modified-Since in RFC 850 form", header: map[string]string{"If-Modified-Since": "Sunday, 22-Nov-26 10:00:00 GMT"}, status: 304},
	{name: "13.1.3 If-Modified-Since in asctime form", header: map[string]string{"If-Modified-Since": "Sun Nov 22 10:00:00 2026"}, status: 304},
	{name: "13.1.3 If-Modified-Since is no date", header: map[string]string{"If-Modified-Since": "yesterday"}, status: 200, content: tenBytes},
	{name: "13.1.3 If-Modified-Since for HEAD", method: "HEAD", header: map[string]string{"If-Modified-Since": stamp}, status: 304},
	{name: "13.1.3 If-Modified-Since beside If-None-Match is ignored", header: map[string]string{"If-None-Match": `"x"`, "If-Modified-Since": later}, status: 200, content: tenBytes},
	{name: "13.1.4 If-Unmodified-Since the same second", header: map[string]string{"If-Unmodified-Since": stamp}, status: 200, content: tenBytes},
	{name: "13.1.4 If-Unmodified-Since earlier", header: map[string]string{"If-Unmodified-Since": earlier}, status: 412},
	{name: "13.1.4 If-Unmodified-Since is no date", header: map[string]string{"If-Unmodified-Since": "x"}, status: 200, content: tenBytes},
	{name: "13.1.4 If-Unmodified-Since beside If-Match is ignored", header: map[string]string{"If-Match": tag, "If-Unmodified-Since": earlier}, status: 200, content: tenBytes},
	{name: "13.2.2 If-Match before If-None-Match", header: map[string]string{"If-Match": `"x"`, "If-None-Match": tag}, status: 412},
	{name: "13.2.2 If-Match true, If-None-Match false", header: map[string]string{"If-Match": tag, "If-None-Match": tag}, status: 304},
	{name: "13.2.2 If-None-Match before Range", header: map[string]string{"If-None-Match": tag, "Range": "bytes=0-1"}, status: 304},
	{name: "13.2.2 If-Match before Range", header: map[string]string{"If-Match": `"x"`, "Range": "bytes=0-1"}, status: 412},
}

var rangeCases = []rfcCase{
	{name: "14.1.2 first and last", header: map[string]string{"Range": "bytes=2-4"}, status: 206, content: "234", contentRange: "bytes 2-4/10"},
	{name: "14.1.2 one byte", header: map[string]string{"Range": "bytes=0-0"}, status: 206, content: "0", contentRange: "bytes 0-0/10"},
	{name: "14.1.2 open end", header: map[string]string{"Range": "bytes=7-"}, status: 206, content: "789", contentRange: "bytes 7-9/10"},
	{name: "14.1.2 last above the length", header: map[string]string{"Range": "bytes=7-100"}, status: 206, content: "789", contentRange: "bytes 7-9/10"},
	{name: "14.1.2 last above any number", header: map[string]string{"Range": "bytes=7-99999999999999999999999"}, status: 206, content: "789", contentRange: "bytes 7-9/10"},
	{name: "14.1.2 suffix", header: map[string]string{"Range": "bytes=-3"}, status: 206, content: "789", contentRange: "bytes 7-9/10"},
	{name: "14.1.2 suffix longer than the file", header: map[string]string{"Range": "bytes=-30"}, status: 206, content: tenBytes, contentRange: "bytes 0-9/10"},
	{name: "14.1.2 suffix of nothing", header: map[string]string{"Range": "bytes=-0"}, status: 416, contentRange: "bytes */10"},
	{name: "14.1.2 first at the length", header: map[string]string{"Range": "bytes=10-"}, status: 416, contentRange: "bytes */10"},
	{name: "14.1.2 first above any number", header: map[string]string{"Range": "bytes=99999999999999999999-"}, status: 416, contentRange: "bytes */10"},
	{name: "14.1.1 last before first is invalid", header: map[string]string{"Range": "bytes=4-2"}, status: 200, content: tenBytes},
	{name: "14.1.1 nothing", header: map[string]string{"Range": "bytes="}, status: 200, content: tenBytes},
	{name: "14.1.1 a dash", header: map[string]string{"Range": "bytes=-"}, status: 200, content: tenBytes},
	{name: "14.1.1 a sign", header: map[string]string{"Range": "bytes=+1-2"}, status: 200, content: tenBytes},
	{name: "14.1.1 no number", header: map[string]string{"Range": "bytes=a-b"}, status: 200, content: tenBytes},
	{name: "14.1.1 a space inside", header: map[string]string{"Range": "bytes=1 -2"}, status: 200, content: tenBytes},
	{name: "14.1.1 one bad of two", header: map[string]string{"Range": "bytes=0-1,x"}, status: 200, content: tenBytes},
	{name: "14.1 unit in capitals", header: map[string]string{"Range": "BYTES=2-4"}, status: 206, content: "234", contentRange: "bytes 2-4/10"},
	{name: "14.2 another unit", header: map[string]string{"Range": "items=0-1"}, status: 200, content: tenBytes},
	{name: "14.2 HEAD has no ranges", method: "HEAD", header: map[string]string{"Range": "bytes=2-4"}, status: 200},
	{name: "14.2 more than the file", header: map[string]string{"Range": "bytes=0-7,2-9"}, status: 200, content: tenBytes},
	{name: "14.2 too many", header: map[string]string{"Range": "bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7,8-8,9-9,0-0,1-1,2-2,3-3,4-4,5-5,6-6"}, status: 200, content: tenBytes},
	{name: "14.2 one of two is outside", header: map[string]string{"Range": "bytes=2-3, 20-30"}, status: 206, content: "23", contentRange: "bytes 2-3/10"},
	{name: "14.2 both are outside", header: map[string]string{"Range": "bytes=20-30,-0"}, status: 416, contentRange: "bytes */10"},
	{name: "5.6.1 empty elements of a list", header: map[string]string{"Range": "bytes=,2-3 ,"}, status: 206, content: "23", contentRange: "bytes 2-3/10"},
	{name: "13.1.5 If-Range with the tag", header: map[string]string{"Range": "bytes=2-4", "If-Range": tag}, status: 206, content: "234", contentRange: "bytes 2-4/10"},
	{name: "13.1.5 If-Range with another tag", header: map[string]string{"Range": "bytes=2-4", "If-Range": `"x"`}, status: 200, content: tenBytes},
	{name: "13.1.5 If-Range compares strongly", header: map[string]string{"Range": "bytes=2-4", "If-Range": "W/" + tag}, status: 200, content: tenBytes},
	{name: "13.1.5 If-Range with the date", header: map[string]string{"Range": "bytes=2-4", "If-Range": stamp}, status: 206, content: "234", contentRange: "bytes 2-4/10"},
	{name: "13.1.5 If-Range with a later date", header: map[string]string{"Range": "bytes=2-4", "If-Range": later}, status: 200, content: tenBytes},
	{name: "13.1.5 If-Range with an earlier date", header: map[string]string{"Range": "bytes=2-4", "If-Range": earlier}, status: 200, content: tenBytes},
	{name: "13.1.5 If-Range without Range", header: map[string]string{"If-Range": `"x"`}, status: 200, content: tenBytes},
	{name: "13.1.5 If-Range hides an unsatisfiable Range", header: map[string]string{"Range": "bytes=20-", "If-Range": `"x"`}, status: 200, content: tenBytes},
	{name: "13.2.2 true conditions and a Range", header: map[string]string{"Range": "bytes=2-4", "If-Match": tag, "If-Modified-Since": earlier}, status: 206, content: "234", contentRange: "bytes 2-4/10"},
}

func TestConditionsAndRanges(t *testing.T) {
	dir := tree(t, map[string]string{"ten.txt": tenBytes})
	modified, err := http.ParseTime(stamp)
	if err != nil {
		t.Fatal(err)
	}
	touch(t, filepath.Join(dir, "ten.txt"), modified.Add(700*time.Millisecond)) // a file system keeps more than HTTP can say
	age := 90 * time.Second
	for name, h := range everyWay(t, static.Config{Directory: dir, Charset: "utf-8", MaxAge: &age}) {
		for _, c := range slices.Concat(conditionCases, rangeCases) {
			t.Run(c.name+", "+name, func(t *testing.T) { c.check(t, h) })
		}
	}
}

func (c rfcCase) check(t *testing.T, h http.Handler) {
	header := http.Header{}
	for name, value := range c.header {
		header.Set(name, value)
	}
	answer, x := request(h, cmp.Or(c.method, http.MethodGet), "/ten.txt", header)
	var content bytes.Buffer
	_, _ = content.ReadFrom(answer.Body)
	if answer.StatusCode != c.status || answer.Header.Get("Content-Range") != c.contentRange {
		t.Errorf("status %d, Content-Range %q; want %d, %q", answer.StatusCode, answer.Header.Get("Content-Range"), c.status, c.contentRange)
	}
	if c.status != 412 && c.status != 416 && content.String() != c.content {
		t.Errorf("content %q, want %q", content.String(), c.content)
	}
	want := map[string]string{"Etag": tag, "Last-Modified": stamp, "Cache-Control": "max-age=90"}
	switch c.status {
	case 200, 206:
		want["Accept-Ranges"] = "bytes"
		want["Content-Type"] = "text/plain; charset=utf-8"
		want["Content-Length"] = strconv.Itoa(len(c.content))
		if c.method == http.MethodHead {
			want["Content-Length"] = "10"
		}
	case 412:
		want = map[string]string{"Content-Range": "", "Accept-Ranges": ""}
		if x.reason != "precondition_failed" {
			t.Errorf("reason %q", x.reason)
		}
	case 416:
		want = map[string]string{"Accept-Ranges": "", "Cache-Control": ""}
		if x.reason != "range_not_satisfiable" {
			t.Errorf("reason %q", x.reason)
		}
	}
	for name, value := range want {
		if got := answer.Header.Get(name); got != value {
			t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
}

func TestEmptyFile(t *testing.T) {
	dir := tree(t, map[string]string{"empty.txt": ""})
	h := handler(t, static.Config{Directory: dir})
	for value, want := range map[string]int{"": 200, "bytes=0-": 416, "bytes=-5": 200, "bytes=-0": 416, "bytes=5-": 416} {
		header := http.Header{}
		if value != "" {
			header.Set("Range", value)
		}
		answer, _ := request(h, http.MethodGet, "/empty.txt", header)
		if answer.StatusCode != want || want == 200 && answer.Header.Get("Content-Length") != "0" {
			t.Errorf("Range %q: %d, length %q; want %d", value, answer.StatusCode, answer.Header.Get("Content-Length"), want)
		}
	}
}

func TestFileWithoutATime(t *testing.T) {
	dir := tree(t, map[string]string{"nix.css": "x"})
	touch(t, filepath.Join(dir, "nix.css"), time.Unix(1, 0))
	h := handler(t, static.Config{Directory: dir})
	for _, c := range []struct {
		name, value string
		want        int
	}{
		{"If-Modified-Since", stamp, 200}, {"If-None-Match", `"1-1"`, 200}, {"If-None-Match", "*", 304}, {"If-Unmodified-Since", stamp, 200},
	} {
		answer, _ := request(h, http.MethodGet, "/nix.css", http.Header{c.name: {c.value}})
		if answer.StatusCode != c.want || answer.Header.Get("Etag") != "" || answer.Header.Get("Last-Modified") != "" {
			t.Errorf("%s: %s = %d %v, want %d without validators", c.name, c.value, answer.StatusCode, answer.Header, c.want)
		}
	}
	if answer, _ := request(h, http.MethodGet, "/nix.css", http.Header{"Range": {"bytes=0-0"}, "If-Range": {"Thu, 01 Jan 1970 00:00:01 GMT"}}); answer.StatusCode != 200 {
		t.Errorf("If-Range with a time that says nothing = %d, want 200", answer.StatusCode)
	}
}
