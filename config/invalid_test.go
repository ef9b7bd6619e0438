package config

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// update rewrites goldens: go test ./config -update
var update = flag.Bool("update", false, "rewrite golden files and docs/reference.md")

// finding is a diagnostic as the markers in the files say it.
type finding struct {
	Line    int
	Kind    string // ERROR or WARNING
	Summary string
}

// TestInvalid loads every testdata/invalid/*.hcl. A comment "# ERROR: summary"
// or "# WARNING: summary" stands on each line that must be blamed, and the
// .want file beside it holds the whole text. A file with a mistake that
// swallows comments has no markers, only its .want.
func TestInvalid(t *testing.T) {
	names, err := filepath.Glob("testdata/invalid/*.hcl")
	if err != nil || len(names) < 80 {
		t.Fatalf("%d files, want 80 or more (%v)", len(names), err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".hcl"), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			l := Load(invalidOptions(name))
			if marked := markers(string(text)); len(marked) > 0 {
				if diff := cmp.Diff(marked, findings(l)); diff != "" {
					t.Errorf("markers and diagnostics differ (-marked +got):\n%s", diff)
				}
			}
			compareGolden(t, name+".want", textOf(l))
			if again := textOf(Load(invalidOptions(name))); again != textOf(l) {
				t.Errorf("a second run says something else:\n%s", again)
			}
		})
	}
}

func invalidOptions(name string) Options {
	o := testOptions(name)
	o.Version = "0.1.0-dev"
	return o
}

// markers are what the comments of a file announce.
func markers(text string) []finding {
	var out []finding
	for i, line := range strings.Split(text, "\n") {
		for _, part := range strings.Split(line, "# ")[1:] {
			for _, kind := range []string{"ERROR", "WARNING"} {
				if summary, ok := strings.CutPrefix(part, kind+": "); ok {
					out = append(out, finding{i + 1, kind, strings.TrimSpace(summary)})
				}
			}
		}
	}
	return out
}

func findings(l *Loaded) []finding {
	var out []finding
	for _, d := range l.diagnostics.sorted(l.sources.order) {
		out = append(out, finding{d.at.Start.Line, strings.ToUpper(d.severity.String()), d.summary})
	}
	slices.SortStableFunc(out, func(a, b finding) int { return a.Line - b.Line })
	return out
}

// compareGolden compares a text with a golden file, or rewrites the file.
func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("%v; go test ./config -update writes it", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}
