package certificates

import (
	"crypto/tls"
	"testing"
	"time"
)

func TestTicketsSurviveTheNextSet(t *testing.T) {
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		a, folder := newAuthority(t), t.TempDir()
		config := Config{Pairs: []Pair{a.pair(folder, "one", ecdsaKey(t), "one.test")}}
		terminator := load(t, config, Options{})
		client := &tls.Config{RootCAs: a.pool, ServerName: "one.test", MaxVersion: version, ClientSessionCache: tls.NewLRUClientSessionCache(8)}
		first, err := shake(t, terminator, client)
		if err != nil || first.DidResume {
			t.Fatalf("first handshake: resumed %t, %v", first.DidResume, err)
		}
		a.pair(folder, "one", ecdsaKey(t), "one.test")
		next, err := Load(config, Options{})
		if err != nil {
			t.Fatal(err)
		}
		terminator.Use(next)
		second, err := shake(t, terminator, client)
		if err != nil || !second.DidResume {
			t.Errorf("%s: after a reload: resumed %t, %v", tls.VersionName(version), second.DidResume, err)
		}
		stranger, err := shake(t, load(t, config, Options{}), client)
		if err != nil || stranger.DidResume {
			t.Errorf("%s: another socket: resumed %t, %v", tls.VersionName(version), stranger.DidResume, err)
		}
	}
}

func TestATicketDoesNotOpenARefusedName(t *testing.T) {
	a, folder := newAuthority(t), t.TempDir()
	config := Config{Pairs: []Pair{a.pair(folder, "one", ecdsaKey(t), "one.test")}}
	terminator := load(t, config, Options{})
	client := &tls.Config{RootCAs: a.pool, ServerName: "one.test", ClientSessionCache: tls.NewLRUClientSessionCache(8)}
	if _, err := shake(t, terminator, client); err != nil {
		t.Fatal(err)
	}
	config.Pairs = []Pair{a.pair(folder, "two", ecdsaKey(t), "two.test")}
	next, err := Load(config, Options{})
	if err != nil {
		t.Fatal(err)
	}
	terminator.Use(next)
	if _, err := shake(t, terminator, client); err == nil || err.Error() != refused {
		t.Errorf("a ticket for a name that is gone: %v", err)
	}
}

func TestWithoutASetNobodyGetsIn(t *testing.T) {
	terminator := NewTerminator()
	if _, err := shake(t, terminator, &tls.Config{InsecureSkipVerify: true}); err == nil {
		t.Error("a handshake without certificates")
	}
}

func BenchmarkChoosingAPair(b *testing.B) {
	p := &pair{names: []string{"one.test"}, certificate: &tls.Certificate{}}
	x := &index{names: map[string][]*pair{"one.test": {p}}}
	hello := &tls.ClientHelloInfo{ServerName: "one.test"}
	s := &Set{now: time.Now}
	s.checked.Store(time.Now().Add(time.Hour).UnixNano())
	s.state.Store(&state{index: x, accept: &tls.Config{}})
	for b.Loop() {
		if s.forClient(hello) == nil {
			b.Fatal("none")
		}
	}
}
