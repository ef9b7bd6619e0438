package listeners

import "net"

// hostOf writes an address as it stands in a URL.
func hostOf(ip net.IP) string {
	if ip.To4() != nil {
		return ip.String()
	}
	return "[" + ip.String() + "]"
}
