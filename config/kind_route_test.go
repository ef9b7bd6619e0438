package config

import (
	"strings"
	"testing"
)

func TestCanonicalGlob(t *testing.T) {
	for text, want := range map[string]string{"/a/*": "/a/*", "/**": "/**", "/a//*.js": "/a/*.js", "/**/b/": "/**/b", "/ä*": "/ä*"} {
		if got, summary, _ := canonicalGlob(text); summary != "" || got != want {
			t.Errorf("%q is %q (%s), want %q", text, got, summary, want)
		}
	}
	for _, text := range []string{"", "/a", "*.js", "/a/***", "/a?", "/[ab]", "/{a,b}", `/\*`, "/a/../*", "/%20*", "/*#"} {
		if got, summary, detail := canonicalGlob(text); summary == "" || detail == "" {
			t.Errorf("%q is taken for %q", text, got)
		}
	}
}

func TestCanonicalRegex(t *testing.T) {
	for _, text := range []string{"^/a", `\.php$`, `^/user/(?P<name>[a-z]+)/(?P<rest>.*)$`, "(?i)^/A"} {
		if got, summary, _ := canonicalRegex(text); summary != "" || got != text {
			t.Errorf("%q is %q (%s)", text, got, summary)
		}
	}
	for text, want := range map[string]string{
		"": "every path", "~ ^/a": `location "^/a"`, "^/a(": `"^/a("`, "/ab(?=c)": "at character 4", "/äb*{x(": ")", "/a**": "at character 3", `/\1`: "no look-around",
	} {
		if _, summary, detail := canonicalRegex(text); summary == "" || !strings.Contains(detail, want) {
			t.Errorf("%q: %s: %s; want %q", text, summary, detail, want)
		}
	}
}

func TestCanonicalFilesPattern(t *testing.T) {
	for text, want := range map[string]string{"*.map": "*.map", "/assets/**": "assets/**", "**/*.py": "**/*.py"} {
		if got, summary, _ := canonicalFilesPattern(text); summary != "" || got != want {
			t.Errorf("%q is %q (%s), want %q", text, got, summary, want)
		}
	}
	for _, text := range []string{"", "/", "a/", ".map", "^a", "a$", "a//b", "a/./b", "[a]", "a\nb"} {
		if got, summary, detail := canonicalFilesPattern(text); summary == "" || detail == "" {
			t.Errorf("%q is taken for %q", text, got)
		}
	}
}
