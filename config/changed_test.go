package config

import (
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const changedBase = `
listener "http" {
  address = ":8000"
}

upstream "api" {
  server "one" { address = "127.0.0.1:9000" }
}

pool "app" {
  app   = "shop:application"
  chdir = "."
  env   = { A = "1" }
}

site "shop" {
  location "/" {
    pass = pool.app
  }
  location "/api" {
    pass          = upstream.api
    max_body_size = "1MiB"
  }
}
`

// loadIn loads one file in a folder: always the same one, so that relative
// paths are no difference.
func loadIn(t *testing.T, folder, text string) *Config {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, "a.hcl"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	l := Load(testOptions(folder))
	if l.HasErrors() {
		t.Fatalf("does not load:\n%s", textOf(l))
	}
	return l.Config()
}

func TestChanged(t *testing.T) {
	folder := t.TempDir()
	before := loadIn(t, folder, changedBase)
	for _, c := range []struct {
		name     string
		old, new string
		want     string
	}{
		{"nothing", "", "", ""},
		{"another line", "\nlistener", "\n\n# a comment\nlistener", ""},
		{"a default written out", `address = ":8000"`, "address = \":8000\"\n  backlog = 4096", ""},
		{"an address", ":8000", ":8001", "listener.http"},
		{"a map", `A = "1"`, `A = "2"`, "pool.app"},
		{"a nested block", "127.0.0.1:9000", "127.0.0.1:9001", "upstream.api"},
		{"a row of a location", "1MiB", "2MiB", "site.shop"},
		{"one more location", `location "/api"`, "location \"/x\" {\n    pass = pool.app\n  }\n  location \"/api\"", "site.shop"},
		{"another action", "pass          = upstream.api", "redirect { to = \"/x\" }", "site.shop"},
		{"a site is gone, another one there", `site "shop"`, `site "store"`, "site.shop, site.store"},
		{"the singletons", "\nlistener", "\nappserve {\n  boot_parallel = 17\n}\nlog {\n  level = \"debug\"\n}\nlistener", "appserve, log"},
	} {
		if !strings.Contains(changedBase, c.old) {
			t.Fatalf("%s: the configuration does not hold %q", c.name, c.old)
		}
		got := strings.Join(Changed(before, loadIn(t, folder, strings.Replace(changedBase, c.old, c.new, 1))), ", ")
		if got != c.want {
			t.Errorf("%s: changed %q, want %q", c.name, got, c.want)
		}
	}
}

// Values of other packages hold fields that reflection may not look into.
func TestChanged_ValuesOfOtherPackages(t *testing.T) {
	with := func(prefix string) *Config {
		return &Config{Listeners: []*Listener{{Block: Block{Name: "http"}, ProxyProtocol: []netip.Prefix{netip.MustParsePrefix(prefix)}}}}
	}
	if got := Changed(with("10.0.0.0/8"), with("10.0.0.0/8")); len(got) != 0 {
		t.Errorf("changed %q", got)
	}
	if got := Changed(with("10.0.0.0/8"), with("10.0.0.0/9")); !slices.Equal(got, []string{"listener.http"}) {
		t.Errorf("changed %q", got)
	}
}
