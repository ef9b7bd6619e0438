package certificates

// Misdirected reports whether a request for a host has no business on a
// connection that was opened for another name: where clients are asked for
// certificates, the host has to be one that the connection's certificate is
// good for (RFC 9110, section 7.4). Who named nothing may ask for anything.
func (s *Set) Misdirected(name, host string) bool {
	if !s.AsksClients() || name == "" || name == host {
		return false
	}
	index := s.state.Load().index
	candidates := index.find(name)
	if len(candidates) == 0 {
		candidates = index.fallback
	}
	for _, p := range candidates {
		if (Facts{Names: p.names}).Covers(host) {
			return false
		}
	}
	return true
}
