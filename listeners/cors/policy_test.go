package cors

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func policy(t *testing.T, c Config) *Policy {
	t.Helper()
	p, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// answer runs a request through a policy as an exchange does.
func answer(p *Policy, method string, request, app http.Header) *httptest.ResponseRecorder {
	next := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for name, values := range app {
			w.Header()[name] = values
		}
		w.WriteHeader(http.StatusTeapot)
	})
	r := httptest.NewRequest(method, "/", nil)
	r.Header = request
	w := &marking{ResponseRecorder: httptest.NewRecorder(), policy: p, request: request}
	p.Preflight(next).ServeHTTP(w, r)
	return w.ResponseRecorder
}

// marking is what an exchange does of it: Mark before the head leaves.
type marking struct {
	*httptest.ResponseRecorder
	policy  *Policy
	request http.Header
}

func (m *marking) WriteHeader(status int) {
	m.policy.Mark(m.Header(), m.policy.Allowed(m.request))
	m.ResponseRecorder.WriteHeader(status)
}

func TestPolicy(t *testing.T) {
	listed := Config{Origins: []string{"https://a.example", "http://localhost:5173"}, Headers: []string{"X-Token", "Content-Type"}, Methods: []string{"GET", "PUT"}, MaxAge: 10 * time.Minute}
	personal := listed
	personal.Credentials = true
	open := Config{Origins: []string{"*"}, Methods: []string{"GET"}}
	asks := func(origin string) http.Header {
		return http.Header{"Origin": {origin}, "Access-Control-Request-Method": {"PUT"}}
	}
	const preflightVary = "Access-Control-Request-Method, Access-Control-Request-Headers"
	for _, c := range []struct {
		name, method string
		config       Config
		request, app http.Header
		status       int
		want         http.Header
	}{
		{"preflight", "OPTIONS", listed, asks("https://a.example"), nil, 204, http.Header{
			"Access-Control-Allow-Origin": {"https://a.example"}, "Access-Control-Allow-Methods": {"GET, PUT"},
			"Access-Control-Allow-Headers": {"X-Token, Content-Type"}, "Access-Control-Max-Age": {"600"}, "Vary": {preflightVary + ", Origin"},
		}},
		{"preflight with credentials", "OPTIONS", personal, asks("http://localhost:5173"), nil, 204, http.Header{
			"Access-Control-Allow-Origin": {"http://localhost:5173"}, "Access-Control-Allow-Credentials": {"true"}, "Access-Control-Allow-Methods": {"GET, PUT"},
			"Access-Control-Allow-Headers": {"X-Token, Content-Type"}, "Access-Control-Max-Age": {"600"}, "Vary": {preflightVary + ", Origin"},
		}},
		{"preflight of a stranger", "OPTIONS", listed, asks("https://evil.example"), nil, 204, http.Header{"Vary": {preflightVary + ", Origin"}}},
		{"preflight of nobody", "OPTIONS", listed, asks("null"), nil, 204, http.Header{"Vary": {preflightVary + ", Origin"}}},
		{"preflight for everybody", "OPTIONS", open, asks("https://x.example"), nil, 204, http.Header{
			"Access-Control-Allow-Origin": {"*"}, "Access-Control-Allow-Methods": {"GET"}, "Access-Control-Max-Age": {"0"}, "Vary": {preflightVary},
		}},
		{"plain OPTIONS", "OPTIONS", listed, http.Header{"Origin": {"https://a.example"}}, nil, 418, http.Header{"Access-Control-Allow-Origin": {"https://a.example"}, "Vary": {"Origin"}}},
		{"a call", "GET", personal, http.Header{"Origin": {"https://a.example"}}, http.Header{"Vary": {"Cookie"}}, 418, http.Header{
			"Access-Control-Allow-Origin": {"https://a.example"}, "Access-Control-Allow-Credentials": {"true"}, "Vary": {"Cookie, Origin"},
		}},
		{"no origin", "GET", listed, http.Header{}, nil, 418, http.Header{"Vary": {"Origin"}}},
		{"a longer origin", "GET", listed, http.Header{"Origin": {"https://a.example.evil"}}, nil, 418, http.Header{"Vary": {"Origin"}}},
		{"two origins", "GET", listed, http.Header{"Origin": {"https://a.example", "https://a.example"}}, nil, 418, http.Header{"Vary": {"Origin"}}},
		{"the application's own word", "GET", listed, http.Header{"Origin": {"https://evil.example"}}, http.Header{
			"Access-Control-Allow-Origin": {"*"}, "Access-Control-Allow-Credentials": {"true"}, "Access-Control-Expose-Headers": {"X-Total"},
		}, 418, http.Header{"Access-Control-Expose-Headers": {"X-Total"}, "Vary": {"Origin"}}},
	} {
		w := answer(policy(t, c.config), c.method, c.request, c.app)
		if diff := cmp.Diff(c.want, w.Header()); diff != "" || w.Code != c.status {
			t.Errorf("%s: %d %s", c.name, w.Code, diff)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	for _, c := range []Config{{Origins: []string{"*"}}, {Headers: []string{"*"}}, {Methods: []string{"*"}}} {
		c.Credentials = true
		if _, err := New(c); err == nil {
			t.Errorf("%+v was taken", c)
		}
	}
}

func TestNoPolicy(t *testing.T) {
	var p *Policy
	h := http.Header{"Access-Control-Allow-Origin": {"*"}}
	p.Mark(h, p.Allowed(http.Header{"Origin": {"https://a.example"}}))
	if len(h) != 1 {
		t.Errorf("%v", h)
	}
}
