package routing

import "testing"

func TestHosts(t *testing.T) {
	var h Hosts[string]
	for _, host := range []string{"example.com", "www.example.com", "*.example.com", "*.b.example.com", "*.org", "*"} {
		if !h.Add(host, host) {
			t.Fatalf("Add(%q): taken", host)
		}
		if h.Add(host, "second") {
			t.Errorf("Add(%q) twice: not noticed", host)
		}
	}
	for host, want := range map[string]string{
		"example.com":       "example.com",
		"www.example.com":   "www.example.com",
		"shop.example.com":  "*.example.com",
		"a.b.example.com":   "*.b.example.com",
		"b.example.com":     "*.example.com",
		"x.a.b.example.com": "*.b.example.com",
		"www.x.example.com": "*.example.com",
		"nowhere.net":       "*",
		"org":               "*",
		"a.org":             "*.org",
		"":                  "*",
		"example.com.evil":  "*",
		"xexample.com":      "*",
		".example.com":      "*",
		"127.0.0.1":         "*",
		"[::1]":             "*",
	} {
		if got, ok := h.Find(host); !ok || got != want {
			t.Errorf("Find(%q) = %q, %v; want %q", host, got, ok, want)
		}
	}
}

func TestHostsWithoutDefault(t *testing.T) {
	var h Hosts[int]
	h.Add("a.example", 1)
	if got, ok := h.Find("b.example"); ok {
		t.Errorf("Find of an unknown host = %v", got)
	}
}

func TestCheckHost(t *testing.T) {
	for host, good := range map[string]bool{
		"a.example": true, "*.example": true, "*": true,
		"": false, "*.": false, "a*.example": false, "*.*.example": false, "a.example:80": false, "a b": false,
	} {
		if err := CheckHost(host); (err == nil) != good {
			t.Errorf("CheckHost(%q) = %v", host, err)
		}
	}
}

func BenchmarkHostsFind(b *testing.B) {
	var h Hosts[int]
	h.Add("www.example.com", 1)
	h.Add("*.example.com", 2)
	b.ReportAllocs()
	for b.Loop() {
		if v, _ := h.Find("a.b.c.example.com"); v != 2 {
			b.Fatal(v)
		}
	}
}
