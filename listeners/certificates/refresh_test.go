package certificates

import (
	"crypto/tls"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// clock is a time that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Now()} }

func (c *clock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func TestAChangedFileIsTaken(t *testing.T) {
	a, folder, clock, log := newAuthority(t), t.TempDir(), newClock(), &notes{}
	config := Config{Pairs: []Pair{a.pair(folder, "one", ecdsaKey(t), "old.test")}}
	terminator := load(t, config, Options{Now: clock.read, Logger: log.logger()})
	a.pair(folder, "one", ecdsaKey(t), "new.test")
	if got := served(t, terminator, &tls.Config{}); got != "old.test ECDSA" {
		t.Errorf("looked too early: %s", got)
	}
	clock.pass(checkEvery)
	if got := served(t, terminator, &tls.Config{}); got != "new.test ECDSA" {
		t.Errorf("not looked: %s", got)
	}
	if got := served(t, terminator, &tls.Config{ServerName: "old.test"}); got != refused {
		t.Errorf("the old name: %s", got)
	}
	if n := strings.Count(log.String(), "certificate replaced"); n != 1 {
		t.Errorf("said %d times:\n%s", n, log)
	}
}

func TestAnUnusableFileKeepsThePairAndIsSaidOnce(t *testing.T) {
	a, folder, clock, log := newAuthority(t), t.TempDir(), newClock(), &notes{}
	p := a.pair(folder, "one", ecdsaKey(t), "one.test")
	terminator := load(t, Config{Pairs: []Pair{p}}, Options{Now: clock.read, Logger: log.logger()})
	for name, spoil := range map[string]func(){
		"another key": func() { writeKey(t, p.Key, ecdsaKey(t)) },
		"rubbish": func() {
			if err := os.WriteFile(p.Certificate, []byte("rubbish"), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"gone": func() {
			if err := os.Remove(p.Key); err != nil {
				t.Fatal(err)
			}
		},
	} {
		before := strings.Count(log.String(), "not usable")
		spoil()
		for range 3 {
			clock.pass(checkEvery)
			if got := served(t, terminator, &tls.Config{}); got != "one.test ECDSA" {
				t.Errorf("%s: %s", name, got)
			}
		}
		if n := strings.Count(log.String(), "not usable") - before; n != 1 {
			t.Errorf("%s: said %d times:\n%s", name, n, log)
		}
	}
	if !strings.Contains(log.String(), p.Key) || !strings.Contains(log.String(), p.Certificate) {
		t.Errorf("the files are not named:\n%s", log)
	}
	a.pair(folder, "one", ecdsaKey(t), "whole.test")
	clock.pass(checkEvery)
	if got := served(t, terminator, &tls.Config{}); got != "whole.test ECDSA" {
		t.Errorf("after the repair: %s", got)
	}
}

func TestChangedAuthoritiesAreTaken(t *testing.T) {
	a, b, folder, clock, log := newAuthority(t), newAuthority(t), t.TempDir(), newClock(), &notes{}
	file := filepath.Join(folder, "ca.pem")
	writePEM(t, file, "CERTIFICATE", a.leaf.Raw)
	config := Config{Pairs: []Pair{a.pair(folder, "one", ecdsaKey(t), "one.test")}, Authorities: file, ClientAuth: "required"}
	terminator := load(t, config, Options{Now: clock.read, Logger: log.logger()})
	key := ecdsaKey(t)
	own := tls.Certificate{Certificate: [][]byte{b.issue(key, time.Now().Add(time.Hour), "bob")}, PrivateKey: key}
	client := &tls.Config{RootCAs: a.pool, ServerName: "one.test",
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &own, nil }}
	if _, err := shake(t, terminator, client); err == nil {
		t.Error("a stranger was let in")
	}
	writePEM(t, file, "CERTIFICATE", b.leaf.Raw)
	clock.pass(checkEvery)
	if _, err := shake(t, terminator, client); err != nil {
		t.Errorf("after the change: %v", err)
	}
	writePEM(t, file, "PRIVATE KEY", []byte("x"))
	clock.pass(checkEvery)
	if _, err := shake(t, terminator, client); err != nil {
		t.Errorf("after an unusable change: %v", err)
	}
	if !strings.Contains(log.String(), "authorities not usable") {
		t.Errorf("not said:\n%s", log)
	}
}
