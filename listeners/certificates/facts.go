package certificates

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"net/netip"
	"strings"
	"time"
)

// Facts are what a certificate says about itself.
type Facts struct {
	Names     []string // lower case: exact, "*.example.com", or an IP address
	NotBefore time.Time
	NotAfter  time.Time
	Key       string // "ECDSA P-256", "RSA 2048", "Ed25519"
	Subject   string // RFC 2253
	Issuer    string
}

// factsOf reads a leaf certificate. One without alternative names counts with
// its common name only, as clients of long ago did.
func factsOf(leaf *x509.Certificate) Facts {
	f := Facts{
		NotBefore: leaf.NotBefore, NotAfter: leaf.NotAfter, Key: keyName(leaf),
		Subject: leaf.Subject.String(), Issuer: leaf.Issuer.String(),
	}
	for _, name := range leaf.DNSNames {
		f.Names = append(f.Names, strings.ToLower(strings.TrimSuffix(name, ".")))
	}
	for _, ip := range leaf.IPAddresses {
		if address, ok := netip.AddrFromSlice(ip); ok {
			f.Names = append(f.Names, address.Unmap().String())
		}
	}
	if len(f.Names) == 0 && leaf.Subject.CommonName != "" {
		f.Names = []string{strings.ToLower(leaf.Subject.CommonName)}
	}
	return f
}

func keyName(leaf *x509.Certificate) string {
	switch key := leaf.PublicKey.(type) {
	case *ecdsa.PublicKey:
		return "ECDSA " + key.Curve.Params().Name
	case *rsa.PublicKey:
		return "RSA " + decimal(key.N.BitLen())
	case ed25519.PublicKey:
		return "Ed25519"
	default:
		return leaf.PublicKeyAlgorithm.String()
	}
}

// Covers reports whether the certificate is good for a host of a site: a name,
// an IP address, or a pattern such as "*.example.com". The host "*" asks for
// nothing in particular.
func (f Facts) Covers(host string) bool {
	if host == "*" {
		return true
	}
	host = strings.Trim(host, "[]")
	for _, name := range f.Names {
		if name == host || covers(name, host) {
			return true
		}
	}
	return false
}

// covers reports whether a name with a wildcard stands for a host: it takes
// the place of one label (RFC 6125, section 6.4.3).
func covers(pattern, host string) bool {
	if !strings.HasPrefix(pattern, "*.") {
		return false
	}
	_, parent, found := strings.Cut(host, ".")
	return found && parent == pattern[2:]
}
