package exchange

import (
	"net"
	"net/netip"
	"strings"

	"github.com/appserve/appserve/listeners/hygiene"
	"github.com/appserve/appserve/listeners/identity"
)

// The header fields that only we set, in the order of Exchange.values.
const (
	forwardedFor = iota
	forwardedProto
	forwardedHost
	forwardedPort
	realIP
	requestIDField
)

// client is who a request is from, when that is not what its connection says.
type client struct {
	identity.Client
	believed bool   // the peer is a trusted proxy
	user     string // as a password proved it
}

// believe asks the peer's header for the client, if the peer is trusted. It is
// due before the header is cleaned: what is believed is taken out there.
func (x *Exchange) believe() {
	if x.peer.Trust == nil {
		return
	}
	trust := x.peer.Trust.Load()
	if trust == nil {
		return
	}
	x.client.Client, x.client.believed = trust.Read(x.request.Header, x.peer.RemoteHost)
	if !x.client.believed {
		delete(x.request.Header, trust.Field()) // or an application that reads it would believe it
	}
}

// identify sets the fields that say who asks for what through which door. The
// values live in the exchange, so that setting them allocates nothing. The
// address is one: the client as we believe it to be, not the way it came, so
// that an application gets it right whichever end of a list it reads.
func (x *Exchange) identify() {
	host, _ := x.RemoteAddr()
	x.values = [...]string{
		forwardedFor: host, forwardedProto: x.Scheme(), forwardedHost: x.Authority(),
		forwardedPort: x.ServerPort(), realIP: host, requestIDField: x.id,
	}
	names := [...]string{
		forwardedFor: "X-Forwarded-For", forwardedProto: "X-Forwarded-Proto", forwardedHost: "X-Forwarded-Host",
		forwardedPort: "X-Forwarded-Port", realIP: "X-Real-Ip", requestIDField: "X-Request-Id",
	}
	for i, name := range names {
		if x.values[i] != "" {
			x.request.Header[name] = x.values[i : i+1 : i+1]
		}
	}
}

// RequestID names the request in logs and error answers: 16 hexadecimal digits.
func (x *Exchange) RequestID() string { return x.id }

// Scheme is "http" or "https", as the client knows it.
func (x *Exchange) Scheme() string {
	if x.client.Scheme != "" {
		return x.client.Scheme
	}
	return x.peer.Scheme
}

// RemoteAddr is the client's address, behind the proxies that are trusted.
// Both are empty on a unix socket; the port of a client behind a proxy is
// empty unless the proxy said it.
func (x *Exchange) RemoteAddr() (host, port string) {
	if x.client.Client.Host != "" {
		return x.client.Client.Host, x.client.Port
	}
	return x.peer.RemoteHost, x.peer.RemotePort
}

// RemoteIP is RemoteAddr as a value; the zero Addr on a unix socket.
func (x *Exchange) RemoteIP() netip.Addr {
	host, _ := x.RemoteAddr()
	addr, _ := netip.ParseAddr(host) // the zero Addr for what is none
	return addr
}

// Authority is the host the client asked for, as it wrote it, with its port if
// it named one: what a trusted proxy said, or the Host field.
func (x *Exchange) Authority() string {
	if x.client.Name != "" {
		return x.client.Name
	}
	return x.request.Host
}

// Host is the host of Authority as routing compares it: lower case, without a
// port. It is for links back to us; the site is chosen by the Host field alone,
// so that no proxy passes a request on to a site that it does not serve.
func (x *Exchange) Host() string {
	if x.client.Name != "" {
		host, _ := hygiene.Host(x.client.Name) // it was checked when it was read
		return host
	}
	return x.host
}

// ServerName is the host that was asked for, without port; localhost when the
// client named none. Never empty.
func (x *Exchange) ServerName() string {
	host := x.Host()
	if host == "" {
		return "localhost"
	}
	return strings.Trim(host, "[]")
}

// ServerPort is the port the client connected to; 80 on a unix socket. Behind a
// trusted proxy it is the one the proxy names, in a field of its own or with
// the host, else the usual one of the scheme the proxy names.
func (x *Exchange) ServerPort() string {
	if x.client.Listen != "" {
		return x.client.Listen
	}
	if x.client.Name != "" {
		if _, port, err := net.SplitHostPort(x.client.Name); err == nil && port != "" {
			return port
		}
	}
	switch x.client.Scheme {
	case "https":
		return "443"
	case "http":
		return "80"
	}
	return x.peer.ServerPort
}

// RemoteUser is the user whose password was checked; empty: nobody's was.
func (x *Exchange) RemoteUser() string { return x.client.user }

// SetRemoteUser says whose password was checked, and takes the password out of
// what the application gets.
func (x *Exchange) SetRemoteUser(name string) {
	x.client.user = name
	delete(x.request.Header, "Authorization")
}

// AcceptsTrailers reports whether the client sent TE: trailers.
func (x *Exchange) AcceptsTrailers() bool { return x.trailers }
