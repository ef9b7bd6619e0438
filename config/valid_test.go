package config

import (
	"encoding/json"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// validFiles are the configurations that must load.
func validFiles(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, pattern := range []string{"testdata/valid/*.hcl", "testdata/valid/*.hcl.json"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, found...)
	}
	if len(names) < 5 {
		t.Fatalf("only %q", names)
	}
	return names
}

// exampleFiles are the configurations for users, when they are there already.
func exampleFiles(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("../examples/conf.d/*.hcl")
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestValid loads every testdata/valid file and compares the frozen
// configuration with the .want.json beside it. $HERE stands for this folder.
func TestValid(t *testing.T) {
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range validFiles(t) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			l := Load(invalidOptions(name))
			if l.HasErrors() || l.HasWarnings() {
				t.Fatalf("does not load:\n%s", textOf(l))
			}
			text, err := json.MarshalIndent(l.Config(), "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			got := strings.ReplaceAll(string(text), filepath.Dir(here), "$HERE")
			compareGolden(t, name+".want.json", got+"\n")
		})
	}
}

// TestDump_LoadsAgain prints every configuration there is as -T does, loads
// what was printed, and finds the same configuration, but for hidden values.
func TestDump_LoadsAgain(t *testing.T) {
	for _, name := range append(validFiles(t), exampleFiles(t)...) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			first := Load(invalidOptions(name))
			if first.HasErrors() {
				t.Fatalf("does not load:\n%s", textOf(first))
			}
			dumped := dumpOf(t, first)
			second := loadText(t, dumped)
			if second.HasErrors() {
				t.Fatalf("the dump does not load:\n%s\n%s", textOf(second), dumped)
			}
			if diff := cmp.Diff(hideSecrets(first.Config()), second.Config(), sameMeaning()); diff != "" {
				t.Errorf("the dump means something else (-first +dump):\n%s", diff)
			}
			if again := dumpOf(t, second); stripComments(again) != stripComments(dumped) {
				t.Errorf("the dump of the dump differs:\n%s", cmp.Diff(stripComments(dumped), stripComments(again)))
			}
		})
	}
}

// sameMeaning ignores where values were written.
func sameMeaning() cmp.Option {
	return cmp.Options{cmpopts.IgnoreFields(Block{}, "Source", "Sources"), cmpopts.IgnoreTypes(Source{}), cmpopts.EquateEmpty(), cmpopts.EquateComparable(netip.Prefix{})}
}

// hideSecrets does to a configuration what a dump does to env and users.
func hideSecrets(c *Config) *Config {
	hide := func(rules *LocationRules) {
		if rules.BasicAuth == nil {
			return
		}
		for name := range rules.BasicAuth.Users {
			rules.BasicAuth.Users[name] = placeholderText
		}
	}
	for _, site := range c.Sites {
		hide(&site.Defaults)
		for _, location := range site.Locations {
			hide(&location.LocationRules)
		}
	}
	for _, p := range c.Pools {
		for name := range p.Env {
			p.Env[name] = placeholderText
		}
	}
	return c
}

func dumpOf(t *testing.T, l *Loaded) string {
	t.Helper()
	var b strings.Builder
	if err := l.Dump(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// stripComments leaves the values; comments name other lines in another file,
// and so they are aligned otherwise.
func stripComments(text string) string {
	var out []string
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, " # ")
		out = append(out, strings.Join(strings.Fields(line), " "))
	}
	return strings.Join(out, "\n")
}

func TestDump_SaysWhereValuesComeFrom(t *testing.T) {
	l := loadText(t, `
variable "domain" {
  default = "example.com"
}
locals {
  host = "www.${var.domain}"
}
listener "http" {
  address = ":8000"
}
site "www" {
  hosts = [local.host, "example.com"]
  location "/" {
    respond {}
  }
}
`)
	dumped := dumpOf(t, l)
	for _, want := range []string{
		`hosts              = ["www.example.com", "example.com"] # a.hcl:12 from local.host`,
		`address             = [":8000"] # a.hcl:9`,
		`backlog             = 4096      # default`,
		`script_name        = null                               # not set`,
	} {
		if !strings.Contains(dumped, want) {
			t.Errorf("no line %q in\n%s", want, dumped)
		}
	}
}

func TestDump_HidesSecrets(t *testing.T) {
	const secret = "correct-horse-battery"
	l := loadText(t, `
variable "key" {
  default   = "`+secret+`"
  sensitive = true
}
listener "http" {
  address = ":8000"
}
pool "app" {
  app        = "app:application"
  virtualenv = "/srv/${var.key}"
  threads    = sensitive(4)
  env        = { KEY = var.key, PLAIN = "visible-otherwise" }
}
site "www" {
  hosts = [var.key]
  location "/" {
    pass = pool.app
  }
}
`)
	if l.HasErrors() {
		t.Fatal(textOf(l))
	}
	if got := l.Config().Pools[0]; got.Env["KEY"] != secret || got.Threads != 4 {
		t.Fatalf("the pool does not get its values: %+v", got)
	}
	dumped := dumpOf(t, l)
	for _, hiddenText := range []string{secret, "visible-otherwise", "threads              = 4"} {
		if strings.Contains(dumped, hiddenText) {
			t.Errorf("%q is shown:\n%s", hiddenText, dumped)
		}
	}
	path := writeConfig(t, map[string]string{"dump.hcl": dumped})
	if again := Load(testOptions(path)); again.HasErrors() {
		t.Errorf("-t does not take the dump:\n%s", textOf(again))
	}
	start := testOptions(path)
	start.ForStart = true
	refused := Load(start)
	if !refused.HasErrors() {
		t.Fatal("a start takes placeholders")
	}
	if text := textOf(refused); strings.Count(text, "placeholder of a dump") != 4 {
		t.Errorf("not one message per placeholder:\n%s", text)
	}
}

func TestDump_RefusesErrors(t *testing.T) {
	l := loadText(t, "pool {}")
	if err := l.Dump(os.Stderr); err == nil {
		t.Error("a configuration with errors is dumped")
	}
}
