package methods

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

type writer struct {
	*httptest.ResponseRecorder
	reason string
}

func (w *writer) Fail(status int, reason string) {
	w.reason = reason
	w.WriteHeader(status)
}

type wrapped struct{ http.ResponseWriter }

func (w wrapped) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func TestOnly(t *testing.T) {
	next := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) })
	for _, c := range []struct {
		list   []string
		method string
		allow  string // of the 405; empty: the request passes
	}{
		{[]string{"POST", "GET"}, "GET", ""},
		{[]string{"POST", "GET"}, "HEAD", ""},
		{[]string{"POST", "GET"}, "POST", ""},
		{[]string{"POST", "GET"}, "PUT", "GET, HEAD, POST"},
		{[]string{"POST", "GET"}, "OPTIONS", "GET, HEAD, POST"},
		{[]string{"POST", "GET"}, "get", "GET, HEAD, POST"},
		{[]string{"HEAD", "GET", "GET"}, "PATCH", "GET, HEAD"},
		{[]string{"POST"}, "HEAD", "POST"},
		{[]string{"OPTIONS", "PROPFIND"}, "OPTIONS", ""},
		{[]string{"OPTIONS", "PROPFIND"}, "PROPFIND", ""},
	} {
		w := &writer{ResponseRecorder: httptest.NewRecorder()}
		Only(c.list, next).ServeHTTP(wrapped{w}, httptest.NewRequest(c.method, "/", nil))
		status, reason := http.StatusAccepted, ""
		if c.allow != "" {
			status, reason = http.StatusMethodNotAllowed, "method_not_allowed"
		}
		if w.Code != status || w.Header().Get("Allow") != c.allow || w.reason != reason {
			t.Errorf("%v %s: %d, Allow %q, reason %q", c.list, c.method, w.Code, w.Header().Get("Allow"), w.reason)
		}
	}
}
