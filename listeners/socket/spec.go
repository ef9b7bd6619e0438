package socket

import (
	"net"
	"net/netip"
)

// Spec is one address of a listener, as configured.
type Spec struct {
	Listener string // name of the listener
	Declared string // "file:line"
	Text     string // the address as messages show it
	Network  string // tcp, tcp4, unix or systemd
	Target   string // "host:port", path, "@name", or the name systemd uses
	Backlog  int
	Mode     uint32 // of a unix socket
	User     string
	Group    string
}

// Identity is what makes two addresses the same socket: ":80" and "[::]:80"
// are one, "0.0.0.0:80" is another.
func (s Spec) Identity() string {
	if s.Network == "unix" || s.Network == "systemd" {
		return s.Network + ":" + s.Target
	}
	host, port, err := net.SplitHostPort(s.Target)
	if err != nil {
		return "tcp:" + s.Target
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		host = ip.String()
	}
	if host == "::" || host == "" && s.Network != "tcp4" {
		host = ""
	}
	return "tcp:" + net.JoinHostPort(host, port)
}

// file is the path of the socket file, empty when there is none.
func (s Spec) file() string {
	if s.Network != "unix" || s.Target == "" || s.Target[0] == '@' {
		return ""
	}
	return s.Target
}
