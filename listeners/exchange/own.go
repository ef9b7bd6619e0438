package exchange

// OwnHost is a name for us that works in a link back: the host the client asked
// for; for a client that named none, the site's own, or the address it
// connected to. It is empty only on a unix socket.
func (x *Exchange) OwnHost() string {
	if host := x.Host(); host != "" {
		return host
	}
	if x.route != nil && x.route.Host != "" {
		return x.route.Host
	}
	return x.peer.ServerHost
}

// ClaimsHTTPS reports whether the peer said that its client came by https,
// whether it is trusted or not. Scheme is what we believe.
func (x *Exchange) ClaimsHTTPS() bool { return x.claimsHTTPS }
