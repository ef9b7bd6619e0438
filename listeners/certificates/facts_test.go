package certificates

import "testing"

func TestCovers(t *testing.T) {
	f := Facts{Names: []string{"example.com", "*.example.com", "127.0.0.1", "::1"}}
	for host, want := range map[string]bool{
		"example.com": true, "a.example.com": true, "a.b.example.com": false, "*.example.com": true,
		"example.org": false, "*": true, "127.0.0.1": true, "[::1]": true, "com": false, "*.org": false,
	} {
		if got := f.Covers(host); got != want {
			t.Errorf("Covers(%q) = %t", host, got)
		}
	}
}
