package static

import (
	"net/http"
	"strconv"
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

// validators identify what is in a file. Without a time in the file there are none.
type validators struct {
	tag      string    // strong, spelled as nginx spells it
	modified time.Time // whole seconds
}

func newValidators(e entry) validators {
	if e.modified.IsZero() {
		return validators{}
	}
	tag := make([]byte, 0, 32)
	tag = append(tag, '"')
	tag = strconv.AppendInt(tag, e.modified.Unix(), 16)
	tag = append(tag, '-')
	tag = strconv.AppendInt(tag, e.size, 16)
	tag = append(tag, '"')
	return validators{tag: string(tag), modified: e.modified}
}

func (v validators) known() bool { return v.tag != "" }

// evaluate applies the preconditions of GET and HEAD in the order of RFC 9110, 13.2.2.
func (v validators) evaluate(r *http.Request) outcome {
	if values := r.Header["If-Match"]; len(values) > 0 {
		if !v.matches(values, true) {
			return failed
		}
	} else if since, ok := date(r, "If-Unmodified-Since"); ok && v.known() && v.modified.After(since) {
		return failed
	}
	if values := r.Header["If-None-Match"]; len(values) > 0 {
		if v.matches(values, false) {
			return unchanged
		}
	} else if since, ok := date(r, "If-Modified-Since"); ok && v.known() && !v.modified.After(since) {
		return unchanged
	}
	return proceed
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
