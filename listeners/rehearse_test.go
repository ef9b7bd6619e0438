package listeners

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/appserve/appserve/listeners/exchange"
)

func TestRehearse(t *testing.T) {
	var seen string
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r.URL.Path
		w.WriteHeader(http.StatusAccepted)
	})
	routes, err := NewRoutes([]Site{{
		Name: "x", Listeners: []string{"http"}, Hosts: []string{"www.example.com"},
		Locations: []Location{{Path: "/a", Handler: handler}},
	}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		listener, url, path string
		status              int
		reason              string
	}{
		{"http", "http://www.example.com/a/%62", "/a/b", http.StatusAccepted, ""},
		{"http", "http://www.example.com/b", "", http.StatusNotFound, exchange.ReasonNoLocation},
		{"http", "http://www.example.org/a", "", http.StatusNotFound, exchange.ReasonNoSite},
		{"other", "http://www.example.com/a", "", http.StatusNotFound, exchange.ReasonNoSite},
	} {
		seen = ""
		w := httptest.NewRecorder()
		request := httptest.NewRequest(http.MethodGet, c.url, nil)
		request.RequestURI = request.URL.RequestURI()
		var reason string
		routes.Rehearse(c.listener, &exchange.Peer{Scheme: "http"}, w, request, func(x *exchange.Exchange) { reason = x.Reason() })
		if w.Code != c.status || reason != c.reason || seen != c.path {
			t.Errorf("%s on %s: %d %q, path %q; want %+v", c.url, c.listener, w.Code, reason, seen, c)
		}
	}
}
