package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFormat(t *testing.T) {
	const untidy = "\n\nlistener   \"http\" {\naddress=\":80\"\n\n\n\n  backlog   = 5\n}\n\n\n\npool \"a\" {\n  app = <<EOT\none\n\n\n\ntwo\nEOT\n}\n\n\n"
	const tidy = "listener \"http\" {\n  address = \":80\"\n\n  backlog = 5\n}\n\npool \"a\" {\n  app = <<EOT\none\n\n\n\ntwo\nEOT\n}\n"
	folder := writeConfig(t, map[string]string{"a.hcl": untidy, "b.hcl": tidy, "c.hcl": "pool {", "d.hcl.json": "{ }"})
	name := filepath.Join(folder, "a.hcl")

	check := Format([]string{folder}, true)
	if len(check.Changed) != 1 || check.Changed[0] != name || !check.HasErrors() {
		t.Errorf("check: %q, errors %v", check.Changed, check.HasErrors())
	}
	if text, _ := os.ReadFile(name); string(text) != untidy {
		t.Error("check has rewritten a file")
	}
	var b strings.Builder
	check.WriteText(&b, TextStyle{})
	if !strings.Contains(b.String(), "c.hcl line 1") {
		t.Errorf("the broken file is not named:\n%s", b.String())
	}

	if got := Format([]string{folder}, false).Changed; len(got) != 1 {
		t.Errorf("changed %q", got)
	}
	if text, _ := os.ReadFile(name); string(text) != tidy {
		t.Errorf("the file is now\n%s\nwant\n%s", text, tidy)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("permissions: %v %v", info.Mode(), err)
	}
	if got := Format([]string{folder}, false).Changed; len(got) != 0 {
		t.Errorf("a second run changes %q", got)
	}
}

// TestFormat_Examples keeps the files of this repository in the layout.
func TestFormat_Examples(t *testing.T) {
	if got := Format(append(validFiles(t), exampleFiles(t)...), true); len(got.Changed) > 0 || got.HasErrors() {
		t.Errorf("not in the layout: %q", got.Changed)
	}
}
