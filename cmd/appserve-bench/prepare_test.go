package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFindProgram_BesidePythonFirst(t *testing.T) {
	bin := t.TempDir()
	beside := filepath.Join(bin, "sh")
	if err := os.WriteFile(beside, nil, 0o755); err != nil {
		t.Fatal(err)
	}
	if got, err := findProgram("sh", filepath.Join(bin, "python")); err != nil || got != beside {
		t.Errorf("%s, %v", got, err)
	}
	if got, err := findProgram("sh", "/nowhere/python"); err != nil || !strings.HasSuffix(got, "/sh") || got == beside {
		t.Errorf("%s, %v", got, err)
	}
	if _, err := findProgram("no-such-server", "/nowhere/python"); err == nil || !strings.Contains(err.Error(), "no-such-server is not installed (make bench-deps)") {
		t.Errorf("%v", err)
	}
}

func TestBench_LeavesOutWhatIsMissing(t *testing.T) {
	b := &bench{
		options:  options{python: "/nowhere/python"},
		works:    works(),
		peers:    []peer{{name: "a", needs: []string{"sh"}}, {name: "b", needs: []string{"sh", "no-such-server"}}},
		programs: programs{},
		progress: &strings.Builder{},
	}
	b.leaveOutWhatIsMissing(t.Context())
	if got := join(b.peers, func(p peer) string { return p.name }); got != "a" {
		t.Errorf("peers %s", got)
	}
	if got := join(b.works, func(w work) string { return w.name }); got != "static1k, static20k, static1m" {
		t.Errorf("works %s", got)
	}
	if got := join(b.report.LeftOut, func(l leftOut) string { return l.Name }); got != "b, hello, 10k, upload, django" {
		t.Errorf("left out %s", got)
	}
}

func TestPrepareShared_FilesHaveTheirSizes(t *testing.T) {
	shared, err := prepareShared(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range works() {
		if w.site != staticSite {
			if !exists(filepath.Join(shared, string(w.site)+".py")) {
				t.Errorf("%s: no module %s", w.name, w.site)
			}
			continue
		}
		info, err := os.Stat(filepath.Join(shared, "static", w.path))
		if err != nil || info.Size() != int64(w.size) {
			t.Errorf("%s: %v, %v", w.path, info, err)
		}
	}
}
