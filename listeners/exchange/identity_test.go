package exchange

import (
	"net/http"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"github.com/appserve/appserve/listeners/hygiene"
	"github.com/appserve/appserve/listeners/identity"
	"github.com/appserve/appserve/listeners/networks"
	"github.com/appserve/appserve/listeners/routing"
	"github.com/appserve/appserve/listeners/variable"
)

// trusting is a peer at an address on a listener that trusts 10.0.0.0/8.
func trusting(host, field string) *Peer {
	p := testPeer
	p.RemoteHost, p.Trust = host, new(atomic.Pointer[identity.Trust])
	p.Trust.Store(identity.New(networks.New([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, false), field))
	return &p
}

// from begins a request of a peer with a header.
func from(t *testing.T, peer *Peer, fields map[string]string) *Exchange {
	t.Helper()
	r := request("GET", "/x")
	for name, value := range fields {
		r.Header.Set(name, value)
	}
	x := NewMaker(nil, time.Now).Begin(&nowhere{header: http.Header{}}, r, peer)
	q, refusal := hygiene.Check(r)
	if refusal.Status != 0 {
		t.Fatalf("%+v", refusal)
	}
	x.Understand(q, "/x")
	return x
}

// nowhere is an engine's writer that keeps nothing.
type nowhere struct{ header http.Header }

func (n *nowhere) Header() http.Header         { return n.header }
func (n *nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (n *nowhere) WriteHeader(int)             {}

// seen is what everybody inside sees of who asks.
func seen(x *Exchange) map[string]string {
	host, port := x.RemoteAddr()
	got := map[string]string{"REMOTE_ADDR": host, "REMOTE_PORT": port, "scheme": x.Scheme(), "SERVER_NAME": x.ServerName(), "SERVER_PORT": x.ServerPort()}
	for name, id := range map[string]variable.ID{
		"$remote_addr": variable.RemoteAddr, "$remote_port": variable.RemotePort, "$scheme": variable.Scheme,
		"$host": variable.Host, "$server_port": variable.ServerPort,
	} {
		got[name] = string(x.AppendVariable(nil, id, ""))
	}
	for name, values := range x.Request().Header {
		if name != "X-Request-Id" && len(values) == 1 {
			got[name] = values[0]
		}
	}
	return got
}

func TestIdentity_BehindATrustedProxy(t *testing.T) {
	x := from(t, trusting("10.0.0.1", ""), map[string]string{
		"X-Forwarded-For": "127.0.0.1, 203.0.113.7, 10.0.0.2", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "WWW.example.com:8443",
		"X-Forwarded-Server": "x", "Forwarded": "for=127.0.0.1", "X-Real-IP": "127.0.0.1",
	})
	want(t, seen(x), map[string]string{
		"REMOTE_ADDR": "203.0.113.7", "REMOTE_PORT": "", "scheme": "https", "SERVER_NAME": "www.example.com", "SERVER_PORT": "8443",
		"$remote_addr": "203.0.113.7", "$remote_port": "", "$scheme": "https", "$host": "www.example.com", "$server_port": "8443",
		"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "WWW.example.com:8443",
		"X-Forwarded-Port": "8443", "X-Real-Ip": "203.0.113.7",
	})
	if x.RemoteIP() != netip.MustParseAddr("203.0.113.7") {
		t.Error(x.RemoteIP())
	}
}

// A proxy that is trusted passes on what its client wrote: no link may lead
// there, so that nobody is sent to another site by a header of his own.
func TestIdentity_LinksStayOnTheSite(t *testing.T) {
	hosts := &routing.Hosts[struct{}]{}
	hosts.Add("example.com", struct{}{})
	hosts.Add("*.example.com", struct{}{})
	for _, c := range []struct {
		said string
		any  bool
		want string
	}{
		{"evil.example", false, "example.com"},
		{"evil.example:8443", false, "example.com"},
		{"WWW.example.com:8443", false, "www.example.com"},
		{"", false, "example.com"},
		{"evil.example", true, "evil.example"},
	} {
		x := from(t, trusting("10.0.0.1", ""), map[string]string{"X-Forwarded-Host": c.said})
		route := &Route{Hosts: hosts, Host: "other.example"}
		if c.any {
			route.Hosts = nil
		}
		x.LogTo(nil, route)
		if got := x.OwnHost(); got != c.want || x.AskedHost() != c.want {
			t.Errorf("%+v: %q, %q", c, got, x.AskedHost())
		}
	}
}

func TestIdentity_SomebodyElseIsNotBelieved(t *testing.T) {
	x := from(t, trusting("203.0.113.9", "CF-Connecting-IP"), map[string]string{
		"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil", "X-Forwarded-Port": "443",
		"CF-Connecting-IP": "127.0.0.1", "X-Forwarded-Ssl": "on",
	})
	want(t, seen(x), map[string]string{
		"REMOTE_ADDR": "203.0.113.9", "REMOTE_PORT": "50123", "scheme": "http", "SERVER_NAME": "example.com", "SERVER_PORT": "8000",
		"$remote_addr": "203.0.113.9", "$remote_port": "50123", "$scheme": "http", "$host": "example.com", "$server_port": "8000",
		"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http", "X-Forwarded-Host": "example.com",
		"X-Forwarded-Port": "8000", "X-Real-Ip": "203.0.113.9",
	})
}

func TestIdentity_PortOfTheScheme(t *testing.T) {
	for fields, port := range map[[2]string]string{
		{"https", "www.example.com"}:  "443",
		{"http", "www.example.com"}:   "80",
		{"", "www.example.com"}:       "8000",
		{"https", "[2001:db8::1]:81"}: "81",
		{"https", "[2001:db8::1]"}:    "443",
	} {
		x := from(t, trusting("10.0.0.1", ""), map[string]string{"X-Forwarded-Proto": fields[0], "X-Forwarded-Host": fields[1]})
		if got := x.ServerPort(); got != port {
			t.Errorf("%v: port %q, want %q", fields, got, port)
		}
	}
}

func TestIdentity_NothingIsTrusted(t *testing.T) {
	peer := testPeer
	peer.Trust = new(atomic.Pointer[identity.Trust])
	x := from(t, &peer, map[string]string{"X-Forwarded-For": "127.0.0.1"})
	if host, port := x.RemoteAddr(); host != "192.0.2.7" || port != "50123" {
		t.Error(host, port)
	}
}

func TestIdentity_RemoteUser(t *testing.T) {
	x := from(t, &testPeer, map[string]string{"Authorization": "Basic YWxpY2U6c2VjcmV0"})
	if got := string(x.AppendVariable(nil, variable.RemoteUser, "")); got != "alice" || x.RemoteUser() != "" {
		t.Errorf("as it was said: %q, and proved %q", got, x.RemoteUser())
	}
	if got := string(x.Proven().AppendVariable(nil, variable.RemoteUser, "")); got != "" {
		t.Errorf("an application is told %q, which nobody checked", got)
	}
	if got := string(x.Proven().AppendVariable(nil, variable.Host, "")); got != "example.com" {
		t.Errorf("everything else is as it is: %q", got)
	}
	x.SetRemoteUser("bob")
	if got := string(x.Proven().AppendVariable(nil, variable.RemoteUser, "")); got != "bob" {
		t.Errorf("an application is told %q", got)
	}
	if got := string(x.AppendVariable(nil, variable.RemoteUser, "")); got != "bob" || x.RemoteUser() != "bob" {
		t.Errorf("as it was proved: %q, %q", got, x.RemoteUser())
	}
	if x.Request().Header["Authorization"] != nil {
		t.Error("the password reaches the application")
	}
}

func want(t *testing.T, got, want map[string]string) {
	t.Helper()
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s: %q, want %q", name, got[name], value)
		}
	}
	for name, value := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s: %q, want none", name, value)
		}
	}
}
