package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// modulePath is what our own imports begin with.
const modulePath = "github.com/appserve/appserve"

// root is the top of the source tree.
const root = "../.."

// source is one parsed Go file.
type source struct {
	name  string // from the top: "pool/pool.go"
	test  bool
	lines int
	fset  *token.FileSet
	file  *ast.File
}

// folder is the source's package folder, from the top.
func (s *source) folder() string { return path.Dir(s.name) }

func (s *source) line(at token.Pos) int { return s.fset.Position(at).Line }

// sources parses every Go file of the project.
func sources(t *testing.T) []*source {
	t.Helper()
	var all []*source
	for _, name := range files(t, ".go") {
		content := read(t, name)
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, content, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, &source{name, strings.HasSuffix(name, "_test.go"), strings.Count(content, "\n"), fset, file})
	}
	if len(all) == 0 {
		t.Fatal("no Go files found: is the test in the wrong folder?")
	}
	return all
}

// files lists the project's own files with one of the endings, from the top;
// what is generated, installed or test data is left out.
func files(t *testing.T, endings ...string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && notOurs(entry.Name()):
			return fs.SkipDir
		case !entry.IsDir() && slices.Contains(endings, path.Ext(name)):
			relative, err := filepath.Rel(root, name)
			found = append(found, filepath.ToSlash(relative))
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func notOurs(folder string) bool {
	return folder == "testdata" || folder == "bin" || folder == "var" || strings.HasPrefix(folder, ".") && folder != ".." && folder != "."
}

func read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// TestHouse_TopLevelFolders keeps the top of the tree readable: a new room is
// a decision, not an accident.
func TestHouse_TopLevelFolders(t *testing.T) {
	want := []string{"cmd", "config", "docs", "examples", "listeners", "pool", "upstreams"}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, entry := range entries {
		if entry.IsDir() && !notOurs(entry.Name()) {
			got = append(got, entry.Name())
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("folders at the top are %v, want %v", got, want)
	}
}

// TestHouse_NoReplaceInGoMod: a replace works for us and for nobody who installs the module.
func TestHouse_NoReplaceInGoMod(t *testing.T) {
	for number, line := range strings.Split(read(t, "go.mod"), "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "replace") {
			t.Errorf("go.mod:%d: %s", number+1, line)
		}
	}
}
