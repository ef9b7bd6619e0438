// Package networks owns sets of addresses: whether one lies in any of several
// networks. It knows nothing of requests, and it refuses names: an address is
// an address.
package networks

import "net/netip"

// few is up to how many networks one after another is the fastest way.
const few = 8

// Set is a set of addresses, and of the peers of unix sockets, which have
// none. It is immutable; the nil set is empty.
type Set struct {
	list  []netip.Prefix
	table map[netip.Prefix]struct{} // of more than a few
	four  []int                     // the lengths of IPv4 networks in table
	six   []int
	unix  bool
}

// New makes a set. An IPv4 network written as an IPv6 one (::ffff:10.0.0.0/104)
// is the IPv4 network, as the addresses of clients are.
func New(prefixes []netip.Prefix, unix bool) *Set {
	s := &Set{unix: unix}
	for _, p := range prefixes {
		s.list = append(s.list, plain(p))
	}
	if len(s.list) <= few {
		return s
	}
	s.table = make(map[netip.Prefix]struct{}, len(s.list))
	var seen [2][129]bool
	for _, p := range s.list {
		s.table[p] = struct{}{}
		family, lengths := 0, &s.four
		if p.Addr().Is6() {
			family, lengths = 1, &s.six
		}
		if !seen[family][p.Bits()] {
			seen[family][p.Bits()] = true
			*lengths = append(*lengths, p.Bits())
		}
	}
	return s
}

func plain(p netip.Prefix) netip.Prefix {
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p.Masked()
}

// Empty reports whether nobody is in the set.
func (s *Set) Empty() bool { return s == nil || len(s.list) == 0 && !s.unix }

// Contains reports whether an address is in the set. The zero Addr is the peer
// of a unix socket.
func (s *Set) Contains(a netip.Addr) bool {
	switch {
	case s == nil:
		return false
	case !a.IsValid():
		return s.unix
	}
	a = a.Unmap().WithZone("")
	if s.table == nil {
		for _, p := range s.list {
			if p.Contains(a) {
				return true
			}
		}
		return false
	}
	lengths := s.four
	if a.Is6() {
		lengths = s.six
	}
	for _, n := range lengths {
		p, _ := a.Prefix(n) // n is a length of this family
		if _, ok := s.table[p]; ok {
			return true
		}
	}
	return false
}
