package canonical

import (
	"errors"
	"strings"
	"testing"
)

func TestPath(t *testing.T) {
	for _, c := range []struct{ target, want string }{
		{"/", "/"},
		{"/?q=1", "/"},
		{"/a", "/a"},
		{"/a/", "/a/"},
		{"/a/b/c", "/a/b/c"},
		{"/a?b/../../c", "/a"},
		{"/a?%zz", "/a"},
		{"//", "/"},
		{"///", "/"},
		{"//a", "/a"},
		{"///keeping_slashes", "/keeping_slashes"},
		{"/a//b", "/a/b"},
		{"/a///b//", "/a/b/"},
		{"/.", "/"},
		{"/./", "/"},
		{"/./a", "/a"},
		{"/a/.", "/a/"},
		{"/a/./", "/a/"},
		{"/a/./b", "/a/b"},
		{"/a/..", "/"},
		{"/a/../", "/"},
		{"/a/../b", "/b"},
		{"/a/b/..", "/a/"},
		{"/a/b/../", "/a/"},
		{"/a/b/../..", "/"},
		{"/a/b/../../c", "/c"},
		{"/a//../b", "/b"}, // slashes are merged first
		{"/a/b//../c", "/a/c"},
		{"/...", "/..."},
		{"/a/...", "/a/..."},
		{"/..a", "/..a"},
		{"/a..", "/a.."},
		{"/.a", "/.a"},
		{"/.well-known/acme", "/.well-known/acme"},
		{"/a.b", "/a.b"},
		{"/a./b", "/a./b"},
	} {
		checkPath(t, c.target, c.want)
	}
}

func TestPathDecodesOnce(t *testing.T) {
	for _, c := range []struct{ target, want string }{
		{"/%61", "/a"},
		{"/%2f", "/"},
		{"/a%2Fb", "/a/b"},
		{"/admin%2fx", "/admin/x"},
		{"/a%2F%2Fb", "/a/b"},
		{"/%2e/a", "/a"},
		{"/a/%2e%2E/b", "/b"},
		{"/a/.%2e/b", "/b"},
		{"/a%2F..%2Fb", "/b"},
		{"/a/b%2f..", "/a/"},
		{"/%2e%2e%2e", "/..."},
		{"/%25", "/%"},
		{"/%252e%252e/a", "/%2e%2e/a"}, // decoded once, never twice
		{"/%2561", "/%61"},
		{"/a%20b", "/a b"},
		{"/a+b", "/a+b"},
		{"/a;b=c", "/a;b=c"},
		{"/a%3Fb", "/a?b"},
		{"/a%23b", "/a#b"},
		{"/%0a", "/\n"},
		{"/%ff", "/\xff"},
		{"/%c3%a9", "/é"},
		{"/\xc3\xa9", "/é"},
		{`/a\..\b`, `/a\..\b`},
		{"/a/%5c../b", `/a/\../b`},
		{"/*", "/*"},
		{"/a:b", "/a:b"},
	} {
		checkPath(t, c.target, c.want)
	}
}

func checkPath(t *testing.T, target, want string) {
	t.Helper()
	if got, err := Path(target); err != nil || got != want {
		t.Errorf("Path(%q) = %q, %v; want %q", target, got, err, want)
	}
}

func TestPathRefuses(t *testing.T) {
	for _, c := range []struct {
		target string
		want   error
	}{
		{"", ErrNotAbsolute},
		{"?", ErrNotAbsolute},
		{"*", ErrNotAbsolute},
		{"a/b", ErrNotAbsolute},
		{"http://h/a", ErrNotAbsolute},
		{"/..", ErrAboveRoot},
		{"/../", ErrAboveRoot},
		{"/../a", ErrAboveRoot},
		{"/a/../..", ErrAboveRoot},
		{"/a/../../b", ErrAboveRoot},
		{"//../a", ErrAboveRoot},
		{"/./../a", ErrAboveRoot},
		{"/%2e%2e/a", ErrAboveRoot},
		{"/..%2fa", ErrAboveRoot},
		{"/%2e.", ErrAboveRoot},
		{"/%", ErrBadEscape},
		{"/%2", ErrBadEscape},
		{"/%zz", ErrBadEscape},
		{"/%2g", ErrBadEscape},
		{"/a%", ErrBadEscape},
		{"/%%30", ErrBadEscape},
		{"/%00", ErrNUL},
		{"/a%00.html", ErrNUL},
		{"/\x00", ErrNUL},
		{"/a#b", ErrFragment},
		{"/a?b#c", ErrFragment},
	} {
		if got, err := Path(c.target); !errors.Is(err, c.want) {
			t.Errorf("Path(%q) = %q, %v; want error %v", c.target, got, err, c.want)
		}
	}
}

func TestPathOfCanonicalDoesNotAllocate(t *testing.T) {
	target := "/static/css/base.css?v=1"
	if n := testing.AllocsPerRun(100, func() { _, _ = Path(target) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestEscape(t *testing.T) {
	for path, want := range map[string]string{
		"/":         "/",
		"/a/b":      "/a/b",
		"/a b":      "/a%20b",
		"/a%b":      "/a%25b",
		"/a?b#c":    "/a%3Fb%23c",
		"/é":        "/%C3%A9",
		"/\n":       "/%0A",
		"/a;b=c,d":  "/a;b=c,d",
		`/a\b"<>`:   "/a%5Cb%22%3C%3E",
		"/~user/$x": "/~user/$x",
	} {
		if got := Escape(path); got != want {
			t.Errorf("Escape(%q) = %q, want %q", path, got, want)
		}
	}
}

func FuzzPath(f *testing.F) {
	for _, seed := range []string{"/", "/a/../b", "/%2e%2e/", "/a//b?c", "/%252e", "/.a/..b/...", "/a/%2f/.."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, target string) {
		path, err := Path(target)
		if err != nil {
			return
		}
		if path == "" || path[0] != '/' {
			t.Fatalf("Path(%q) = %q: not absolute", target, path)
		}
		for _, bad := range []string{"//", "/./", "/../", "\x00"} {
			if strings.Contains(path, bad) {
				t.Fatalf("Path(%q) = %q: holds %q", target, path, bad)
			}
		}
		if strings.HasSuffix(path, "/.") || strings.HasSuffix(path, "/..") {
			t.Fatalf("Path(%q) = %q: ends in a dot segment", target, path)
		}
		again, err := Path(Escape(path))
		if err != nil || again != path {
			t.Fatalf("Path(%q) = %q, but spelled again it is %q, %v", target, path, again, err)
		}
	})
}
