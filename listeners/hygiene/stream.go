package hygiene

import (
	"net/http"
	"strconv"
	"strings"
)

// malformed says what makes a request of HTTP/2 malformed; "" when nothing
// does. In HTTP/1.1 none of it could be written down.
func malformed(r *http.Request) string {
	switch {
	case !isToken(r.Method):
		return ":method is no token"
	case r.Method != http.MethodConnect && r.RequestURI != "*" && (r.RequestURI == "" || r.RequestURI[0] != '/'):
		return ":path is no path"
	case strings.ContainsFunc(r.RequestURI, func(c rune) bool { return c <= ' ' || c == 0x7f }):
		return "a blank or a control character in :path"
	case !oneLength(r):
		return "Content-Length is not what follows"
	}
	for _, values := range r.Header {
		for _, v := range values {
			if v != "" && (isBlank(v[0]) || isBlank(v[len(v)-1])) {
				return "a field value with blanks around it"
			}
		}
	}
	return ""
}

// oneLength reports whether Content-Length, if there is one, is said once, and
// is the length that the engine goes by: it believes the first of several, and
// none where the head is all there is.
func oneLength(r *http.Request) bool {
	fields := r.Header["Content-Length"]
	if len(fields) == 0 {
		return true
	}
	n, err := strconv.ParseUint(fields[0], 10, 63)
	return len(fields) == 1 && err == nil && int64(n) == r.ContentLength
}

// isToken takes what RFC 9110, section 5.6.2 calls a token.
func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0:
		default:
			return false
		}
	}
	return s != ""
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }
