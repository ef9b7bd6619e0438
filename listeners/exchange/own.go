package exchange

// OwnHost is a name for us that works in a link back: the host the client asked
// for; for a client that named none, the site's own, or the address it
// connected to. It is empty only on a unix socket.
func (x *Exchange) OwnHost() string {
	if host := x.AskedHost(); host != "" {
		return host
	}
	if x.route != nil && x.route.Host != "" {
		return x.route.Host
	}
	return x.peer.ServerHost
}

// AskedHost is Host as far as it may stand in a link: what a proxy said is one
// of the site's hosts, or the Host field counts, which is one. Many proxies
// pass X-Forwarded-Host on as they got it from their client, trusted or not.
func (x *Exchange) AskedHost() string {
	host := x.Host()
	if x.client.Name == "" || x.route == nil || x.route.Hosts == nil {
		return host
	}
	if _, ours := x.route.Hosts.Find(host); !ours {
		return x.host
	}
	return host
}

// ClaimsHTTPS reports whether the peer said that its client came by https,
// whether it is trusted or not. Scheme is what we believe.
func (x *Exchange) ClaimsHTTPS() bool { return x.claimsHTTPS }
