package static_test

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/appserve/appserve/listeners/static"
)

// thousand is a content of 1,000 bytes of which every ten say where they are.
func thousand() string {
	var b strings.Builder
	for i := range 100 {
		b.WriteString(strconv.Itoa(1000 + i)[1:] + ":-----\n")
	}
	return b.String()
}

// multiCase is a request for several ranges of thousand bytes.
type multiCase struct {
	name   string
	value  string
	header map[string]string
	status int
	// parts are what comes, "first-last"; one is no multipart; none: the whole
	// file, or nothing of it when the status says so.
	parts []string
}

var multiCases = []multiCase{
	{name: "14.6 two parts", value: "bytes=0-9,500-509", status: 206, parts: []string{"0-9", "500-509"}},
	{name: "14.6 in the order of the request", value: "bytes=500-509, 0-9", status: 206, parts: []string{"500-509", "0-9"}},
	{name: "14.6 a suffix and an open end", value: "bytes=0-0,-1", status: 206, parts: []string{"0-0", "999-999"}},
	{name: "14.6 three parts", value: "bytes=100-109,300-309,900-", status: 206, parts: []string{"100-109", "300-309", "900-999"}},
	{name: "14.6 sixteen parts", value: "bytes=0-0" + some(15, 62), status: 206, parts: []string{"0-930"}},
	{name: "14.2 seventeen are too many", value: "bytes=0-0" + some(16, 62), status: 200},
	{name: "14.2 one of three is outside", value: "bytes=0-9,2000-,500-509", status: 206, parts: []string{"0-9", "500-509"}},
	{name: "14.2 all but one are outside", value: "bytes=2000-,0-9,3000-", status: 206, parts: []string{"0-9"}},
	{name: "14.2 all are outside", value: "bytes=2000-,3000-,1000-", status: 416},
	{name: "14.1.1 one is malformed", value: "bytes=0-9,9-0", status: 200},
	{name: "17.15 overlapping ones are one", value: "bytes=100-199,150-249", status: 206, parts: []string{"100-249"}},
	{name: "17.15 one inside the other", value: "bytes=100-299,150-159", status: 206, parts: []string{"100-299"}},
	{name: "17.15 the same twice", value: "bytes=100-109,100-109", status: 206, parts: []string{"100-109"}},
	{name: "17.15 together more than the file", value: "bytes=0-,1-", status: 200},
	{name: "17.15 the whole file again and again", value: "bytes=0-,0-,0-,0-", status: 200},
	{name: "15.3.7.2 adjacent ones are one", value: "bytes=100-199,200-299", status: 206, parts: []string{"100-299"}},
	{name: "15.3.7.2 a gap shorter than a head", value: "bytes=100-109,189-199", status: 206, parts: []string{"100-199"}},
	{name: "15.3.7.2 a gap as long as a head", value: "bytes=100-109,190-199", status: 206, parts: []string{"100-109", "190-199"}},
	{name: "15.3.7.2 a third joins two", value: "bytes=100-109,300-309,110-299", status: 206, parts: []string{"100-309"}},
	{name: "15.3.7.2 joined out of order", value: "bytes=500-509,100-109,510-519", status: 206, parts: []string{"500-519", "100-109"}},
	{name: "13.1.5 If-Range with the tag", value: "bytes=0-9,500-509", header: map[string]string{"If-Range": `"6b02bd20-3e8"`}, status: 206, parts: []string{"0-9", "500-509"}},
	{name: "13.1.5 If-Range with another", value: "bytes=0-9,500-509", header: map[string]string{"If-Range": `"x"`}, status: 200},
	{name: "13.1.5 If-Range with the date", value: "bytes=0-9,500-509", header: map[string]string{"If-Range": stamp}, status: 206, parts: []string{"0-9", "500-509"}},
	{name: "13.2.2 If-None-Match first", value: "bytes=0-9,500-509", header: map[string]string{"If-None-Match": `"6b02bd20-3e8"`}, status: 304},
}

// some are n more single bytes, each step bytes behind the one before.
func some(n, step int) string {
	var b strings.Builder
	for i := range n {
		at := strconv.Itoa((i + 1) * step)
		b.WriteString("," + at + "-" + at)
	}
	return b.String()
}

func TestSeveralRanges(t *testing.T) {
	dir := tree(t, map[string]string{"k.txt": thousand()})
	modified, err := http.ParseTime(stamp)
	if err != nil {
		t.Fatal(err)
	}
	touch(t, filepath.Join(dir, "k.txt"), modified)
	for name, h := range everyWay(t, static.Config{Directory: dir, Charset: "utf-8"}) {
		for _, c := range multiCases {
			t.Run(c.name+", "+name, func(t *testing.T) { c.check(t, h) })
		}
	}
}

func (c multiCase) check(t *testing.T, h http.Handler) {
	header := http.Header{"Range": {c.value}}
	for name, value := range c.header {
		header.Set(name, value)
	}
	answer, _ := request(h, http.MethodGet, "/k.txt", header)
	content, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != c.status {
		t.Fatalf("status %d, %v; want %d", answer.StatusCode, err, c.status)
	}
	if c.status == http.StatusRequestedRangeNotSatisfiable {
		return // a page of ours
	}
	if answer.Header.Get("Etag") != `"6b02bd20-3e8"` {
		t.Errorf("tag %q", answer.Header.Get("Etag"))
	}
	whole := thousand()
	switch {
	case c.status == 206 && len(c.parts) > 1:
		c.checkParts(t, answer.Header, content)
		return
	case c.status == 206:
		whole = checkPart(t, c.parts[0], answer.Header.Get("Content-Range"))
	case c.status == 304:
		whole = ""
	}
	if string(content) != whole {
		t.Errorf("%d bytes, want %d", len(content), len(whole))
	}
}

func (c multiCase) checkParts(t *testing.T, header http.Header, content []byte) {
	kind, parameters, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || kind != "multipart/byteranges" || header.Get("Content-Range") != "" {
		t.Fatalf("header %v", header)
	}
	if got := header.Get("Content-Length"); got != strconv.Itoa(len(content)) {
		t.Errorf("Content-Length %s for %d bytes", got, len(content))
	}
	parts := multipart.NewReader(bytes.NewReader(content), parameters["boundary"])
	for _, want := range c.parts {
		part, err := parts.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(part)
		if err != nil || string(text) != checkPart(t, want, part.Header.Get("Content-Range")) || part.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
			t.Errorf("part %v %q, %v; want %s", part.Header, text, err, want)
		}
	}
	if _, err := parts.NextPart(); err != io.EOF {
		t.Errorf("after the last part: %v", err)
	}
}

// checkPart holds a Content-Range against "first-last" and returns what is there.
func checkPart(t *testing.T, want, contentRange string) string {
	t.Helper()
	if contentRange != "bytes "+want+"/1000" {
		t.Errorf("Content-Range %q, want %s", contentRange, want)
	}
	before, after, _ := strings.Cut(want, "-")
	first, err := strconv.Atoi(before)
	if err != nil {
		t.Fatal(err)
	}
	last, err := strconv.Atoi(after)
	if err != nil {
		t.Fatal(err)
	}
	return thousand()[first : last+1]
}

func TestSeveralRangesOfACodedFile(t *testing.T) {
	dir := tree(t, map[string]string{"a.css": thousand(), "a.css.gz": thousand()[:500]})
	now := time.Now()
	touch(t, filepath.Join(dir, "a.css"), now)
	touch(t, filepath.Join(dir, "a.css.gz"), now)
	h := handler(t, static.Config{Directory: dir, Precompressed: []string{"gzip"}})
	answer, _ := request(h, http.MethodGet, "/a.css", http.Header{"Range": {"bytes=0-9,300-309"}, "Accept-Encoding": {"gzip"}})
	content, _ := io.ReadAll(answer.Body)
	if answer.StatusCode != 200 || string(content) != thousand()[:500] || answer.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("status %d, %d bytes, %v: what a multipart of a coded file means, clients disagree about", answer.StatusCode, len(content), answer.Header)
	}
}
