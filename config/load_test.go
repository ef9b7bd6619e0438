package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// testCPUs is how many CPUs the machine of every test has.
const testCPUs = 3

// testOptions load paths on a machine that is the same everywhere.
func testOptions(paths ...string) Options {
	return Options{
		Paths: paths,
		system: system{
			cpus:     func() int { return testCPUs },
			hostname: func() (string, error) { return "testhost", nil },
		},
	}
}

// writeConfig puts texts into a folder of their own; names are given as "a.hcl".
func writeConfig(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// loadText loads one file.
func loadText(t *testing.T, text string) *Loaded {
	t.Helper()
	return Load(testOptions(writeConfig(t, map[string]string{"a.hcl": text})))
}

// mustLoad loads one file that has nothing wrong with it.
func mustLoad(t *testing.T, text string) *Config {
	t.Helper()
	l := loadText(t, text)
	if l.HasErrors() {
		t.Fatalf("does not load:\n%s", textOf(l))
	}
	return l.Config()
}

func textOf(l *Loaded) string {
	var b strings.Builder
	l.WriteText(&b, TextStyle{})
	return b.String()
}

func TestLoad_FirstConfiguration(t *testing.T) {
	c := mustLoad(t, `
listener "http" {
  address = ":8000"
}
pool "django" {
  app   = "coffeehouse.wsgi:application"
  chdir = "/srv/coffeehouse"
}
site "coffeehouse" {
  max_body_size = "32MiB"
  location "/static/" {
    static {
      directory = "/srv/coffeehouse/static"
    }
  }
  location "/" {
    pass = pool.django
  }
}
`)
	if got := c.Pools[0]; got.App != "coffeehouse.wsgi:application" || got.Processes != testCPUs {
		t.Errorf("pool: %+v", got)
	}
	site := c.Sites[0]
	if len(site.Locations) != 2 || site.Locations[0].Name != "/static" || site.Locations[1].Pass.Name != "django" {
		t.Errorf("locations: %+v", site.Locations)
	}
	if got := site.Locations[1].MaxBodySize; got != 32<<20 {
		t.Errorf("the location has max_body_size %d, the site said 32 MiB", got)
	}
	if len(site.Listeners) != 1 || site.Listeners[0] != "http" {
		t.Errorf("listeners: %q", site.Listeners)
	}
}

func TestLoad_MissingPath(t *testing.T) {
	l := Load(testOptions(filepath.Join(t.TempDir(), "nothing")))
	if !l.HasErrors() || l.Config() != nil {
		t.Fatal("a path that does not exist loads")
	}
	if text := textOf(l); !strings.Contains(text, "There is no such file or folder.") {
		t.Errorf("the message does not say so:\n%s", text)
	}
}

// manySites is a configuration of n sites with a pool each.
func manySites(n int) string {
	var b strings.Builder
	b.WriteString("listener \"http\" {\n  address = \":8000\"\n}\nvariable \"domain\" {\n  default = \"example.com\"\n}\n")
	for i := range n {
		fmt.Fprintf(&b, "pool \"p%d\" {\n  app       = \"site%d.wsgi:application\"\n  chdir     = \"/srv/p%d\"\n  processes = 1\n  env       = { DJANGO_SETTINGS_MODULE = \"site%d.settings\" }\n}\n", i, i, i, i)
		fmt.Fprintf(&b, "site \"s%d\" {\n  hosts = [\"s%d.${var.domain}\"]\n  location \"/\" {\n    pass = pool.p%d\n  }\n}\n", i, i, i)
	}
	return b.String()
}

func BenchmarkLoad(b *testing.B) {
	for _, n := range []int{1, 100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			name := filepath.Join(b.TempDir(), "a.hcl")
			if err := os.WriteFile(name, []byte(manySites(n)), 0o600); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if l := Load(testOptions(name)); l.HasErrors() {
					b.Fatal(textOf(l))
				}
			}
		})
	}
}
