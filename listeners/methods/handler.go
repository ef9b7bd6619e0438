// Package methods owns which request methods a location takes. It refuses to
// answer OPTIONS for an application: an OPTIONS that is not listed gets 405
// like any other method, with the Allow field it asked for.
package methods

import (
	"net/http"
	"slices"
	"strings"
)

const reason = "method_not_allowed"

// failer is what the handler asks of the http.ResponseWriter it is given, or
// of one that it unwraps to.
type failer interface {
	// Fail answers with an error of ours.
	Fail(status int, reason string)
}

// Only passes requests with a listed method to next. GET brings HEAD with it.
// Names are compared as they are: methods have case (RFC 9110, section 9.1).
func Only(list []string, next http.Handler) http.Handler {
	list = slices.Clone(list)
	if slices.Contains(list, http.MethodGet) && !slices.Contains(list, http.MethodHead) {
		list = append(list, http.MethodHead)
	}
	slices.Sort(list)
	list = slices.Compact(list)
	return &only{list: list, allow: []string{strings.Join(list, ", ")}, next: next}
}

type only struct {
	list  []string
	allow []string
	next  http.Handler
}

// ServeHTTP implements http.Handler.
func (h *only) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if slices.Contains(h.list, r.Method) {
		h.next.ServeHTTP(w, r)
		return
	}
	w.Header()["Allow"] = h.allow[:1:1]
	unwrap(w).Fail(http.StatusMethodNotAllowed, reason)
}

func unwrap(w http.ResponseWriter) failer {
	for {
		switch t := w.(type) {
		case failer:
			return t
		case interface{ Unwrap() http.ResponseWriter }:
			w = t.Unwrap()
		default:
			panic("methods: the response writer is not of a listener")
		}
	}
}
