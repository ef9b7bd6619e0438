package glob

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPattern_Match(t *testing.T) {
	for _, c := range []struct {
		pattern string
		yes, no []string
	}{
		{"", []string{""}, []string{"a", "/"}},
		{"/a", []string{"/a"}, []string{"/", "/ab", "/a/", "a"}},
		{"*", []string{"", "a", "a.css"}, []string{"/", "a/b"}},
		{"*.css", []string{".css", "a.css", "a.b.css"}, []string{"css", "a/b.css", "a.css.map"}},
		{"/img/*/x.png", []string{"/img/a/x.png", "/img//x.png"}, []string{"/img/x.png", "/img/a/b/x.png"}},
		{"/img/**", []string{"/img/", "/img/a", "/img/a/b/c"}, []string{"/img", "/imga", "/x/img/a"}},
		{"**/x.png", []string{"x.png", "a/x.png", "a/b/x.png", "/x.png"}, []string{"ax.png", "a/x.pngs"}},
		{"/a/**/b", []string{"/a/b", "/a/c/b", "/a/c/d/b", "/a/b/b"}, []string{"/a/cb", "/ab", "/a/b/c"}},
		{"/a/**b", []string{"/a/b", "/a/c/db"}, []string{"/a/bc"}},
		{"/a**/b", []string{"/a/b", "/ac/d/b"}, []string{"/ab", "/b"}},
		{"**", []string{"", "/", "a/b/c"}, nil},
		{"*a*b", []string{"ab", "xaxb", "aabb"}, []string{"ba", "a/b", "abx"}},
		{"**/*.min.*", []string{"a.min.js", "js/a.min.css", "a.min.min.js"}, []string{"a.js", "a.min.js/x"}},
		{"**/secret/**", []string{"secret/", "secret/x", "a/secret/b/c"}, []string{"secret", "a/secrets/b"}},
		{"/**/a/**/b/*c", []string{"/a/b/c", "/x/a/y/b/zc", "/a/a/b/b/c"}, []string{"/a/b/c/d", "/b/a/c"}},
	} {
		p, err := Compile(c.pattern)
		if err != nil {
			t.Fatalf("%q: %v", c.pattern, err)
		}
		for _, path := range c.yes {
			if !p.Match(path) {
				t.Errorf("%q does not match %q", c.pattern, path)
			}
		}
		for _, path := range c.no {
			if p.Match(path) {
				t.Errorf("%q matches %q", c.pattern, path)
			}
		}
	}
}

func TestPattern_Head(t *testing.T) {
	for pattern, want := range map[string]string{"": "", "/a/b": "/a/b", "/a/*.css": "/a/", "**/a": "", "*": "", "/a**": "/a"} {
		p, err := Compile(pattern)
		if err != nil {
			t.Fatal(err)
		}
		if p.Head() != want || p.String() != pattern || p.Literal() != (pattern == want) {
			t.Errorf("%q: head %q, literal %v; want %q", pattern, p.Head(), p.Literal(), want)
		}
	}
}

func TestCompile_Refuses(t *testing.T) {
	for _, pattern := range []string{"a?", "[ab]", "*.{png,jpg}", `a\*`, "***", "/a/****"} {
		if _, err := Compile(pattern); !errors.Is(err, ErrSyntax) {
			t.Errorf("%q: %v, want a syntax error", pattern, err)
		}
	}
}

func TestPattern_MatchIsNotExponential(t *testing.T) {
	p, err := Compile(strings.Repeat("**/a*a/", 30) + "b")
	if err != nil {
		t.Fatal(err)
	}
	if p.Match(strings.Repeat("aaaa/", 2000)) { // a naive matcher never comes back
		t.Error("matches")
	}
}

func TestPattern_MatchTakesNoMemory(t *testing.T) {
	p, err := Compile("**/*.min.*")
	if err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(100, func() { p.Match("static/js/app.min.js") }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzPattern compares with a regular expression of the same meaning.
func FuzzPattern(f *testing.F) {
	for _, seed := range [][2]string{
		{"/a/**/b", "/a/b"}, {"*a*b", "aab"}, {"**/a*/**b*", "x/ay/zb/"}, {"**a/*b**/c", "a/a/bb/a/c"}, {"**/**/a", "a"}, {"a**b*/**/c*d", "aab/b/ccd"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, pattern, path string) {
		p, err := Compile(pattern)
		if err != nil || len(pattern) > 60 || !utf8.ValidString(pattern) || !utf8.ValidString(path) {
			return
		}
		if got, want := p.Match(path), expression(p).MatchString(path); got != want {
			t.Errorf("%q against %q: %v, want %v", pattern, path, got, want)
		}
	})
}

func expression(p *Pattern) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	for _, s := range p.steps {
		b.WriteString(map[kind]string{literal: regexp.QuoteMeta(s.text), inside: "[^/]*", across: ".*", segments: "(?:[^/]*/)*"}[s.kind])
	}
	return regexp.MustCompile(b.String() + `\z`)
}
