package certificates

import (
	"path/filepath"
	"testing"
)

func TestMisdirected(t *testing.T) {
	a, folder := newAuthority(t), t.TempDir()
	file := filepath.Join(folder, "ca.pem")
	writePEM(t, file, "CERTIFICATE", a.leaf.Raw)
	config := Config{Authorities: file, Hosts: []string{"*"}, Pairs: []Pair{
		a.pair(folder, "one", ecdsaKey(t), "one.test", "*.one.test"), a.pair(folder, "two", ecdsaKey(t), "two.test"),
	}}
	for _, c := range []struct {
		auth, name, host string
		want             bool
	}{
		{"none", "one.test", "two.test", false},
		{"optional", "one.test", "one.test", false},
		{"optional", "one.test", "a.one.test", false},
		{"optional", "one.test", "two.test", true},
		{"required", "two.test", "one.test", true},
		{"required", "", "one.test", false},
		{"required", "other.test", "a.one.test", false},
		{"required", "other.test", "two.test", true},
	} {
		config.ClientAuth = c.auth
		if got := load(t, config, Options{}).Current().Misdirected(c.name, c.host); got != c.want {
			t.Errorf("%s: %q on a connection for %q: %t", c.auth, c.host, c.name, got)
		}
	}
}
