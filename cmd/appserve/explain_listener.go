package main

import (
	"net"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/listeners/certificates"
	"github.com/appserve/appserve/listeners/exchange"
	"github.com/appserve/appserve/listeners/hygiene"
	clients "github.com/appserve/appserve/listeners/identity"
)

// chooseListener finds the listener that a request would come in on, and the
// address of it: the one that is named, else the one whose port and TLS fit
// best. why is empty when all of it fits.
func chooseListener(c *config.Config, a asked) (chosen *config.Listener, address config.Address, why string) {
	best := -1
	for _, l := range c.Listeners {
		if a.listener != "" && l.Name != a.listener {
			continue
		}
		for _, one := range l.Addresses {
			fit := 0
			if (l.TLS != nil) == (a.scheme == "https") {
				fit += 4
			}
			if portOf(one) == a.port {
				fit += 2
			}
			if (one.Network == "unix") == (a.from == "") {
				fit++
			}
			if fit > best {
				chosen, address, best = l, one, fit
			}
		}
	}
	if chosen == nil {
		return nil, address, ""
	}
	var wrong []string
	switch {
	case a.scheme == "https" && chosen.TLS == nil:
		wrong = append(wrong, "it has no TLS: taken as a proxy in front would send it")
	case a.scheme == "http" && chosen.TLS != nil:
		wrong = append(wrong, "it has TLS: taken as https")
	}
	if a.listener == "" && a.port != "" && address.Network != "unix" && address.Network != "systemd" && portOf(address) != a.port {
		wrong = append(wrong, "nothing listens on port "+a.port+" for "+a.scheme+"; this comes nearest")
	}
	return chosen, address, strings.Join(wrong, "; ")
}

// portOf is the port of a TCP address, else "".
func portOf(a config.Address) string {
	if a.Network != "tcp" && a.Network != "tcp4" {
		return ""
	}
	_, port, _ := net.SplitHostPort(a.Target)
	return port
}

// peerOf is the connection that a request would come in on.
func peerOf(l *config.Listener, address config.Address, a asked, host string) *exchange.Peer {
	var believed atomic.Pointer[clients.Trust]
	believed.Store(trust(l))
	peer := &exchange.Peer{Scheme: "http", RemoteHost: a.from, ServerPort: "80", Trust: &believed}
	if a.from != "" {
		peer.RemotePort = "50000"
	}
	if port := portOf(address); port != "" {
		peer.ServerPort = port
		peer.ServerHost, _, _ = net.SplitHostPort(address.Target)
	}
	if l.TLS != nil {
		peer.Scheme = "https"
		peer.TLS = &exchange.TLS{Version: "TLSv1.3", ServerName: host, Verify: "NONE"}
	}
	return peer
}

// listenerSection says where the request comes in, and with which certificate.
func (e *explanation) listenerSection(r *report) {
	l := e.listener
	s := r.section("listener "+quoted(l.Name), l.Source.String())
	s.line("address", place(l.Block, "address"), "%s", e.address.Text)
	if e.why != "" {
		s.line("", "", "%s", e.why)
	}
	if l.TLS != nil {
		e.certificateLines(s)
	}
}

// certificateLines say which certificate the client gets to see.
func (e *explanation) certificateLines(s *reportSection) {
	host, _ := hygiene.Host(e.asked.authority)
	for _, pair := range e.listener.TLS.Pairs {
		facts, err := certificates.Inspect(pair.Certificate, pair.Key)
		if err != nil {
			s.line("certificate", place(pair.Block, "certificate"), "cannot be used: %v", err)
			continue
		}
		if facts.Covers(host) {
			s.line("certificate", place(pair.Block, "certificate"), "%s, for %s, good until %s", pair.Certificate, strings.Join(facts.Names, ", "), facts.NotAfter.UTC().Format("2006-01-02"))
			return
		}
	}
	first := e.listener.TLS.Pairs[0]
	hosts := hostsOf(e.config, e.listener.Name)
	if slices.Contains(hosts, "*") || slices.ContainsFunc(hosts, func(pattern string) bool { return hostMatches(pattern, host) }) {
		s.line("certificate", place(first.Block, "certificate"), "%s, which is not for %s: clients that check will not go on", first.Certificate, host)
		return
	}
	s.line("certificate", "", "none is for %s: the handshake is refused (unrecognized_name)", host)
	e.refused = true
}

// hostMatches reports whether a host pattern of a site stands for a host.
func hostMatches(pattern, host string) bool {
	if tail, wild := strings.CutPrefix(pattern, "*"); wild {
		return strings.HasSuffix(host, tail) && len(host) > len(tail)
	}
	return pattern == host
}
