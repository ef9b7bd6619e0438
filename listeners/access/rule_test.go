package access

import (
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/appserve/appserve/listeners/basicauth"
	"github.com/appserve/appserve/listeners/exchange"
	"github.com/appserve/appserve/listeners/networks"
)

// asked is a request from an address, with or without a password.
func asked(t testing.TB, h http.Handler, from, authorization string) *http.Response {
	t.Helper()
	recorder := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/", nil)
	r.Body = http.NoBody
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	x := exchange.NewMaker(nil, time.Now).Begin(recorder, r, &exchange.Peer{Scheme: "http", RemoteHost: from})
	h.ServeHTTP(x, x.Request())
	x.Finish(0, 0)
	return recorder.Result()
}

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

func set(unix bool, texts ...string) *networks.Set {
	var list []netip.Prefix
	for _, text := range texts {
		list = append(list, netip.MustParsePrefix(text))
	}
	return networks.New(list, unix)
}

// inside answers with what the application sees.
func inside(w http.ResponseWriter, r *http.Request) {
	_, _ = io.WriteString(w, exchange.From(w).RemoteUser()+"|"+r.Header.Get("Authorization"))
}

func guard(t testing.TB) *basicauth.Guard {
	t.Helper()
	g, err := basicauth.New(basicauth.Options{Realm: `Staff "only"`, Gate: basicauth.NewGate(1), Logger: hclog.NewNullLogger(),
		Users: map[string]string{"alice": "$apr1$saltsalt$LrttParrLPdxvgutaSXWJ0"}})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestRule(t *testing.T) {
	const office, home, right, wrong = "10.0.0.5", "203.0.113.7", "right", "wrong"
	password := guard(t)
	allow, deny := set(false, "10.0.0.0/8"), set(false, "10.0.0.5/32")
	for _, c := range []struct {
		name     string
		options  Options
		from     string
		password string
		status   int
		body     string
	}{
		{"allowed", Options{Allow: allow}, office, "", 200, "|"},
		{"not allowed", Options{Allow: allow}, home, "", 403, ""},
		{"not allowed, a password is no help", Options{Allow: allow}, home, right, 403, ""},
		{"not denied", Options{Deny: deny}, home, "", 200, "|"},
		{"denied", Options{Deny: deny}, office, "", 403, ""},
		{"deny subtracts", Options{Allow: allow, Deny: deny}, office, "", 403, ""},
		{"allowed beside the denied one", Options{Allow: allow, Deny: deny}, "10.0.0.6", "", 200, "|"},
		{"nobody is allowed", Options{Allow: set(false)}, office, "", 403, ""},
		{"a unix peer", Options{Allow: set(true)}, "", "", 200, "|"},
		{"a unix peer is not everybody", Options{Allow: allow}, "", "", 403, ""},
		{"IPv4 in IPv6", Options{Allow: allow}, "::ffff:10.0.0.5", "", 200, "|"},

		{"password: none", Options{Password: password}, home, "", 401, ""},
		{"password: wrong", Options{Password: password}, home, wrong, 401, ""},
		{"password: right", Options{Password: password}, home, right, 200, "alice|"},

		{"all: address only", Options{Allow: allow, Password: password}, office, "", 401, ""},
		{"all: password only", Options{Allow: allow, Password: password}, home, right, 403, ""},
		{"all: both", Options{Allow: allow, Password: password}, office, right, 200, "alice|"},

		{"any: neither", Options{Any: true, Allow: allow, Password: password}, home, "", 401, ""},
		{"any: wrong password", Options{Any: true, Allow: allow, Password: password}, home, wrong, 401, ""},
		{"any: password", Options{Any: true, Allow: allow, Password: password}, home, right, 200, "alice|"},
		{"any: address", Options{Any: true, Allow: allow, Password: password}, office, "", 200, "|"},
		{"any: address, and a password nobody asked for", Options{Any: true, Allow: allow, Password: password}, office, wrong, 200, "|"},
		{"any: denied, with the password", Options{Any: true, Deny: deny, Password: password}, office, right, 200, "alice|"},
		{"any: no rule of addresses is not a right address", Options{Any: true, Password: password}, office, "", 401, ""},
		{"any: no password at all", Options{Any: true, Allow: allow}, home, "", 403, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			authorization := map[string]string{right: basic("alice", "secret"), wrong: basic("alice", "no")}[c.password]
			response := asked(t, Wrap(c.options, http.HandlerFunc(inside)), c.from, authorization)
			body, _ := io.ReadAll(response.Body)
			if response.StatusCode != c.status || c.status == 200 && string(body) != c.body {
				t.Errorf("%d %q; want %d %q", response.StatusCode, body, c.status, c.body)
			}
			challenge := response.Header.Get("WWW-Authenticate")
			if want := `Basic realm="Staff \"only\"", charset="UTF-8"`; (c.status == 401) != (challenge == want) {
				t.Errorf("%d with the challenge %q", c.status, challenge)
			}
		})
	}
}

func TestRule_Reasons(t *testing.T) {
	h := Wrap(Options{Allow: set(false, "10.0.0.0/8"), Password: guard(t)}, http.HandlerFunc(inside))
	for want, c := range map[string][2]string{
		"denied": {"203.0.113.7", ""}, "auth_required": {"10.0.0.1", ""}, "auth_failed": {"10.0.0.1", basic("alice", "x")},
	} {
		body, _ := io.ReadAll(asked(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h.ServeHTTP(w, r)
			w.Header().Set("X-Reason", exchange.From(w).Reason())
			if got := exchange.From(w).Reason(); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}), c[0], c[1]).Body)
		if strings.Contains(string(body), "alice") {
			t.Error(string(body))
		}
	}
}

// Bearer is the application's to judge, when an address opened the door.
func TestRule_OtherSchemesPass(t *testing.T) {
	h := Wrap(Options{Any: true, Allow: set(false, "10.0.0.0/8"), Password: guard(t)}, http.HandlerFunc(inside))
	body, _ := io.ReadAll(asked(t, h, "10.0.0.1", "Bearer token").Body)
	if string(body) != "|Bearer token" {
		t.Errorf("%q", body)
	}
}

func TestWrap_Nothing(t *testing.T) {
	next := http.NotFoundHandler()
	if Wrap(Options{Any: true}, next) == nil {
		t.Fatal("nothing")
	}
	if _, wrapped := Wrap(Options{}, next).(*rule); wrapped {
		t.Error("a location without rules is wrapped")
	}
}

func BenchmarkRule(b *testing.B) {
	quiet := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	for name, o := range map[string]Options{
		"address":  {Allow: set(false, "10.0.0.0/8", "192.168.0.0/16")},
		"password": {Password: guard(b)},
	} {
		b.Run(name, func(b *testing.B) {
			h := Wrap(o, quiet)
			maker := exchange.NewMaker(nil, time.Now)
			peer := &exchange.Peer{Scheme: "http", RemoteHost: "10.0.0.5"}
			fields := []string{basic("alice", "secret")}
			r := &http.Request{Method: "GET", Body: http.NoBody, Header: http.Header{}}
			w := &nowhere{header: http.Header{}}
			x := maker.Begin(w, r, peer)
			b.ReportAllocs()
			for b.Loop() {
				r.Header["Authorization"] = fields
				h.ServeHTTP(x, x.Request())
			}
		})
	}
}

type nowhere struct{ header http.Header }

func (n *nowhere) Header() http.Header         { return n.header }
func (n *nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (n *nowhere) WriteHeader(int)             {}
