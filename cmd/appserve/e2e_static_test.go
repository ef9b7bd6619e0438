package main

import (
	"mime"
	"mime/multipart"
	"strings"
	"testing"
	"time"
)

const staticFiles = `
appserve {
  allow_root = true
}
listener "http" { address = "$ADDRESS" }
site "files" {
  response_headers {
    set = { "X-From" = "site" }
  }
  location "/" {
    static {
      directory = "$FOLDER/files"
      max_age   = "1h"
      files "**/*.map" { deny = true }
      files "downloads/**" {
        cache_control = "no-cache"
        response_headers {
          set = { "X-From" = "files of $host", "Content-Disposition" = "attachment" }
        }
      }
    }
  }
  location "/pub" {
    static {
      directory = "$FOLDER/files/pub"
      autoindex = true
    }
  }
}
`

// newStaticInstance serves a folder with a file of each kind.
func newStaticInstance(t *testing.T) *instance {
	s := newInstance(t)
	s.write("files/site.css", strings.Repeat("body{}\n", 100))
	s.write("files/site.css.br", "brotli")
	s.write("files/site.css.gz", "gzip")
	s.write("files/assets/index-BX9yPq3Z.js", "script")
	s.write("files/assets/index-BX9yPq3Z.js.map", "map")
	s.write("files/downloads/a.bin", strings.Repeat("0123456789", 30_000))
	s.write("files/pub/folder/x.txt", "x")
	s.write("files/pub/a.txt", "a")
	s.configure(staticFiles)
	s.start()
	s.waitLog(`appserve: serving`)
	return s
}

func TestStatic_FilesOfAllKinds(t *testing.T) {
	t.Parallel()
	s := newStaticInstance(t)
	for _, c := range []struct {
		path, field string
		status      int
		header      map[string]string
		content     string // how it begins
	}{
		{"/site.css", "Accept-Encoding: gzip, br", 200, map[string]string{"Content-Encoding": "br", "Vary": "Accept-Encoding", "Cache-Control": "max-age=3600",
			"Content-Type": "text/css; charset=utf-8", "Content-Length": "6", "X-From": "site"}, "brotli"},
		{"/site.css", "Accept-Encoding: identity", 200, map[string]string{"Content-Encoding": "", "Vary": "Accept-Encoding", "Content-Length": "700"}, "body{}"},
		{"/site.css", "Accept-Encoding: br;q=0, gzip", 200, map[string]string{"Content-Encoding": "gzip"}, "gzip"},
		{"/assets/index-BX9yPq3Z.js", "Accept: */*", 200, map[string]string{"Cache-Control": "public, max-age=31536000, immutable", "X-From": "site"}, "script"},
		{"/assets/index-BX9yPq3Z.js", "If-None-Match: *", 304, map[string]string{"Cache-Control": "public, max-age=31536000, immutable"}, ""},
		{"/assets/index-BX9yPq3Z.js.map", "Accept: */*", 403, map[string]string{"Cache-Control": "no-store", "X-From": "site"}, "403"},
		{"/downloads/a.bin", "Accept: */*", 200, map[string]string{"Cache-Control": "no-cache", "Content-Disposition": "attachment", "X-From": "files of 127.0.0.1", "Content-Length": "300000"}, "0123456789"},
		{"/downloads/a.bin", "Range: bytes=299995-", 206, map[string]string{"Content-Range": "bytes 299995-299999/300000", "X-From": "files of 127.0.0.1"}, "56789"},
		{"/downloads/a.bin", "Range: bytes=300000-", 416, map[string]string{"Content-Range": "bytes */300000"}, ""},
		{"/pub/", "Accept: application/json", 200, map[string]string{"Content-Type": "application/json", "Vary": "Accept"}, `{"entries":[{"name":"folder","type":"folder"`},
		{"/pub/", "Accept: text/html", 200, map[string]string{"Content-Type": "text/html; charset=utf-8"}, "<!doctype html>"},
		{"/pub/folder", "Accept: text/html", 301, map[string]string{"Location": "folder/"}, ""},
		{"/downloads/", "Accept: text/html", 404, nil, ""},
	} {
		for range 2 { // the second one is answered from what the first one found
			answer, content := s.call("GET", c.path, c.field)
			if answer.StatusCode != c.status || !strings.HasPrefix(content, c.content) {
				t.Errorf("%s, %s: %s %.80q, want %d %q", c.path, c.field, answer.Status, content, c.status, c.content)
			}
			for name, want := range c.header {
				if got := answer.Header.Get(name); got != want {
					t.Errorf("%s, %s: %s is %q, want %q", c.path, c.field, name, got, want)
				}
			}
		}
	}
	answer, content := s.call("GET", "/downloads/a.bin", "Range: bytes=0-4,200005-200009")
	_, parameters, err := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	form, err := multipart.NewReader(strings.NewReader(content), parameters["boundary"]).NextPart()
	if err != nil || answer.StatusCode != 206 || form.Header.Get("Content-Range") != "bytes 0-4/300000" {
		t.Errorf("several ranges: %s %v, %v", answer.Status, answer.Header, err)
	}
}

func TestStatic_AChangeIsSeenWithinASecond(t *testing.T) {
	t.Parallel()
	s := newStaticInstance(t)
	s.expect("/pub/a.txt", 200, "a")
	s.expect("/pub/later.txt", 404, "")
	s.write("files/pub/a.txt", "another")
	s.write("files/pub/later.txt", "later")
	time.Sleep(time.Second) // what is promised; nothing tells when it is over
	s.expect("/pub/a.txt", 200, "another")
	s.expect("/pub/later.txt", 200, "later")
	_, content := s.call("GET", "/pub/", "Accept: application/json")
	if !strings.Contains(content, `"later.txt"`) {
		t.Errorf("listing %s", content)
	}
	s.reload()
	s.expect("/pub/a.txt", 200, "another")
}
