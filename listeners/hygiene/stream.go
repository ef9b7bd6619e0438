package hygiene

import (
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// malformed says what makes a request of HTTP/2 malformed; "" when nothing
// does. In HTTP/1.1 none of it could be written down.
func malformed(r *http.Request) string {
	switch {
	case !httpguts.ValidHeaderFieldName(r.Method): // a token is a token
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

func isBlank(c byte) bool { return c == ' ' || c == '\t' }
