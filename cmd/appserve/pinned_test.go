package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/appserve/appserve/pool"
)

func TestPinned_ResolvesTheWayToTheCode(t *testing.T) {
	folder, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	release := filepath.Join(folder, "releases/1")
	if err := os.MkdirAll(filepath.Join(release, ".venv/bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	current := filepath.Join(folder, "current")
	for link, target := range map[string]string{current: release, filepath.Join(release, ".venv/bin/python"): "/usr/bin/python3"} {
		if err := os.Symlink(target, link); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct{ written, want pool.Config }{
		"folders": {
			pool.Config{Chdir: current, Virtualenv: current + "/.venv", PythonPath: []string{current, "/no/such/folder"}},
			pool.Config{Chdir: release, Virtualenv: release + "/.venv", PythonPath: []string{release, "/no/such/folder"}},
		},
		"files": {
			pool.Config{App: current + "/site.wsgi:application", Python: current + "/.venv/bin/python"},
			pool.Config{App: release + "/site.wsgi:application", Python: release + "/.venv/bin/python"},
		},
		"names": {
			pool.Config{App: "mysite.wsgi:application", Python: "python3.12", Chdir: "/no/such/folder"},
			pool.Config{App: "mysite.wsgi:application", Python: "python3.12", Chdir: "/no/such/folder"},
		},
	} {
		if diff := cmp.Diff(c.want, pinned(c.written), cmp.FilterValues(bothEmpty, cmp.Ignore())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func bothEmpty(a, b []string) bool { return len(a) == 0 && len(b) == 0 }
