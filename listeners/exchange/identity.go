package exchange

import "strings"

// The header fields that only we set, in the order of Exchange.values.
const (
	forwardedFor = iota
	forwardedProto
	forwardedHost
	forwardedPort
	realIP
	requestIDField
)

// identify sets the fields that say who asks for what through which door. The
// values live in the exchange, so that setting them allocates nothing.
func (x *Exchange) identify() {
	x.values = [...]string{
		forwardedFor: x.peer.RemoteHost, forwardedProto: x.peer.Scheme, forwardedHost: x.request.Host,
		forwardedPort: x.peer.ServerPort, realIP: x.peer.RemoteHost, requestIDField: x.id,
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

// Scheme is "http" or "https".
func (x *Exchange) Scheme() string { return x.peer.Scheme }

// RemoteAddr is the client's address; both are empty on a unix socket.
func (x *Exchange) RemoteAddr() (host, port string) { return x.peer.RemoteHost, x.peer.RemotePort }

// ServerName is the host that was asked for, without port; localhost when the
// client named none. Never empty.
func (x *Exchange) ServerName() string {
	if x.host == "" {
		return "localhost"
	}
	return strings.Trim(x.host, "[]")
}

// ServerPort is the port the client connected to; 80 on a unix socket.
func (x *Exchange) ServerPort() string { return x.peer.ServerPort }

// AcceptsTrailers reports whether the client sent TE: trailers.
func (x *Exchange) AcceptsTrailers() bool { return x.trailers }
