package routing

import "testing"

func TestPaths(t *testing.T) {
	var p Paths[string]
	for _, path := range []string{"/", "/admin/", "/admin/static", "/a/b/c"} {
		if !p.Add(path, false, path) {
			t.Fatalf("Add(%q): taken", path)
		}
	}
	for _, path := range []string{"/", "/admin/login", "/health"} {
		if !p.Add(path, true, "="+path) {
			t.Fatalf("Add(%q, exact): taken", path)
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
		got, matched, ok := p.Find(c.path)
		if !ok || got != c.want || c.path[matched:] != c.rest {
			t.Errorf("Find(%q) = %q, rest %q, %v; want %q, rest %q", c.path, got, c.path[matched:], ok, c.want, c.rest)
		}
	}
}

func TestPathsClaimedTwice(t *testing.T) {
	var p Paths[int]
	p.Add("/admin", false, 1)
	if p.Add("/admin/", false, 2) {
		t.Error("/admin and /admin/ are one location")
	}
	if !p.Add("/admin", true, 3) {
		t.Error("exact and prefix may share a path")
	}
}

func TestPathsWithoutRoot(t *testing.T) {
	var p Paths[int]
	p.Add("/app", false, 1)
	for _, path := range []string{"/", "/x", "/ap", "/x/app"} {
		if v, _, ok := p.Find(path); ok {
			t.Errorf("Find(%q) = %v", path, v)
		}
	}
}

func TestPathsFindDoesNotAllocate(t *testing.T) {
	var p Paths[int]
	p.Add("/a", false, 1)
	if n := testing.AllocsPerRun(100, func() { p.Find("/a/b/c/d/e") }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkPathsFind(b *testing.B) {
	var p Paths[int]
	p.Add("/", false, 1)
	p.Add("/static", false, 2)
	b.ReportAllocs()
	for b.Loop() {
		if v, _, _ := p.Find("/polls/2026/11/results/"); v != 1 {
			b.Fatal(v)
		}
	}
}
