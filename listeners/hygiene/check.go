// Package hygiene owns what a request must look like before anything else sees
// it, and what is taken out of its header. It works on parsed requests only:
// it refuses to look at bytes, which belong to the one HTTP parser.
package hygiene

import (
	"net/http"
	"strings"
)

// Refusal says why a request is answered by us, and how. A Status of 0 is no refusal.
type Refusal struct {
	Status int
	Reason string // for $reason
	Detail string // for our own log
}

// Request is what Check found out about a request.
type Request struct {
	Host   string // lower case, without port and without a dot at its end; empty when the client named none
	Target string // origin-form: what follows the authority in an absolute-form target
}

// AllowedMethods stands in the Allow field of a 405 for a method that no location can have.
const AllowedMethods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"

const badRequest = "bad_request"

// Check judges version, method, target form and host (RFC 9112, sections 2.3,
// 3 and 3.2; RFC 9110, sections 9.3.6 and 9.3.8).
func Check(r *http.Request) (Request, Refusal) {
	if r.ProtoMajor != 1 || r.ProtoMinor > 1 {
		return Request{}, Refusal{http.StatusHTTPVersionNotSupported, badRequest, "HTTP version " + r.Proto}
	}
	if r.Method == http.MethodTrace || r.Method == http.MethodConnect {
		return Request{}, Refusal{http.StatusMethodNotAllowed, "method_not_allowed", "method " + r.Method}
	}
	target, detail := originForm(r)
	if detail != "" {
		return Request{}, Refusal{http.StatusBadRequest, badRequest, detail}
	}
	host, ok := Host(r.Host)
	if !ok || r.Host == "" && r.ProtoMinor == 1 {
		return Request{Target: target}, Refusal{http.StatusBadRequest, badRequest, "Host field is no host"}
	}
	return Request{Host: host, Target: target}, Refusal{}
}

// originForm gives the origin-form of the target, or "*" for OPTIONS.
func originForm(r *http.Request) (target, detail string) {
	raw := r.RequestURI
	switch {
	case raw == "":
		return "", "empty request target"
	case strings.IndexByte(raw, '#') >= 0:
		return "", "fragment in the request target"
	case raw[0] == '/':
		return raw, ""
	case raw == "*" && r.Method == http.MethodOptions:
		return raw, ""
	}
	if len(raw) < 7 || !strings.EqualFold(raw[:7], "http://") {
		return "", "request target is neither a path nor http://"
	}
	if r.URL.User != nil {
		return "", "user information in the request target"
	}
	rest := raw[7:]
	end := strings.IndexAny(rest, "/?")
	switch {
	case end < 0:
		return "/", ""
	case rest[end] == '?':
		return "/" + rest[end:], ""
	default:
		return rest[end:], ""
	}
}
