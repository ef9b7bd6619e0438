package networks

import (
	"fmt"
	"net/netip"
	"testing"
)

func prefixes(texts ...string) []netip.Prefix {
	var list []netip.Prefix
	for _, text := range texts {
		list = append(list, netip.MustParsePrefix(text))
	}
	return list
}

// many fills a set up, so that it becomes a table, without touching what is asked for.
func many(list []netip.Prefix) []netip.Prefix {
	for i := range 40 {
		list = append(list, netip.MustParsePrefix(fmt.Sprintf("198.51.100.%d/32", i)), netip.MustParsePrefix(fmt.Sprintf("2001:db8:%x::/48", i)))
	}
	return list
}

func TestSet(t *testing.T) {
	list := prefixes("10.0.0.0/8", "192.0.2.7/24", "2001:dead::/32", "::1/128", "::ffff:172.16.0.0/108", "fe80::/10")
	for name, s := range map[string]*Set{"list": New(list, false), "table": New(many(list), false)} {
		t.Run(name, func(t *testing.T) {
			for text, want := range map[string]bool{
				"10.1.2.3":        true,
				"11.0.0.1":        false,
				"192.0.2.255":     true,
				"192.0.3.0":       false,
				"::ffff:10.1.2.3": true,
				"::ffff:11.0.0.1": false,
				"2001:dead::1":    true,
				"2001:deae::1":    false,
				"::1":             true,
				"::2":             false,
				"172.31.255.255":  true,
				"172.32.0.0":      false,
				"fe80::1%eth0":    true,
			} {
				if got := s.Contains(netip.MustParseAddr(text)); got != want {
					t.Errorf("%s: %v", text, got)
				}
			}
			if s.Contains(netip.Addr{}) {
				t.Error("a unix peer is in a set without it")
			}
			if s.Empty() {
				t.Error("it is empty")
			}
		})
	}
}

func TestSet_EverybodyAndNobody(t *testing.T) {
	all := New(prefixes("0.0.0.0/0"), true)
	if !all.Contains(netip.MustParseAddr("8.8.8.8")) || all.Contains(netip.MustParseAddr("::1")) || !all.Contains(netip.Addr{}) {
		t.Error("0.0.0.0/0 and unix: every IPv4 address, and the unix peer")
	}
	var none *Set
	if none.Contains(netip.MustParseAddr("::1")) || none.Contains(netip.Addr{}) || !none.Empty() || !New(nil, false).Empty() || New(nil, true).Empty() {
		t.Error("the empty set")
	}
}

func BenchmarkSet(b *testing.B) {
	a := netip.MustParseAddr("203.0.113.9")
	for name, s := range map[string]*Set{"two": New(prefixes("10.0.0.0/8", "192.168.0.0/16"), false), "eighty": New(many(nil), false)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if s.Contains(a) {
					b.Fatal("it is no member")
				}
			}
		})
	}
}
