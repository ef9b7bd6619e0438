package listeners

import (
	"errors"
	"io"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/appserve/appserve/listeners/exchange"
	"github.com/appserve/appserve/listeners/identity"
	"github.com/appserve/appserve/listeners/networks"
)

func only(texts ...string) *networks.Set {
	var list []netip.Prefix
	for _, text := range texts {
		list = append(list, netip.MustParsePrefix(text))
	}
	return networks.New(list, false)
}

// whom answers with what a request knows of its client.
func whom(x *exchange.Exchange, r *http.Request) {
	host, port := x.RemoteAddr()
	_, _ = x.WriteString(strings.Join([]string{host, port, x.ServerPort(), x.Scheme()}, " "))
}

// introducedWorld expects a PROXY head of peers in a network.
func introducedWorld(t *testing.T, peers string, more func(*Listener)) *world {
	t.Helper()
	w := newWorld(t)
	w.rows.ProxyProtocol = only(peers)
	if more != nil {
		more(&w.rows)
	}
	w.commit(w.routes(at("/", whom)), w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	return w
}

const headOne = "PROXY TCP4 203.0.113.7 192.0.2.1 4711 443\r\n"

func TestProxyProtocol(t *testing.T) {
	w := introducedWorld(t, "127.0.0.0/8", nil)
	c := w.dial()
	c.send(headOne)
	for range 2 {
		c.get("/")
		c.want(200, "203.0.113.7 4711 443 http")
	}
	v2 := w.dial()
	v2.send("\r\n\r\n\x00\r\nQUIT\n\x21\x21\x00\x24" + string(netip.MustParseAddr("2001:db8::7").AsSlice()) +
		string(netip.MustParseAddr("2001:db8::1").AsSlice()) + "\x12\x67\x01\xbb" + "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	v2.want(200, "2001:db8::7 4711 443 http")
	health := w.dial()
	health.send("PROXY UNKNOWN\r\n")
	health.get("/")
	if got := health.receive("GET"); !strings.HasPrefix(got.body, "127.0.0.1 ") {
		t.Errorf("a connection of the proxy's own: %q", got.body)
	}
}

// A file leaves an introduced connection as any other.
func TestProxyProtocol_File(t *testing.T) {
	text := strings.Repeat("0123456789", 100<<10)
	name := t.TempDir() + "/file"
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	w.rows.ProxyProtocol = only("127.0.0.0/8")
	w.commit(w.routes(at("/", func(x *exchange.Exchange, r *http.Request) {
		f, err := os.Open(name)
		if err != nil {
			t.Error(err)
			return
		}
		defer f.Close()
		x.Header().Set("Content-Length", "1024000")
		if _, err := x.ReadFrom(f); err != nil {
			t.Error(err)
		}
	})), w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	c := w.dial()
	c.send(headOne)
	c.get("/")
	c.want(200, text)
}

// Whoever has to send a head and does not is not served; whoever must not, and
// does, sent no request.
func TestProxyProtocol_Refuses(t *testing.T) {
	w := introducedWorld(t, "127.0.0.0/8", nil)
	c := w.dial()
	c.get("/")
	c.ended()
	w.log.wait(t, "it does not begin with a PROXY head")
	other := introducedWorld(t, "198.51.100.0/24", nil)
	spoof := other.dial()
	spoof.send(headOne)
	spoof.get("/")
	if got := spoof.receive("GET"); got.StatusCode != 400 {
		t.Errorf("a head from somebody else: %d", got.StatusCode)
	}
	plain := other.dial()
	plain.get("/")
	if got := plain.receive("GET"); got.StatusCode != 200 || !strings.HasPrefix(got.body, "127.0.0.1 ") {
		t.Errorf("%d %q", got.StatusCode, got.body)
	}
}

// A peer that does not say whom it is from holds up nobody, and not for long.
func TestProxyProtocol_Slow(t *testing.T) {
	w := introducedWorld(t, "127.0.0.0/8", func(l *Listener) { l.HeaderTimeout = 200 * time.Millisecond })
	slow, quick := w.dial(), w.dial()
	slow.send(headOne[:20])
	quick.send(headOne)
	quick.get("/")
	quick.want(200, "203.0.113.7 4711 443 http")
	slow.ended()
}

// A stop gives those that have not said whom they are from a last call.
func TestProxyProtocol_Stop(t *testing.T) {
	w := introducedWorld(t, "127.0.0.0/8", nil)
	silent := w.dial()
	for deadline := time.Now().Add(patience); len(w.server.conns.all(nil)) == 0; {
		if time.Now().After(deadline) {
			t.Fatal("the connection is not accepted")
		}
		time.Sleep(time.Millisecond) // nothing tells
	}
	if err := w.stop(); err != nil {
		t.Error(err)
	}
	if _, err := silent.Read(make([]byte, 1)); !errors.Is(err, io.EOF) && err == nil {
		t.Error("the connection is open after the stop")
	}
}

// The client of the PROXY head is the peer that trusted_proxies are about.
func TestProxyProtocol_BeforeTrustedProxies(t *testing.T) {
	w := introducedWorld(t, "127.0.0.0/8", func(l *Listener) { l.Trust = identity.New(only("203.0.113.0/24"), "") })
	c := w.dial()
	c.send(headOne + "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 127.0.0.1, 198.51.100.9\r\nX-Forwarded-Proto: https\r\n\r\n")
	c.want(200, "198.51.100.9  443 https")
}

// Trust changes with a reload, for connections that are open too.
func TestTrust_Reload(t *testing.T) {
	w := newWorld(t)
	const ask = "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.51.100.9\r\nX-Forwarded-Proto: https\r\n\r\n"
	w.commit(w.routes(at("/", whom)), w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	c := w.dial()
	c.send(ask)
	if got := c.receive("GET"); !strings.HasPrefix(got.body, "127.0.0.1 ") {
		t.Errorf("nobody is trusted: %q", got.body)
	}
	w.rows.Trust = identity.New(only("127.0.0.1/32"), "")
	w.commit(w.routes(at("/", whom)), w.rows)
	c.send(ask)
	c.want(200, "198.51.100.9  443 https")
	w.rows.Trust = nil
	w.commit(w.routes(at("/", whom)), w.rows)
	c.send(ask)
	if got := c.receive("GET"); !strings.HasPrefix(got.body, "127.0.0.1 ") {
		t.Errorf("nobody is trusted any more: %q", got.body)
	}
}
