package config

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestLintsPage keeps docs/lints.md current: go test ./config -run TestLintsPage -update writes it.
func TestLintsPage(t *testing.T) {
	var b strings.Builder
	b.WriteString(lintsIntroduction)
	for _, lint := range Lints() {
		b.WriteString("| `" + lint.Code + "` | " + lint.Doc + " | " + lint.Why + " |\n")
	}
	compareGolden(t, "../docs/lints.md", b.String())
}

const lintsIntroduction = "# Warnings\n\n" +
	"`appserve -t` warns of what is allowed and seldom meant. A warning does not keep a configuration from being used, unless `-t -strict` asks for that. " +
	"Each has a code, which stands in brackets behind it, and as `code` in `-t -json`:\n\n" +
	"```\nWarning: Pool \"old\" is used by no location [unused-pool]\n\n  on /etc/appserve/shop.hcl line 12, in pool \"old\":\n  12: pool \"old\" {\n      ^^^^^^^^^^\n\nWrite: pass = pool.old in a location, or enabled = false here.\n\n1 warning.\n```\n\n" +
	"What you know and do not want to read again is switched off by its code, in one place:\n\n" +
	"```hcl\nappserve {\n  ignore_warnings = [\"unused-pool\"]\n}\n\nlistener \"http\" {\n  address = \":8000\"\n}\n\npool \"old\" {\n  app = \"shop.wsgi:application\"\n}\n\nsite \"shop\" {\n  location \"/\" {\n    respond {\n      body = \"hello\"\n    }\n  }\n}\n```\n\n" +
	"This page is written from the program's own table (`go test ./config -run TestLintsPage -update`).\n\n" +
	"| code | when | why, and what to do |\n| --- | --- | --- |\n"

func TestLints_SortedAndSaid(t *testing.T) {
	codes := lintCodes()
	if !slices.IsSorted(codes) || len(slices.Compact(slices.Clone(codes))) != len(codes) {
		t.Errorf("not sorted, or twice: %q", codes)
	}
	for _, lint := range Lints() {
		if !regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`).MatchString(lint.Code) || !strings.HasSuffix(lint.Doc, ".") || !strings.HasSuffix(lint.Why, ".") {
			t.Errorf("%+v", lint)
		}
	}
	// Every code is said somewhere: here or in cmd/appserve.
	names, err := filepath.Glob("../c*/*.go")
	deeper, _ := filepath.Glob("../cmd/appserve/*.go")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{"unused-pool": true, "unused-upstream": true} // made of the block's name
	for _, name := range append(names, deeper...) {
		if filepath.Base(name) == "lints.go" || strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range codes {
			said[code] = said[code] || strings.Contains(string(text), quote(code))
		}
	}
	for _, code := range codes {
		if !said[code] {
			t.Errorf("%s is never said", code)
		}
	}
}

func TestIgnoreWarnings(t *testing.T) {
	text := "listener \"http\" {\n  address = \":8000\"\n}\npool \"a\" {\n  app = \"a:b\"\n}\nupstream \"u\" {\n  server \"a\" {\n    address = \"127.0.0.1:1\"\n  }\n}\nsite \"x\" {\n  location \"/\" {\n    respond {}\n  }\n}\n"
	l := loadText(t, text)
	if got := l.diagnostics.count(SeverityWarning); got != 2 {
		t.Fatalf("%d warnings, want 2:\n%s", got, textOf(l))
	}
	l = loadText(t, text+"appserve {\n  ignore_warnings = [\"unused-pool\"]\n}\n")
	if out := textOf(l); !l.HasWarnings() || !strings.Contains(out, "[unused-upstream]") || strings.Contains(out, "unused-pool") || !strings.Contains(out, "\n1 warning.\n") {
		t.Errorf("%s", out)
	}
	var b strings.Builder
	if err := l.WriteJSON(&b); err != nil || !strings.Contains(b.String(), `"code": "unused-upstream"`) {
		t.Errorf("%v\n%s", err, b.String())
	}
	l.Warn("unused-pool", Source{}, "again", "")
	if strings.Contains(textOf(l), "again") {
		t.Error("a warning from outside is told although its code is switched off")
	}
}
