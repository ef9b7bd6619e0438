package identity

import (
	"net/netip"
	"strings"
)

// node is one entry that names an address.
type node struct {
	addr netip.Addr
	host string // addr as text
	port string
}

// parseNode reads an address: bare, with a port, in brackets, with a zone,
// which means something to one machine only and is dropped. An IPv4 address
// inside an IPv6 one is the IPv4 address. Words such as unknown and _hidden
// (RFC 7239, section 6) are no address.
func parseNode(entry string) (node, bool) {
	host, port := entry, ""
	switch {
	case entry == "":
		return node{}, false
	case entry[0] == '[':
		end := strings.IndexByte(entry, ']')
		if end < 0 {
			return node{}, false
		}
		host, port = entry[1:end], entry[end+1:]
		if strings.IndexByte(host, ':') < 0 {
			return node{}, false
		}
	case strings.Count(entry, ":") == 1:
		colon := strings.IndexByte(entry, ':')
		host, port = entry[:colon], entry[colon:]
	}
	if port != "" {
		if port[0] != ':' {
			return node{}, false
		}
		if port = port[1:]; !isPort(port) {
			port = "" // an obfuscated one (RFC 7239, section 6.2), or none of ours to judge
		}
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return node{}, false
	}
	addr = addr.Unmap().WithZone("")
	return node{addr: addr, host: text(addr, host), port: port}, true
}

// text is the one spelling of an address. As a rule it is the one that came.
func text(addr netip.Addr, spelled string) string {
	var buffer [64]byte
	canonical := addr.AppendTo(buffer[:0])
	if string(canonical) == spelled {
		return spelled
	}
	return string(canonical)
}

// isPort takes 1 to 65535.
func isPort(s string) bool {
	if s == "" || len(s) > 5 || s[0] == '0' {
		return false
	}
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n <= 65535
}

// lastItem cuts the last item off a list with commas.
func lastItem(list string) (rest, item string, more bool) {
	comma := strings.LastIndexByte(list, ',')
	if comma < 0 {
		return "", strings.Trim(list, " \t"), false
	}
	return list[:comma], strings.Trim(list[comma+1:], " \t"), true
}
