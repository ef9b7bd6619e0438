package exchange

import "github.com/appserve/appserve/listeners/variable"

// TLS is what the handshake of a connection found out.
type TLS struct {
	Version    string // "TLSv1.3"
	ServerName string // that the client asked for, in lower case; empty when it named none
	// Verify is "SUCCESS" when the client proved who it is, else "NONE": one
	// that tries and fails does not get in.
	Verify      string
	Subject     string // of the client's certificate, as in RFC 2253
	Serial      string // in hexadecimal
	Fingerprint string // SHA-256 of the client's certificate, in hexadecimal
}

// TLS is what is known of the connection's TLS; nil without TLS.
func (x *Exchange) TLS() *TLS { return x.peer.TLS }

// Multiplexed reports whether requests share the connection, as in HTTP/2.
func (x *Exchange) Multiplexed() bool { return x.peer.Multiplexed }

// word gives the request variables of TLS.
func (t *TLS) word(id variable.ID) string {
	if t == nil {
		return ""
	}
	switch id {
	case variable.TLSVersion:
		return t.Version
	case variable.TLSSNI:
		return t.ServerName
	case variable.TLSClientVerify:
		return t.Verify
	case variable.TLSClientSubject:
		return t.Subject
	case variable.TLSClientSerial:
		return t.Serial
	case variable.TLSClientFingerprint:
		return t.Fingerprint
	}
	return ""
}
