package hygiene

import (
	"net/netip"
	"strings"
)

// Host gives the name in a Host field as routing compares it: lower case,
// without its port and without one dot at the end. It reports false for what
// is no uri-host with an optional port (RFC 9110, section 7.2). An empty
// field is the empty host.
func Host(field string) (string, bool) {
	if field == "" {
		return "", true
	}
	name, port := field, ""
	if field[0] == '[' {
		end := strings.IndexByte(field, ']')
		if end < 0 {
			return "", false
		}
		name, port = field[:end+1], field[end+1:]
		if ip, err := netip.ParseAddr(name[1:end]); err != nil || !ip.Is6() || ip.Zone() != "" {
			return "", false
		}
	} else if colon := strings.IndexByte(field, ':'); colon >= 0 {
		name, port = field[:colon], field[colon:]
	}
	if !isPort(port) {
		return "", false
	}
	if field[0] == '[' {
		return strings.ToLower(name), true
	}
	name = strings.TrimSuffix(name, ".")
	return strings.ToLower(name), isName(name)
}

// isPort takes "", ":" and a colon with a number up to 65535.
func isPort(s string) bool {
	if s == "" {
		return true
	}
	if s[0] != ':' || len(s) > 6 {
		return false
	}
	n := 0
	for i := 1; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n <= 65535
}

// isName takes a reg-name (RFC 3986, section 3.2.2) without percent signs and
// commas, which nobody's name has and lists are made of; single dots inside.
func isName(s string) bool {
	if s == "" || len(s) > 255 || s[0] == '.' || s[len(s)-1] == '.' || strings.Contains(s, "..") {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case strings.IndexByte("-._~!$&'()*+;=", c) >= 0:
		default:
			return false
		}
	}
	return true
}
