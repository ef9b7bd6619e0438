package certificates

import (
	"crypto/tls"
	"strings"
	"testing"
)

// served is the first name of the certificate that a client gets to see, and
// its kind of key.
func served(t *testing.T, terminator *Terminator, client *tls.Config) string {
	t.Helper()
	client.InsecureSkipVerify = true
	state, err := shake(t, terminator, client)
	if err != nil {
		return err.Error()
	}
	facts := factsOf(state.PeerCertificates[0])
	kind, _, _ := strings.Cut(facts.Key, " ")
	return facts.Names[0] + " " + kind
}

const refused = "remote error: tls: unrecognized name"

func TestTheNameChoosesThePair(t *testing.T) {
	a, folder := newAuthority(t), t.TempDir()
	pairs := []Pair{
		a.pair(folder, "first", ecdsaKey(t), "first.test"),
		a.pair(folder, "wild", ecdsaKey(t), "*.wild.test"),
		a.pair(folder, "exact", ecdsaKey(t), "exact.wild.test"),
		a.pair(folder, "address", ecdsaKey(t), "by-address.test", "127.0.0.1"),
	}
	terminator := load(t, Config{Pairs: pairs, Hosts: []string{"site.test", "*.sites.test"}}, Options{})
	for name, want := range map[string]string{
		"first.test": "first.test ECDSA", "FIRST.test": "first.test ECDSA",
		"a.wild.test": "*.wild.test ECDSA", "exact.wild.test": "exact.wild.test ECDSA",
		"a.b.wild.test": refused, "wild.test": refused, "unknown.test": refused,
		"site.test": "first.test ECDSA", "a.sites.test": "first.test ECDSA",
		"": "by-address.test ECDSA",
	} {
		for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
			client := &tls.Config{ServerName: name, MaxVersion: version}
			if got := served(t, terminator, client); got != want {
				t.Errorf("%q with %s: %s, want %s", name, tls.VersionName(version), got, want)
			}
		}
	}
}

func TestASiteForEveryHostTakesEveryName(t *testing.T) {
	a, folder := newAuthority(t), t.TempDir()
	terminator := load(t, Config{Pairs: []Pair{a.pair(folder, "one", ecdsaKey(t), "one.test")}, Hosts: []string{"*"}}, Options{})
	for _, name := range []string{"unknown.test", ""} {
		if got := served(t, terminator, &tls.Config{ServerName: name}); got != "one.test ECDSA" {
			t.Errorf("%q: %s", name, got)
		}
	}
}

func TestTheKeyFitsTheClient(t *testing.T) {
	a, folder := newAuthority(t), t.TempDir()
	pairs := []Pair{a.pair(folder, "rsa", rsaKey(t), "one.test"), a.pair(folder, "ecdsa", ecdsaKey(t), "one.test")}
	terminator := load(t, Config{Pairs: pairs}, Options{})
	old := []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}
	for _, c := range []struct {
		client *tls.Config
		want   string
	}{
		{&tls.Config{ServerName: "one.test"}, "one.test ECDSA"},
		{&tls.Config{}, "one.test ECDSA"},
		{&tls.Config{ServerName: "one.test", MaxVersion: tls.VersionTLS12, CipherSuites: old}, "one.test RSA"},
		{&tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: old}, "one.test RSA"},
	} {
		if got := served(t, terminator, c.client); got != c.want {
			t.Errorf("%q, suites %x: %s, want %s", c.client.ServerName, c.client.CipherSuites, got, c.want)
		}
	}
}

func TestVersionsAndProtocols(t *testing.T) {
	a, folder := newAuthority(t), t.TempDir()
	config := Config{Pairs: []Pair{a.pair(folder, "one", ecdsaKey(t), "one.test")}, HTTP2: true}
	client := func(version uint16, protocols ...string) *tls.Config {
		return &tls.Config{RootCAs: a.pool, ServerName: "one.test", MinVersion: version, MaxVersion: version, NextProtos: protocols}
	}
	terminator := load(t, config, Options{})
	state, err := shake(t, terminator, client(tls.VersionTLS12, "http/1.1", "h2"))
	if err != nil || state.NegotiatedProtocol != "h2" {
		t.Errorf("h2 with TLS 1.2: %q, %v", state.NegotiatedProtocol, err)
	}
	if _, err := shake(t, terminator, client(tls.VersionTLS11)); err == nil {
		t.Error("TLS 1.1 was accepted")
	}
	config.MinVersion, config.HTTP2 = "1.3", false
	terminator = load(t, config, Options{})
	if _, err := shake(t, terminator, client(tls.VersionTLS12)); err == nil {
		t.Error("TLS 1.2 was accepted where 1.3 is the least")
	}
	state, err = shake(t, terminator, client(tls.VersionTLS13, "http/1.1", "h2"))
	if err != nil || state.NegotiatedProtocol != "http/1.1" {
		t.Errorf("without http2: %q, %v", state.NegotiatedProtocol, err)
	}
}

func TestWeakCiphersAreRefused(t *testing.T) {
	a, folder := newAuthority(t), t.TempDir()
	pairs := []Pair{a.pair(folder, "rsa", rsaKey(t), "one.test"), a.pair(folder, "ecdsa", ecdsaKey(t), "one.test")}
	terminator := load(t, Config{Pairs: pairs}, Options{})
	for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		if suite.SupportedVersions[0] == tls.VersionTLS13 {
			continue
		}
		client := &tls.Config{RootCAs: a.pool, ServerName: "one.test", MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{suite.ID}}
		_, err := shake(t, terminator, client)
		strong := strings.Contains(suite.Name, "ECDHE") && (strings.Contains(suite.Name, "GCM") || strings.Contains(suite.Name, "POLY1305"))
		if (err == nil) != strong {
			t.Errorf("%s: %v", suite.Name, err)
		}
	}
}
