package headers

import (
	"net/http"

	"github.com/appserve/appserve/listeners/variable"
)

// Request changes the header of requests before next sees them. The
// ResponseWriter has to be a variable.Source, or unwrap to one.
func Request(e *Edits, next http.Handler) http.Handler {
	return &requestHandler{edits: e, next: next}
}

type requestHandler struct {
	edits *Edits
	next  http.Handler
}

// ServeHTTP implements http.Handler.
func (h *requestHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	source := sourceOf(w)
	if s, ok := source.(interface{ Proven() variable.Source }); ok {
		source = s.Proven() // an application believes what it is told
	}
	h.edits.Apply(r.Header, source)
	h.next.ServeHTTP(w, r)
}

// sourceOf finds who knows the variables of a request.
func sourceOf(w http.ResponseWriter) variable.Source {
	for {
		if s, ok := w.(variable.Source); ok {
			return s
		}
		u, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			panic("headers: the ResponseWriter knows no variables")
		}
		w = u.Unwrap()
	}
}
