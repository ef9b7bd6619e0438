package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
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
	if got := join(b.works, func(w work) string { return w.name }); got != "static1k, static20k, static1m, static-sidecar, constant" {
		t.Errorf("works %s", got)
	}
	if got := join(b.report.LeftOut, func(l leftOut) string { return l.Name }); got != "b, hello, 10k, upload, hello-tls, hello-h2, idle10k, django" {
		t.Errorf("left out %s", got)
	}
}

func TestBench_LeavesOutWorksThatCannotBeLoaded(t *testing.T) {
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "wrk"), nil, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", "/nowhere")
	b := &bench{
		options:  options{python: filepath.Join(bin, "python")},
		works:    works(),
		programs: programs{},
		progress: &strings.Builder{},
	}
	b.leaveOutWorks(14_999)
	want := "hello-h2: h2load is not installed (make bench-deps), idle10k: it needs 15000 open files and the limit is 14999 (ulimit -Hn)"
	if got := join(b.report.LeftOut, leftOut.String); got != want {
		t.Errorf("left out %s", got)
	}
	if len(b.works) != len(works())-2 || b.programs["wrk"] != filepath.Join(bin, "wrk") {
		t.Errorf("%d works, programs %v", len(b.works), b.programs)
	}
}

func TestRaiseDescriptorLimit(t *testing.T) {
	limit, err := raiseDescriptorLimit()
	var now syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &now); err != nil {
		t.Fatal(err)
	}
	if err != nil || limit != now.Max || now.Cur != now.Max {
		t.Errorf("%d, %v; the limit is %+v", limit, err, now)
	}
}
