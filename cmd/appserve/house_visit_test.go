package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// visitor is one browser: it keeps cookies, follows nothing by itself, and
// remembers what it was answered, to compare with the access log.
type visitor struct {
	t      *testing.T
	s      *instance
	client *http.Client
	seen   []string // `GET /admin/ 302 0`, in order
}

func newVisitor(t *testing.T, s *instance) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := *s.client
	client.Jar = jar
	return &visitor{t: t, s: s, client: &client}
}

// answer is a response that was read to its end.
type answer struct {
	*http.Response
	body []byte
}

func (v *visitor) get(target string, status int) *answer {
	v.t.Helper()
	return v.send(http.MethodGet, target, "", nil, status)
}

// post sends a form and expects to be sent on.
func (v *visitor) post(target string, fields url.Values) *answer {
	v.t.Helper()
	return v.send(http.MethodPost, target, "application/x-www-form-urlencoded", strings.NewReader(fields.Encode()), http.StatusFound)
}

func (v *visitor) send(method, target, contentType string, body io.Reader, status int) *answer {
	v.t.Helper()
	request, err := http.NewRequest(method, v.s.url(target), body)
	if err != nil {
		v.t.Fatal(err)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	response, err := v.client.Do(request)
	if err != nil {
		v.t.Fatalf("%s %s: %v", method, target, err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		v.t.Fatalf("%s %s: reading the body: %v", method, target, err)
	}
	if response.StatusCode != status {
		v.t.Fatalf("%s %s: %s, want %d\n%.500s", method, target, response.Status, status, content)
	}
	v.seen = append(v.seen, fmt.Sprintf("%s %s %d %d", method, target, status, len(content)))
	return &answer{response, content}
}

var tokenPattern = regexp.MustCompile(`name="csrfmiddlewaretoken" value="([^"]+)"`)

// token is the CSRF token of a page with a form.
func (v *visitor) token(page *answer) string {
	v.t.Helper()
	match := tokenPattern.FindSubmatch(page.body)
	if match == nil {
		v.t.Fatalf("no CSRF token in\n%s", page.body)
	}
	return string(match[1])
}

var (
	namedInPage  = regexp.MustCompile(`(?:href|src)="(/static/[^"]+)"`)
	namedInStyle = regexp.MustCompile(`url\(["']?([^"')]+)["']?\)`)
)

// fetchAssets gets everything a page names, and everything that its
// stylesheets name: all of it comes from the static location.
func (v *visitor) fetchAssets(page *answer) {
	v.t.Helper()
	var wanted, fetched []string
	for _, match := range namedInPage.FindAllSubmatch(page.body, -1) {
		wanted = append(wanted, string(match[1]))
	}
	for len(wanted) > 0 {
		target := wanted[0]
		wanted = wanted[1:]
		if slices.Contains(fetched, target) {
			continue
		}
		fetched = append(fetched, target)
		asset := v.get(target, http.StatusOK)
		if cached := asset.Header.Get("Cache-Control"); cached != "public, max-age=31536000, immutable" { // all names have a hash
			v.t.Errorf("%s was not served by the static location: Cache-Control is %q", target, cached)
		}
		if path.Ext(target) == ".css" {
			for _, match := range namedInStyle.FindAllSubmatch(asset.body, -1) {
				wanted = append(wanted, path.Join(path.Dir(target), string(match[1])))
			}
		}
	}
	for _, ending := range []string{".css", ".js", ".svg", ".woff2"} {
		if !slices.ContainsFunc(fetched, func(name string) bool { return path.Ext(name) == ending }) {
			v.t.Errorf("the page names no %s: %v", ending, fetched)
		}
	}
}

// upload sends a document and reads it back, from the media location and through Python.
func (v *visitor) upload(size int) {
	v.t.Helper()
	content := make([]byte, size)
	_, _ = rand.Read(content) // never fails
	var form bytes.Buffer
	fields := multipart.NewWriter(&form)
	_ = fields.WriteField("csrfmiddlewaretoken", v.token(v.get("/documents/", http.StatusOK)))
	_ = fields.WriteField("title", "Beans")
	file, err := fields.CreateFormFile("file", "beans.zip")
	if err != nil {
		v.t.Fatal(err)
	}
	_, _ = file.Write(content)
	_ = fields.Close() // a bytes.Buffer takes everything
	v.send(http.MethodPost, "/documents/", fields.FormDataContentType(), &form, http.StatusFound)
	list := v.get("/documents/", http.StatusOK)
	for _, pattern := range []string{`href="(/media/[^"]+)"`, `href="(/documents/\d+/)"`} {
		link := regexp.MustCompile(pattern).FindSubmatch(list.body)
		if link == nil {
			v.t.Fatalf("no link %s in\n%s", pattern, list.body)
		}
		if kept := v.get(string(link[1]), http.StatusOK); !bytes.Equal(kept.body, content) {
			v.t.Errorf("%s is not what was uploaded: %d bytes, want %d", link[1], len(kept.body), size)
		}
	}
}

var combinedPattern = regexp.MustCompile(`(?m)"([A-Z]+) (\S+) HTTP/1\.1" (\d+) (\d+) `)

// checkAccessLog compares what the visitor saw with what was logged.
func (v *visitor) checkAccessLog() {
	v.t.Helper()
	if len(v.seen) < 16 {
		v.t.Errorf("a visit of %d requests, want at least 16", len(v.seen))
	}
	eventually(v.t, 10*time.Second, func() string {
		var logged []string
		for _, match := range combinedPattern.FindAllStringSubmatch(v.s.access.text(), -1) {
			logged = append(logged, strings.Join(match[1:], " "))
		}
		if !slices.Equal(logged, v.seen) {
			return fmt.Sprintf("the access log says\n%s\nthe visitor saw\n%s", strings.Join(logged, "\n"), strings.Join(v.seen, "\n"))
		}
		return ""
	})
}

// visit is an afternoon of a barista: the shop, the login, the admin, a document of 20 MiB.
func (v *visitor) visit() {
	v.t.Helper()
	v.get("/", http.StatusOK)
	if to := v.get("/admin/", http.StatusFound).Header.Get("Location"); to != "/admin/login/?next=/admin/" {
		v.t.Errorf("/admin/ sends to %q", to)
	}
	page := v.get("/admin/login/?next=/admin/", http.StatusOK)
	v.fetchAssets(page)
	v.post("/admin/login/?next=/admin/", url.Values{"username": {"barista"}, "password": {"crema"},
		"next": {"/admin/"}, "csrfmiddlewaretoken": {v.token(page)}})
	if index := v.get("/admin/", http.StatusOK); !bytes.Contains(index.body, []byte("Log out")) {
		v.t.Errorf("the admin does not know the barista:\n%s", index.body)
	}
	v.upload(20 << 20)
	v.get("/orders.csv", http.StatusOK)
	v.checkAccessLog()
}
