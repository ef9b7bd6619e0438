package ratelimit

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/appserve/appserve/listeners/exchange"
	"github.com/appserve/appserve/listeners/variable"
)

func key(t testing.TB, parts ...variable.Part) *variable.Template {
	t.Helper()
	compiled, err := variable.Compile(parts)
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// world is a rule with a clock of its own.
type world struct {
	t       *testing.T
	now     time.Time
	log     bytes.Buffer
	handler http.Handler
	passed  int
}

func newWorld(t *testing.T, limits ...Limit) *world {
	w := &world{t: t, now: time.Now().Add(time.Hour)}
	w.handler = Wrap(Options{Limits: limits, Logger: hclog.New(&hclog.LoggerOptions{Output: &w.log}), Now: func() time.Time { return w.now }},
		http.HandlerFunc(func(http.ResponseWriter, *http.Request) { w.passed++ }))
	return w
}

// ask sends a request from an address and gives status, Retry-After and reason.
func (w *world) ask(method, from string, header http.Header) (int, string, string) {
	w.t.Helper()
	recorder := httptest.NewRecorder()
	r := httptest.NewRequest(method, "/", nil)
	r.Body = http.NoBody
	if header != nil {
		r.Header = header
	}
	x := exchange.NewMaker(nil, time.Now).Begin(recorder, r, &exchange.Peer{Scheme: "http", RemoteHost: from})
	w.handler.ServeHTTP(x, x.Request())
	reason := x.Reason()
	x.End()
	return recorder.Code, recorder.Header().Get("Retry-After"), reason
}

func (w *world) want(method, from string, status int) {
	w.t.Helper()
	if got, _, _ := w.ask(method, from, nil); got != status {
		w.t.Errorf("%s from %s: %d, want %d", method, from, got, status)
	}
}

func perMinute(t testing.TB, n int) Limit {
	return Limit{Name: "test", Zone: NewZone(Rate{Count: int64(n), Per: time.Minute, Burst: n}),
		Key: key(t, variable.Part{Variable: "remote_addr"}), Status: 429}
}

func TestRule(t *testing.T) {
	w := newWorld(t, perMinute(t, 2))
	w.want("GET", "a", 200)
	w.want("GET", "a", 200)
	if status, after, reason := w.ask("GET", "a", nil); status != 429 || after != "30" || reason != "rate_limited" {
		t.Error(status, after, reason)
	}
	w.want("GET", "b", 200)
	w.now = w.now.Add(29500 * time.Millisecond)
	if _, after, _ := w.ask("GET", "a", nil); after != "1" {
		t.Errorf("half a second: Retry-After %q", after)
	}
	w.now = w.now.Add(500 * time.Millisecond)
	w.want("GET", "a", 200)
	if w.passed != 4 {
		t.Errorf("%d passed", w.passed)
	}
}

func TestRule_Key(t *testing.T) {
	l := perMinute(t, 1)
	l.Key, l.Status = key(t, variable.Part{Variable: "http_", Argument: "x_token"}), 503
	w := newWorld(t, l)
	for range 3 {
		w.want("GET", "a", 200) // an empty key is not counted
	}
	token := func() http.Header { return http.Header{"X-Token": {strings.Repeat("long", 100)}} }
	for i, want := range []int{200, 503, 503} {
		if got, _, _ := w.ask("GET", "a", token()); got != want {
			t.Errorf("request %d: %d, want %d", i, got, want)
		}
	}
}

func TestRule_Methods(t *testing.T) {
	post, get := perMinute(t, 1), perMinute(t, 1)
	post.Methods, get.Methods = []string{"POST"}, []string{"GET"}
	w := newWorld(t, post, get)
	w.want("POST", "a", 200)
	w.want("POST", "a", 429)
	w.want("HEAD", "a", 200) // GET brings it along
	w.want("GET", "a", 429)
	w.want("PUT", "a", 200)
	w.want("PUT", "a", 200)
}

// All limits have to be kept, and a request that breaks one is counted by none.
func TestRule_SeveralLimits(t *testing.T) {
	wide, narrow := perMinute(t, 3), perMinute(t, 1)
	w := newWorld(t, wide, narrow)
	w.want("GET", "a", 200)
	for range 5 {
		w.want("GET", "a", 429)
	}
	only := newWorld(t, wide)
	only.now = w.now
	only.want("GET", "a", 200)
	only.want("GET", "a", 200)
	only.want("GET", "a", 429)
}

// Two rules of one zone count together.
func TestRule_SharedZone(t *testing.T) {
	l := perMinute(t, 2)
	one, two := newWorld(t, l), newWorld(t, l)
	two.now = one.now
	one.want("GET", "a", 200)
	two.want("GET", "a", 200)
	one.want("GET", "a", 429)
	two.want("GET", "a", 429)
}

func TestRule_DryRun(t *testing.T) {
	l := perMinute(t, 1)
	l.DryRun = true
	w := newWorld(t, l)
	for range 5 {
		w.want("GET", "a", 200)
	}
	if n := strings.Count(w.log.String(), "this is a dry run"); n != 1 || w.passed != 5 {
		t.Errorf("said %d times, %d passed:\n%s", n, w.passed, w.log.String())
	}
	w.now = w.now.Add(silence)
	w.want("GET", "a", 200)
	if !strings.Contains(w.log.String(), "since=4") {
		t.Error(w.log.String())
	}
}

func TestWrap_Nothing(t *testing.T) {
	if _, wrapped := Wrap(Options{}, http.NotFoundHandler()).(*rule); wrapped {
		t.Error("a location without limits is wrapped")
	}
}

func BenchmarkRule(b *testing.B) {
	l := perMinute(b, 1)
	l.Zone = NewZone(Rate{Count: 1 << 40, Per: time.Second, Burst: 1 << 30})
	h := Wrap(Options{Limits: []Limit{l}}, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	r := &http.Request{Method: "GET", Body: http.NoBody, Header: http.Header{}}
	x := exchange.NewMaker(nil, time.Now).Begin(httptest.NewRecorder(), r, &exchange.Peer{RemoteHost: "203.0.113.7"})
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(x, r)
	}
}
