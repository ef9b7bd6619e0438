package static

import (
	"net/http"
	"net/url"
	"strings"
)

// redirect sends the client to the same path with a slash. The target is
// relative, so that it is right behind any proxy that maps the path; and it is
// the client's own spelling, because only that is relative to what it asked for.
func redirect(w http.ResponseWriter, r *http.Request) {
	target := lastSegment(r)
	if target == "" || strings.Contains(target, ":") {
		target = "./" + target // else it reads as a scheme (RFC 3986, 4.2)
	}
	target += "/"
	if r.URL.RawQuery != "" {
		target += "?" + r.URL.RawQuery
	}
	header := w.Header()
	header["Location"] = []string{target}
	header["Content-Length"] = []string{"0"}
	w.WriteHeader(http.StatusMovedPermanently)
}

func lastSegment(r *http.Request) string {
	raw, _, _ := strings.Cut(r.RequestURI, "?")
	raw = raw[strings.LastIndexByte(raw, '/')+1:]
	if raw != "" && isSegment(raw) {
		return raw
	}
	return url.PathEscape(r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:])
}

// isSegment says whether s is a path segment (RFC 3986, 3.3) and nothing
// else, so that it can stand in a Location as it is.
func isSegment(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case strings.IndexByte("-._~!$&'()*+,;=:@%", c) >= 0:
		default:
			return false
		}
	}
	return true
}
