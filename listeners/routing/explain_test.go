package routing

import (
	"fmt"
	"strings"
	"testing"
)

func explained(steps []Step[string]) string {
	var b strings.Builder
	for _, s := range steps {
		fmt.Fprintf(&b, "%s %s: %s\n", s.Verdict, s.Rule, s.Why)
	}
	return b.String()
}

func TestExplain(t *testing.T) {
	var p Paths[string]
	for _, r := range []Rule{
		{Pattern: "/"}, {Pattern: "/a"}, {Kind: Exact, Pattern: "/a/b"}, {Kind: Glob, Pattern: "/a*/**"}, {Kind: Glob, Pattern: "/a*/b"},
		{Kind: Regex, Pattern: "[.]php$", Priority: 1}, {Kind: Regex, Pattern: "^/(x|a/b)", Priority: 2},
	} {
		add(t, &p, r, r.String())
	}
	const without = `missed regex 1 "[.]php$": the expression does not find anything in the path
missed regex 2 "^/(x|a/b)": the expression does not find anything in the path
missed exact "/a/b": the path is another one
chosen glob "/a*/**": the pattern matches, with a literal head of 2 bytes
skipped glob "/a*/b": the pattern does not match the whole path
skipped prefix "/a": it would take the path, but on a tie glob comes before prefix
skipped prefix "/": it would take the path, but its literal head of 1 byte is shorter
`
	if got := explained(p.Explain("/a/c")); got != without {
		t.Errorf("got:\n%swant:\n%s", got, without)
	}
	const with = `missed regex 1 "[.]php$": the expression does not find anything in the path
chosen regex 2 "^/(x|a/b)": the expression finds something in the path, and no expression of a lower priority does
skipped exact "/a/b": it would take the path, but an expression comes first
skipped glob "/a*/**": it would take the path, but an expression comes first
skipped glob "/a*/b": it would take the path, but an expression comes first
skipped prefix "/a": it would take the path, but an expression comes first
skipped prefix "/": it would take the path, but an expression comes first
`
	if got := explained(p.Explain("/a/b")); got != with {
		t.Errorf("got:\n%swant:\n%s", got, with)
	}
}

// FuzzFind checks that the index behind Find and the order of precedence are
// one thing: the first rule in order that takes a path is the one that is found.
func FuzzFind(f *testing.F) {
	for _, path := range []string{"/", "/a", "/a/", "/ab", "/assets/a.css", "/assets/img/x", "/users/7/mail", "/users/12/", "/x.php/", "//", ""} {
		f.Add(path)
	}
	p := mixed(f, false)
	f.Fuzz(func(t *testing.T, path string) {
		if path == "" || path[0] != '/' || strings.Contains(path, "//") {
			return // no canonical path
		}
		want := ""
		for _, c := range p.ordered() {
			if _, ok := c.takes(path); ok {
				want = c.value
				break
			}
		}
		found, _ := p.Find(path)
		if found.Value != want {
			t.Errorf("Find(%q) = %s, want %s", path, found.Value, want)
		}
		if found.Matched > len(path) {
			t.Errorf("Find(%q): %d bytes matched", path, found.Matched)
		}
	})
}
