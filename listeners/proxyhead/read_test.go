package proxyhead

import (
	"bytes"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/pires/go-proxyproto"
)

// two is a head of version 2.
func two(t testing.TB, command proxyproto.ProtocolVersionAndCommand, from, to string, notes ...proxyproto.TLV) string {
	t.Helper()
	source, destination := net.TCPAddrFromAddrPort(netip.MustParseAddrPort(from)), net.TCPAddrFromAddrPort(netip.MustParseAddrPort(to))
	h := proxyproto.HeaderProxyFromAddrs(2, source, destination)
	h.Command = command
	if err := h.SetTLVs(notes); err != nil {
		t.Fatal(err)
	}
	raw, err := h.Format()
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestRead(t *testing.T) {
	v4 := Head{Client: netip.MustParseAddrPort("203.0.113.7:4711"), Server: netip.MustParseAddrPort("192.0.2.1:443")}
	v6 := Head{Client: netip.MustParseAddrPort("[2001:db8::7]:4711"), Server: netip.MustParseAddrPort("[2001:db8::1]:443")}
	for _, c := range []struct {
		name, raw string
		want      Head
	}{
		{"1, IPv4", "PROXY TCP4 203.0.113.7 192.0.2.1 4711 443\r\n", v4},
		{"1, IPv6", "PROXY TCP6 2001:db8::7 2001:db8::1 4711 443\r\n", v6},
		{"1, unknown", "PROXY UNKNOWN\r\n", Head{Local: true}},
		{"1, unknown with addresses", "PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n", Head{Local: true}},
		{"2, IPv4", two(t, proxyproto.PROXY, "203.0.113.7:4711", "192.0.2.1:443"), v4},
		{"2, IPv6", two(t, proxyproto.PROXY, "[2001:db8::7]:4711", "[2001:db8::1]:443"), v6},
		{"2, with notes", two(t, proxyproto.PROXY, "203.0.113.7:4711", "192.0.2.1:443",
			proxyproto.TLV{Type: 0xEA, Value: bytes.Repeat([]byte{1}, 300)}), v4},
		{"2, local", two(t, proxyproto.LOCAL, "203.0.113.7:4711", "192.0.2.1:443"), Head{Local: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			const next = "GET / HTTP/1.1\r\n"
			for name, r := range map[string]io.Reader{
				"at once":      strings.NewReader(c.raw + next),
				"byte by byte": iotest.OneByteReader(strings.NewReader(c.raw + next)),
			} {
				got, err := Read(r)
				if err != nil || got != c.want {
					t.Fatalf("%s: %+v, %v; want %+v", name, got, err, c.want)
				}
				if rest, _ := io.ReadAll(r); string(rest) != next {
					t.Errorf("%s: it left %q", name, rest)
				}
			}
		})
	}
}

func TestRead_Refuses(t *testing.T) {
	whole := two(t, proxyproto.PROXY, "203.0.113.7:4711", "192.0.2.1:443")
	for name, raw := range map[string]string{
		"nothing":            "",
		"a request":          "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
		"TLS":                "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03aaaaaaa",
		"half a word":        "PRO",
		"another word":       "PROXYjunk TCP4 203.0.113.7 192.0.2.1 4711 443\r\n",
		"no address":         "PROXY TCP4 203.0.113.7\r\n",
		"a name":             "PROXY TCP4 localhost 192.0.2.1 4711 443\r\n",
		"bare LF":            "PROXY TCP4 203.0.113.7 192.0.2.1 4711 443\n",
		"too long":           "PROXY UNKNOWN " + strings.Repeat("x", 200) + "\r\n",
		"a port too high":    "PROXY TCP4 203.0.113.7 192.0.2.1 65536 443\r\n",
		"2, cut":             whole[:len(whole)-1],
		"2, another version": whole[:12] + "\x31" + whole[13:],
		"2, UDP":             whole[:13] + "\x12" + whole[14:],
		"2, huge":            whole[:14] + "\xff\xff" + strings.Repeat("\x00", 0xffff),
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := Read(strings.NewReader(raw)); err == nil {
				t.Errorf("%+v, accepted", got)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add("PROXY TCP4 203.0.113.7 192.0.2.1 4711 443\r\n")
	f.Add(two(f, proxyproto.PROXY, "203.0.113.7:4711", "192.0.2.1:443"))
	f.Fuzz(func(t *testing.T, raw string) {
		head, err := Read(strings.NewReader(raw + strings.Repeat("\x00", 20)))
		if err == nil && !head.Local && (!head.Client.Addr().IsValid() || head.Client.Addr().Is4In6()) {
			t.Fatalf("%q: %+v", raw, head)
		}
	})
}
