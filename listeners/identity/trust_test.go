package identity

import (
	"net/http"
	"net/netip"
	"testing"

	"github.com/appserve/appserve/listeners/networks"
)

func trust(field string, unix bool, prefixes ...string) *Trust {
	var list []netip.Prefix
	for _, p := range prefixes {
		list = append(list, netip.MustParsePrefix(p))
	}
	return New(networks.New(list, unix), field)
}

func header(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Add(pairs[i], pairs[i+1])
	}
	return h
}

const proxy = "10.0.0.1"

func TestRead_Addresses(t *testing.T) {
	for _, c := range []struct {
		name  string
		lines []string
		want  Client
	}{
		{"nothing said", nil, Client{}},
		{"one", []string{"203.0.113.7"}, Client{Host: "203.0.113.7"}},
		{"with a port", []string{"203.0.113.7:4711"}, Client{Host: "203.0.113.7", Port: "4711"}},
		{"the client wrote one of its own", []string{"127.0.0.1, 203.0.113.7"}, Client{Host: "203.0.113.7"}},
		{"the client wrote a trusted one", []string{"10.0.0.9, 203.0.113.7"}, Client{Host: "203.0.113.7"}},
		{"past a trusted hop", []string{"1.1.1.1, 203.0.113.7, 10.0.0.2"}, Client{Host: "203.0.113.7"}},
		{"past trusted hops on lines of their own", []string{"1.1.1.1", "203.0.113.7,10.0.0.3", "10.0.0.2"}, Client{Host: "203.0.113.7"}},
		{"all trusted", []string{"10.0.0.3, 10.0.0.2"}, Client{Host: "10.0.0.3"}},
		{"garbage ends the walk", []string{"203.0.113.7, garbage, 10.0.0.2"}, Client{Host: "10.0.0.2"}},
		{"garbage at once", []string{"203.0.113.7, <script>"}, Client{}},
		{"an empty entry ends it", []string{"203.0.113.7,,10.0.0.2"}, Client{Host: "10.0.0.2"}},
		{"an empty line", []string{"203.0.113.7", ""}, Client{}},
		{"unknown", []string{"203.0.113.7, unknown"}, Client{}},
		{"IPv6", []string{"2001:DB8::0:1"}, Client{Host: "2001:db8::1"}},
		{"IPv6 in brackets", []string{"[2001:db8::1]"}, Client{Host: "2001:db8::1"}},
		{"IPv6 with a port", []string{"[2001:db8::1]:4711"}, Client{Host: "2001:db8::1", Port: "4711"}},
		{"IPv6 with a zone", []string{"fe80::1%eth0"}, Client{Host: "fe80::1"}},
		{"IPv4 in IPv6", []string{"::ffff:203.0.113.7"}, Client{Host: "203.0.113.7"}},
		{"IPv4 in IPv6 that is trusted", []string{"203.0.113.7, ::ffff:10.0.0.2"}, Client{Host: "203.0.113.7"}},
		{"IPv4 in brackets", []string{"[203.0.113.7]"}, Client{}},
		{"open bracket", []string{"[2001:db8::1"}, Client{}},
		{"bracket and rubbish", []string{"[2001:db8::1]x"}, Client{}},
		{"a port that is none", []string{"203.0.113.7:99999"}, Client{Host: "203.0.113.7"}},
		{"an octal address", []string{"010.0.0.1"}, Client{}},
		{"too few numbers", []string{"10.1"}, Client{}},
		{"a name", []string{"localhost"}, Client{}},
		{"a network", []string{"203.0.113.0/24"}, Client{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := trust("", false, "10.0.0.0/8").Read(http.Header{"X-Forwarded-For": c.lines}, proxy)
			if !ok || got != c.want {
				t.Errorf("%+v, %v; want %+v", got, ok, c.want)
			}
		})
	}
}

func TestRead_NobodyElseIsBelieved(t *testing.T) {
	all := header("X-Forwarded-For", "127.0.0.1", "X-Real-IP", "127.0.0.1", "X-Forwarded-Proto", "https",
		"X-Forwarded-Host", "evil", "X-Forwarded-Port", "443", "Forwarded", "for=127.0.0.1;proto=https;host=evil")
	for _, field := range []string{"X-Forwarded-For", "Forwarded", "X-Real-IP"} {
		for _, peer := range []string{"203.0.113.7", "", "rubbish", "11.0.0.1", "::1"} {
			if got, ok := trust(field, false, "10.0.0.0/8").Read(all, peer); ok || got != (Client{}) {
				t.Errorf("%s from %q: %+v, %v", field, peer, got, ok)
			}
		}
	}
	if New(networks.New(nil, false), "") != nil {
		t.Error("trusting nobody is nil")
	}
}

func TestRead_OtherFields(t *testing.T) {
	all := header("X-Forwarded-For", "192.0.2.1", "CF-Connecting-IP", "203.0.113.7", "X-Real-IP", "203.0.113.8")
	for field, want := range map[string]string{
		"CF-Connecting-IP": "203.0.113.7", "x-real-ip": "203.0.113.8", "True-Client-IP": "", "": "192.0.2.1",
	} {
		if got, ok := trust(field, false, "10.0.0.0/8").Read(all, proxy); !ok || got.Host != want {
			t.Errorf("%q: %+v, %v; want %q", field, got, ok, want)
		}
	}
	if got, ok := trust("", true).Read(all, ""); !ok || got.Host != "192.0.2.1" {
		t.Errorf("from a trusted unix peer: %+v, %v", got, ok)
	}
}

func TestRead_SchemeHostPort(t *testing.T) {
	for _, c := range []struct {
		name string
		h    http.Header
		want Client
	}{
		{"all", header("X-Forwarded-Proto", "https", "X-Forwarded-Host", "www.example.com:8443", "X-Forwarded-Port", "8443"),
			Client{Scheme: "https", Name: "www.example.com:8443", Listen: "8443"}},
		{"the peer's word is the last one", header("X-Forwarded-Proto", "https, http", "X-Forwarded-Host", "evil, www.example.com", "X-Forwarded-Port", "1, 80"),
			Client{Scheme: "http", Name: "www.example.com", Listen: "80"}},
		{"on lines of their own", header("X-Forwarded-Proto", "http", "X-Forwarded-Proto", "HTTPS"), Client{Scheme: "https"}},
		{"a WebSocket", header("X-Forwarded-Proto", "wss"), Client{Scheme: "https"}},
		{"rubbish", header("X-Forwarded-Proto", "gopher", "X-Forwarded-Host", "a/b", "X-Forwarded-Port", "0"), Client{}},
		{"more rubbish", header("X-Forwarded-Proto", "", "X-Forwarded-Host", "", "X-Forwarded-Port", "65536"), Client{}},
		{"Forwarded does not count", header("Forwarded", "for=1.1.1.1;proto=https"), Client{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, ok := trust("", false, "10.0.0.0/8").Read(c.h, proxy); !ok || got != c.want {
				t.Errorf("%+v, %v; want %+v", got, ok, c.want)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"1.1.1.1, 10.0.0.2", `for="[2001:db8::1]:80";proto=https, for=10.0.0.2`, `for=_x, for="a\"b,c`, "[::1", ",,,"} {
		f.Add(seed)
	}
	for_, forwarded := trust("", false, "10.0.0.0/8"), trust("Forwarded", false, "10.0.0.0/8")
	f.Fuzz(func(t *testing.T, field string) {
		for name, who := range map[string]*Trust{"X-Forwarded-For": for_, "Forwarded": forwarded} {
			c, _ := who.Read(http.Header{name: {field}}, proxy)
			if c.Host == "" {
				continue
			}
			if a, err := netip.ParseAddr(c.Host); err != nil || a.String() != c.Host || a.Zone() != "" || a.Is4In6() {
				t.Fatalf("%q: %+v", field, c)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	h := header("X-Forwarded-For", "203.0.113.7, 10.0.0.2", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "www.example.com")
	who := trust("", false, "10.0.0.0/8", "192.168.0.0/16")
	b.ReportAllocs()
	for b.Loop() {
		if c, _ := who.Read(h, proxy); c.Host != "203.0.113.7" {
			b.Fatal(c)
		}
	}
}
