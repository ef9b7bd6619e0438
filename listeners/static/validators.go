package static

import (
	"net/http"
	"strings"
	"time"
)

// outcome of the preconditions of a request (RFC 9110, 13.2).
type outcome int

const (
	proceed   outcome = iota
	unchanged         // 304
	failed            // 412
)

// validators identify what is in a file: by a tag, most often by a date too.
// Without a time in the file there are none.
type validators struct {
	tag          string    // strong
	modified     time.Time // whole seconds
	lastModified []string  // modified as a header field says it
}

func (v validators) known() bool { return v.tag != "" }

func (v validators) dated() bool { return len(v.lastModified) > 0 }

// evaluate applies the preconditions of GET and HEAD in the order of RFC 9110, 13.2.2.
func (v validators) evaluate(r *http.Request) outcome {
	if values := r.Header["If-Match"]; len(values) > 0 {
		if !v.matches(values, true) {
			return failed
		}
	} else if since, ok := date(r, "If-Unmodified-Since"); ok && v.dated() && v.modified.After(since) {
		return failed
	}
	if values := r.Header["If-None-Match"]; len(values) > 0 {
		if v.matches(values, false) {
			return unchanged
		}
	} else if v.dated() && v.unmodified(r) {
		return unchanged
	}
	return proceed
}

// unmodified compares with If-Modified-Since. A client sends back what it was
// sent, so that there is seldom a date to be read.
func (v validators) unmodified(r *http.Request) bool {
	if values := r.Header["If-Modified-Since"]; len(values) == 1 && values[0] == v.lastModified[0] {
		return true
	}
	since, ok := date(r, "If-Modified-Since")
	return ok && !v.modified.After(since)
}

// ifRange says whether a Range applies (RFC 9110, 13.1.5): there is no
// If-Range, or it names exactly this content.
func (v validators) ifRange(r *http.Request) bool {
	values := r.Header["If-Range"]
	switch {
	case len(values) == 0:
		return true
	case len(values) > 1 || !v.known():
		return false
	case strings.HasPrefix(values[0], `"`):
		return values[0] == v.tag
	case !v.dated():
		return false
	}
	if values[0] == v.lastModified[0] {
		return true
	}
	since, err := http.ParseTime(values[0]) // W/"..." is no date either: never strong
	return err == nil && v.modified.Equal(since)
}

// matches compares the list of If-Match (strong: a weak tag never matches) or
// If-None-Match (RFC 9110, 8.8.3.2). "*" matches any file. What is not a list
// of entity tags matches as far as it was one.
func (v validators) matches(values []string, strong bool) bool {
	if len(values) == 1 && strings.Trim(values[0], " \t") == "*" {
		return true
	}
	for _, list := range values {
		for {
			list = strings.TrimLeft(list, " \t,")
			opaque, weak := strings.CutPrefix(list, "W/")
			end := tagEnd(opaque)
			if end == 0 {
				break
			}
			if v.known() && opaque[:end] == v.tag && !(strong && weak) {
				return true
			}
			list = strings.TrimLeft(opaque[end:], " \t")
			if list != "" && list[0] != ',' {
				break
			}
		}
	}
	return false
}

// tagEnd returns the length of the quoted part of an entity tag at the start of s, 0 when there is none.
func tagEnd(s string) int {
	if s == "" || s[0] != '"' {
		return 0
	}
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return i + 1
		case c < 0x21, c == 0x7f:
			return 0
		}
	}
	return 0
}

// date reads a header with a date; what is no date counts as absent.
func date(r *http.Request, name string) (time.Time, bool) {
	values := r.Header[name]
	if len(values) != 1 {
		return time.Time{}, false
	}
	t, err := http.ParseTime(values[0])
	return t, err == nil
}
