package routing

import (
	"slices"
	"strings"
	"testing"
)

func TestPaths(t *testing.T) {
	var p Paths[string]
	for _, path := range []string{"/", "/admin/", "/admin/static", "/a/b/c"} {
		if err := p.Add(Rule{Pattern: path}, path); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"/", "/admin/login", "/health"} {
		if err := p.Add(Rule{Kind: Exact, Pattern: path}, "="+path); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ path, want, rest string }{
		{"/", "=/", "/"},
		{"/x", "/", "/x"},
		{"/x/", "/", "/x/"},
		{"/admin", "/admin/", ""},
		{"/admin/", "/admin/", "/"},
		{"/admin/x", "/admin/", "/x"},
		{"/administrator", "/", "/administrator"},
		{"/admin/login", "=/admin/login", ""},
		{"/admin/login/", "=/admin/login", "/"},
		{"/admin/login/x", "/admin/", "/login/x"},
		{"/admin/static/css/a.css", "/admin/static", "/css/a.css"},
		{"/admin/statics", "/admin/", "/statics"},
		{"/a/b", "/", "/a/b"},
		{"/a/b/c/d", "/a/b/c", "/d"},
		{"/health", "=/health", ""},
		{"/health/x", "/", "/health/x"},
	} {
		got, ok := p.Find(c.path)
		if !ok || got.Value != c.want || c.path[got.Matched:] != c.rest {
			t.Errorf("Find(%q) = %q, rest %q, %v; want %q, rest %q", c.path, got.Value, c.path[got.Matched:], ok, c.want, c.rest)
		}
	}
}

func add[T any](t testing.TB, p *Paths[T], r Rule, value T) {
	t.Helper()
	if err := p.Add(r, value); err != nil {
		t.Fatal(err)
	}
}

func TestPathsRefuses(t *testing.T) {
	var p Paths[int]
	add(t, &p, Rule{Pattern: "/admin"}, 1)
	add(t, &p, Rule{Kind: Exact, Pattern: "/admin"}, 2) // exact and prefix may share a path
	add(t, &p, Rule{Kind: Glob, Pattern: "/admin/*"}, 3)
	add(t, &p, Rule{Kind: Regex, Pattern: "^/x", Priority: 5}, 4)
	for want, r := range map[string]Rule{
		`two locations have the path "/admin/"`:         {Pattern: "/admin/"}, // /admin and /admin/ are one location
		`two locations have the path "/admin"`:          {Kind: Exact, Pattern: "/admin"},
		`two locations have the pattern "/admin/*"`:     {Kind: Glob, Pattern: "/admin/*"},
		"two expressions have the priority 5":           {Kind: Regex, Pattern: "^/y", Priority: 5},
		`"x" does not start with a slash`:               {Pattern: "x"},
		`"" does not start with a slash`:                {Kind: Exact},
		`"*.html" does not start with a slash`:          {Kind: Glob, Pattern: "*.html"},
		`"{" has no meaning here`:                       {Kind: Glob, Pattern: "/{a,b}"},
		"an empty expression finds every path":          {Kind: Regex, Priority: 1},
		"error parsing regexp: missing closing ): `(/`": {Kind: Regex, Pattern: "(/", Priority: 1},
	} {
		if err := p.Add(r, 9); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Add(%v) = %v, want %q", r, err, want)
		}
	}
}

func TestPathsWithoutRoot(t *testing.T) {
	var p Paths[int]
	add(t, &p, Rule{Pattern: "/app"}, 1)
	for _, path := range []string{"/", "/x", "/ap", "/x/app"} {
		if found, ok := p.Find(path); ok {
			t.Errorf("Find(%q) = %v", path, found)
		}
	}
}

// mixed has all kinds, added in an order that must have no meaning.
func mixed(t testing.TB, backwards bool) *Paths[string] {
	rules := []Rule{
		{Pattern: "/"},
		{Kind: Glob, Pattern: "/**.php"},
		{Kind: Glob, Pattern: "/assets/*.css"},
		{Kind: Glob, Pattern: "/assets/**"},
		{Pattern: "/assets/img"},
		{Kind: Glob, Pattern: "/a*"},
		{Pattern: "/a"},
		{Kind: Exact, Pattern: "/a"},
		{Kind: Regex, Pattern: `^/users/(?P<id>[0-9]+)(?:/(?P<tab>\w+))?$`, Priority: 20},
		{Kind: Regex, Pattern: `^/users/7`, Priority: 10},
		{Kind: Regex, Pattern: `\.secret`, Priority: 30},
		{Pattern: "/users/7/mail"},
	}
	if backwards {
		slices.Reverse(rules)
	}
	var p Paths[string]
	for _, r := range rules {
		add(t, &p, r, r.String())
	}
	return &p
}

func TestPathsPrecedence(t *testing.T) {
	for _, c := range []struct{ path, want, rest string }{
		{"/", `prefix "/"`, "/"},
		{"/x.php", `glob "/**.php"`, "/x.php"},
		{"/x/y.php", `glob "/**.php"`, "/x/y.php"},
		{"/x/y.php/", `glob "/**.php"`, "/x/y.php/"}, // a slash at the end has no meaning
		{"/x.php/y", `prefix "/"`, "/x.php/y"},
		{"/assets/a.css", `glob "/assets/*.css"`, "/a.css"},
		{"/assets/b/a.css", `glob "/assets/**"`, "/b/a.css"},
		{"/assets/img/a.css", `prefix "/assets/img"`, "/a.css"},
		{"/assets/img.css", `glob "/assets/*.css"`, "/img.css"},
		{"/assets/x.php", `glob "/assets/**"`, "/x.php"},
		{"/assets", `glob "/a*"`, "/assets"},
		{"/a", `exact "/a"`, ""},
		{"/a/", `exact "/a"`, "/"},
		{"/a/b", `prefix "/a"`, "/b"},
		{"/ab", `glob "/a*"`, "/ab"},
		{"/users/12", `regex 20 "^/users/(?P<id>[0-9]+)(?:/(?P<tab>\\w+))?$"`, "/users/12"},
		{"/users/7/mail", `regex 10 "^/users/7"`, "/users/7/mail"},
		{"/users/8/mail/x", `prefix "/"`, "/users/8/mail/x"},
		{"/assets/img/.secret/x", `regex 30 "\\.secret"`, "/assets/img/.secret/x"},
	} {
		for _, backwards := range []bool{false, true} {
			got, ok := mixed(t, backwards).Find(c.path)
			if !ok || got.Value != c.want || c.path[got.Matched:] != c.rest {
				t.Errorf("Find(%q) = %s, rest %q, %v; want %s, rest %q", c.path, got.Value, c.path[got.Matched:], ok, c.want, c.rest)
			}
		}
	}
}

func TestPathsGroups(t *testing.T) {
	p := mixed(t, false)
	for _, c := range []struct{ path, id, tab string }{
		{"/users/12", "12", ""}, {"/users/12/mail", "12", "mail"}, {"/x", "", ""}, {"/users/7/x", "", ""},
	} {
		found, _ := p.Find(c.path)
		if id, tab, no := found.Groups.Get("id"), found.Groups.Get("tab"), found.Groups.Get("no"); id != c.id || tab != c.tab || no != "" {
			t.Errorf("%q: id %q, tab %q, no %q", c.path, id, tab, no)
		}
	}
	var twice Paths[int]
	add(t, &twice, Rule{Kind: Regex, Pattern: `^/(?:a(?P<n>\d)|b(?P<m>\d))$`, Priority: 1}, 1)
	if found, _ := twice.Find("/b5"); found.Groups.Get("n") != "" || found.Groups.Get("m") != "5" {
		t.Errorf("%+v", found.Groups)
	}
}

// A line break is a character like any other: else "^/admin.*$" would not
// guard "/admin%0A".
func TestRegexTakesLineBreaks(t *testing.T) {
	var p Paths[int]
	add(t, &p, Rule{Kind: Regex, Pattern: "^/admin.*$", Priority: 1}, 1)
	for _, path := range []string{"/admin\n", "/admin\n/x", "/admin\r\nx", "/admin/\xff\xfe"} {
		if _, ok := p.Find(path); !ok {
			t.Errorf("%q slips past", path)
		}
	}
}

// Without the expressions: package regexp keeps its machines in a sync.Pool,
// which loses some of them at random under the race detector.
func TestPathsFindDoesNotAllocate(t *testing.T) {
	p := mixed(t, false)
	p.regexes = nil
	for _, path := range []string{"/a/b/c/d/e", "/assets/a.css", "/users/7/x", "/x/.secret", "/x/y.php"} {
		if n := testing.AllocsPerRun(100, func() { p.Find(path) }); n != 0 {
			t.Errorf("%s: %v allocations", path, n)
		}
	}
}

func BenchmarkPathsFind(b *testing.B) {
	plain := &Paths[string]{}
	add(b, plain, Rule{Pattern: "/"}, "root")
	add(b, plain, Rule{Pattern: "/static"}, "static")
	for _, c := range []struct {
		name, path string
		paths      *Paths[string]
	}{
		{"plain", "/polls/2026/11/results/", plain},
		{"mixed", "/polls/2026/11/results/", mixed(b, false)},
		{"glob", "/assets/main.css", mixed(b, false)},
		{"groups", "/users/12/mail", mixed(b, false)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, ok := c.paths.Find(c.path); !ok {
					b.Fatal(c.path)
				}
			}
		})
	}
}
