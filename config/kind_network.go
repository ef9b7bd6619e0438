package config

import (
	"net/netip"
	"strings"
)

// network is a set of client addresses: a prefix, or every peer of a unix socket.
type network struct {
	prefix netip.Prefix
	unix   bool
}

// clientNetwork is an address, a CIDR or "unix". An address without a mask is
// one host.
func clientNetwork() kind {
	return ofString("network", `"10.0.0.0/8"`, `"10.0.0.0/33"`, func(c *cell, s string) (any, *fault) {
		if s == "unix" || s == "unix:" {
			return network{unix: true}, nil
		}
		return c.parseNetwork(s)
	}, printNetwork)
}

// addressNetwork is clientNetwork without "unix".
func addressNetwork() kind {
	return ofString("network", `"10.0.0.0/8"`, `"10.0.0.0/33"`, func(c *cell, s string) (any, *fault) {
		if s == "unix" || s == "unix:" {
			return nil, c.fault("This is no network", "A unix socket's peer is not known by address, so it cannot be told from others. %s", c.write(`"127.0.0.1"`))
		}
		return c.parseNetwork(s)
	}, printNetwork)
}

// printNetwork writes a single host without its mask.
func printNetwork(v any) string {
	switch n := v.(network); {
	case n.unix:
		return quote("unix")
	case n.prefix.IsSingleIP():
		return quote(n.prefix.Addr().String())
	default:
		return quote(n.prefix.String())
	}
}

func (c *cell) parseNetwork(s string) (any, *fault) {
	const summary = "This is no network"
	switch strings.ToLower(s) {
	case "all", "any", "*":
		return nil, c.fault(summary, "Every address is written as two networks. Write: \"0.0.0.0/0\", \"::/0\"")
	case "localhost", "loopback":
		return nil, c.fault(summary, "This machine is written as two networks. Write: \"127.0.0.0/8\", \"::1\"")
	case "private", "private_ranges":
		return nil, c.fault(summary, "Private addresses are written out. Write: \"10.0.0.0/8\", \"172.16.0.0/12\", \"192.168.0.0/16\", \"fc00::/7\"")
	}
	text := s
	if strings.HasPrefix(s, "[") {
		text = strings.NewReplacer("[", "", "]", "").Replace(s)
	}
	if !strings.Contains(text, "/") {
		ip, err := netip.ParseAddr(text)
		if err != nil || ip.Zone() != "" {
			return nil, c.fault(summary, "%s is neither an address nor a network. Names are not looked up: what a name means can change. %s", quote(s), c.write(`"10.0.0.0/8"`))
		}
		ip = ip.Unmap()
		return network{prefix: netip.PrefixFrom(ip, ip.BitLen())}, nil
	}
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return nil, c.fault(summary, "%s is not an address with the number of its bits. %s", quote(s), c.write(`"10.0.0.0/8"`))
	}
	if prefix.Addr().Is4In6() {
		if prefix.Bits() < 96 {
			return nil, c.fault(summary, "%s mixes IPv4 and IPv6. %s", quote(s), c.write(`"::/0"`))
		}
		prefix = netip.PrefixFrom(prefix.Addr().Unmap(), prefix.Bits()-96)
	}
	if masked := prefix.Masked(); masked != prefix {
		return nil, c.fault("This network has bits behind its mask", "%s is an address in the network %s. %s",
			quote(s), quote(masked.String()), c.write(quote(masked.String())))
	}
	return network{prefix: prefix}, nil
}

// networks is a list row of networks; nil when it is not set.
func networks(b *block, name string) *Networks {
	items, set := optional[[]item](b, name)
	if !set {
		return nil
	}
	out := &Networks{}
	for _, n := range itemsAs[network](items) {
		if n.unix {
			out.Unix = true
			continue
		}
		out.Prefixes = append(out.Prefixes, n.prefix)
	}
	return out
}
