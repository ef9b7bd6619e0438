package config

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestImports keeps the arrow one way: configuration knows nothing of what
// its values are used for.
func TestImports(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range file.Imports {
			path := strings.Trim(spec.Path.Value, `"`)
			if strings.HasPrefix(path, "github.com/appserve/") {
				t.Errorf("%s imports %s: config imports nothing of ours", name, path)
			}
			if strings.HasSuffix(path, "/gohcl") || path == "github.com/hashicorp/hcl/v2/hclsimple" {
				t.Errorf("%s imports %s: rows decode, not struct tags", name, path)
			}
		}
	}
}

// TestPlainTypes keeps hcl and cty out of what callers get.
func TestPlainTypes(t *testing.T) {
	text, err := os.ReadFile("config.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"hcl", "cty"} {
		if strings.Contains(string(text), word+".") {
			t.Errorf("config.go mentions %s", word)
		}
	}
}
