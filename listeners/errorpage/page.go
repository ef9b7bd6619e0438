package errorpage

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/appserve/appserve/listeners/variable"
)

// MaxFile is the largest file that can be a page, in bytes. Pages are kept in
// memory for as long as their generation lives.
const MaxFile = 1 << 20

// Config is one page. Without File and Body it is the built-in page, which
// makes sense with a Status or with Intercept.
type Config struct {
	For         string             // a status ("404") or a class of them ("5xx")
	Declared    string             // where it is configured, for errors; empty: nowhere
	File        string             // read by New, and not again; or
	Body        *variable.Template // rendered for each request, escaped for ContentType; or neither
	ContentType string             // empty: what the name of the file says, else HTML
	Status      int                // what is sent instead; 0: the status as it was
	Intercept   bool               // the application's own answers too
}

// Page is one compiled page. It is safe for concurrent use.
type Page struct {
	contentType string
	content     []byte
	body        *variable.Template // nil: content
	escape      variable.Escape
	status      int
	intercept   bool
}

func newPage(c Config) (*Page, error) {
	p := &Page{contentType: c.ContentType, body: c.Body, status: c.Status, intercept: c.Intercept}
	switch {
	case c.Status != 0 && (c.Status < 200 || c.Status > 599 || c.Status == http.StatusNoContent || c.Status == http.StatusNotModified):
		return nil, fmt.Errorf("status %d cannot carry a page", c.Status)
	case c.File != "" && c.Body != nil:
		return nil, fmt.Errorf("a page has a file or a body, not both")
	}
	if p.contentType == "" {
		p.contentType = typeOf(c.File)
	}
	p.escape = variable.EscapeFor(p.contentType)
	if c.File != "" {
		var err error
		if p.content, err = readFile(c.File); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// readFile takes a regular file of at most MaxFile bytes.
func readFile(name string) ([]byte, error) {
	if info, err := os.Stat(name); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no regular file", name)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, MaxFile+1))
	if err != nil {
		return nil, err
	}
	if len(content) > MaxFile {
		return nil, fmt.Errorf("%s is larger than %d bytes, too large for an error page", name, MaxFile)
	}
	if content == nil {
		content = []byte{}
	}
	return content, nil
}

// typeOf is the content type of a page whose configuration names none: the
// same on every machine.
func typeOf(file string) string {
	switch strings.ToLower(filepath.Ext(file)) {
	case ".json":
		return "application/json"
	case ".txt":
		return "text/plain; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	default:
		return "text/html; charset=utf-8"
	}
}

// Builtin reports that the page has no content of its own.
func (p *Page) Builtin() bool { return p.content == nil && p.body == nil }

// Content gives the page for one request, not to be written to, and its type.
func (p *Page) Content(s variable.Source) (content []byte, contentType string) {
	if p.body == nil {
		return p.content, p.contentType
	}
	return p.body.Append(make([]byte, 0, 1024), s, p.escape), p.contentType
}

// Status is what is sent for an answer of a status.
func (p *Page) Status(status int) int {
	if p.status != 0 {
		return p.status
	}
	return status
}

// Intercepts reports whether the page takes the place of what an application
// answers itself.
func (p *Page) Intercepts() bool { return p.intercept }

// parseFor reads "404" and "5xx".
func parseFor(s string) (status, class int, err error) {
	if len(s) == 3 && strings.HasSuffix(s, "xx") && (s[0] == '4' || s[0] == '5') {
		return 0, int(s[0] - '0'), nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || len(s) != 3 || n < 400 || n > 599 {
		return 0, 0, fmt.Errorf("%q is neither a status from 400 to 599 nor 4xx or 5xx", s)
	}
	return n, 0, nil
}
