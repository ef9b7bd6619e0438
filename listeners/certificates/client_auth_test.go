package certificates

import (
	"crypto/tls"
	"path/filepath"
	"testing"
	"time"
)

func TestClientCertificates(t *testing.T) {
	a, stranger, folder := newAuthority(t), newAuthority(t), t.TempDir()
	file := filepath.Join(folder, "ca.pem")
	writePEM(t, file, "CERTIFICATE", a.leaf.Raw)
	config := Config{Pairs: []Pair{a.pair(folder, "one", ecdsaKey(t), "one.test")}, Authorities: file}
	// The stranger's certificate is sent although the server does not name its authority.
	card := func(from *authority, until time.Time) *tls.Config {
		key := ecdsaKey(t)
		own := &tls.Certificate{Certificate: [][]byte{from.issue(key, until, "alice")}, PrivateKey: key}
		return &tls.Config{RootCAs: a.pool, ServerName: "one.test",
			GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return own, nil }}
	}
	soon := time.Now().Add(time.Hour)
	good, foreign, late := card(a, soon), card(stranger, soon), card(a, time.Now().Add(-time.Minute))
	none := &tls.Config{RootCAs: a.pool, ServerName: "one.test"}
	for _, c := range []struct {
		auth   string
		client *tls.Config
		ok     bool
	}{
		{"none", none, true}, {"none", foreign, true},
		{"optional", none, true}, {"optional", good, true}, {"optional", foreign, false}, {"optional", late, false},
		{"required", none, false}, {"required", good, true}, {"required", foreign, false}, {"required", late, false},
	} {
		config.ClientAuth = c.auth
		if _, err := shake(t, load(t, config, Options{}), c.client); (err == nil) != c.ok {
			t.Errorf("%s: %v, want ok %t", c.auth, err, c.ok)
		}
	}
}

func TestAuthoritiesAreNeeded(t *testing.T) {
	a, folder := newAuthority(t), t.TempDir()
	pairs := []Pair{a.pair(folder, "one", ecdsaKey(t), "one.test")}
	for _, c := range []Config{
		{}, {Pairs: pairs, ClientAuth: "optional"}, {Pairs: pairs, ClientAuth: "sometimes", Authorities: pairs[0].Certificate},
		{Pairs: pairs, MinVersion: "1.1"}, {Pairs: pairs, Authorities: folder},
	} {
		if _, err := Load(c, Options{}); err == nil {
			t.Errorf("%+v was taken", c)
		}
	}
}
