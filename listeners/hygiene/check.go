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

// Check judges method, target form and host of a request of HTTP/1.1 (RFC 9112,
// sections 3 and 3.2; RFC 9110, sections 9.3.6 and 9.3.8), whose version and
// framing the engine has checked.
func Check(r *http.Request) (Request, Refusal) {
	return check(r, r.ProtoMinor == 1)
}

// CheckStream judges a request of HTTP/2 (RFC 9113, sections 8.1.1, 8.2.1 and
// 8.3.1), of which the engine has checked frames, names, and which
// pseudo-fields there are.
func CheckStream(r *http.Request) (Request, Refusal) {
	if !oneHost(r) {
		return Request{}, Refusal{http.StatusBadRequest, badRequest, "Host field is not what :authority says"}
	}
	if detail := malformed(r); detail != "" {
		return Request{}, Refusal{http.StatusBadRequest, badRequest, detail}
	}
	if expect := r.Header["Expect"]; len(expect) > 0 && !strings.EqualFold(expect[0], "100-continue") {
		return Request{}, Refusal{http.StatusExpectationFailed, badRequest, "an expectation other than 100-continue"}
	}
	return check(r, true)
}

func check(r *http.Request, needsHost bool) (Request, Refusal) {
	if r.Method == http.MethodTrace || r.Method == http.MethodConnect {
		return Request{}, Refusal{http.StatusMethodNotAllowed, "method_not_allowed", "method " + r.Method}
	}
	target, detail := originForm(r)
	if detail != "" {
		return Request{}, Refusal{http.StatusBadRequest, badRequest, detail}
	}
	host, ok := Host(r.Host)
	if !ok || r.Host == "" && needsHost {
		return Request{Target: target}, Refusal{http.StatusBadRequest, badRequest, "Host field is no host"}
	}
	return Request{Host: host, Target: target}, Refusal{}
}

// oneHost takes the Host field of a request of HTTP/2, which may stand beside
// :authority, out of its header, and reports whether both say the same.
func oneHost(r *http.Request) bool {
	fields := r.Header["Host"]
	delete(r.Header, "Host")
	return len(fields) == 0 || len(fields) == 1 && strings.EqualFold(fields[0], r.Host)
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
	rest, ok := cutScheme(raw, r.TLS != nil)
	if !ok {
		return "", "request target is neither a path nor a URL of this connection's scheme"
	}
	if r.URL.User != nil {
		return "", "user information in the request target"
	}
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

// cutScheme gives what follows http://, or https:// on a connection with TLS.
func cutScheme(target string, secure bool) (rest string, ok bool) {
	scheme := "http://"
	if secure {
		scheme = "https://"
	}
	if len(target) < len(scheme) || !strings.EqualFold(target[:len(scheme)], scheme) {
		return "", false
	}
	return target[len(scheme):], true
}
