package cors

import "net/http"

// Preflight answers preflight requests with 204 and passes everything else to
// next. One of an origin that may not call gets the same status without the
// fields that a browser looks for. What Mark writes is left to Mark.
func (p *Policy) Preflight(next http.Handler) http.Handler {
	return &preflight{policy: p, next: next}
}

type preflight struct {
	policy *Policy
	next   http.Handler
}

// ServeHTTP implements http.Handler.
func (h *preflight) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodOptions || len(r.Header["Origin"]) == 0 || len(r.Header["Access-Control-Request-Method"]) == 0 {
		h.next.ServeHTTP(w, r)
		return
	}
	header := w.Header()
	if h.policy.Allowed(r.Header) != nil {
		set(header, "Access-Control-Allow-Methods", h.policy.methods)
		set(header, "Access-Control-Allow-Headers", h.policy.headers)
		set(header, "Access-Control-Max-Age", h.policy.maxAge)
	}
	// Some caches keep answers to OPTIONS, though they should not (RFC 9110, section 9.3.7).
	header["Vary"] = []string{"Access-Control-Request-Method, Access-Control-Request-Headers"}
	w.WriteHeader(http.StatusNoContent)
}

func set(header http.Header, name string, value []string) {
	if value != nil {
		header[name] = value[:len(value):len(value)]
	}
}
