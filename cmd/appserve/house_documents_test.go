package main_test

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/appserve/appserve/config"
)

// fence is one fenced block of a page.
type fence struct {
	page string
	line int // of its first line
	text string
}

var fencePattern = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")

// fences finds the blocks of one language in every page for users.
func fences(t *testing.T, language string) []fence {
	t.Helper()
	var found []fence
	for _, page := range pages(t) {
		content := read(t, page)
		for _, at := range fencePattern.FindAllStringSubmatchIndex(content, -1) {
			if content[at[2]:at[3]] == language {
				found = append(found, fence{page, strings.Count(content[:at[4]], "\n") + 1, content[at[4]:at[5]]})
			}
		}
	}
	return found
}

func pages(t *testing.T) []string {
	t.Helper()
	var found []string
	for _, name := range files(t, ".md") {
		if path.Dir(name) == "." || strings.HasPrefix(name, "docs/") || strings.HasPrefix(name, "examples/") {
			found = append(found, name)
		}
	}
	return found
}

// TestHouse_DocumentedConfigurationsLoad: what a page shows can be copied and
// used, without a mistake or a warning, and is formatted as appserve fmt does it.
func TestHouse_DocumentedConfigurationsLoad(t *testing.T) {
	blocks := fences(t, "hcl")
	if len(blocks) < 8 {
		t.Fatalf("only %d fenced configurations found", len(blocks))
	}
	for _, block := range blocks {
		t.Run(fmt.Sprintf("%s:%d", block.page, block.line), func(t *testing.T) {
			file := filepath.Join(t.TempDir(), path.Base(block.page)+".hcl")
			if err := os.WriteFile(file, []byte(block.text), 0o644); err != nil {
				t.Fatal(err)
			}
			checkLoads(t, file)
		})
	}
}

func TestHouse_ExampleConfigurationsLoad(t *testing.T) {
	names, err := filepath.Glob(filepath.Join(root, "examples/conf.d/*.hcl"))
	if err != nil || len(names) < 5 {
		t.Fatalf("examples/conf.d holds %v, %v", names, err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) { checkLoads(t, name) })
	}
}

func checkLoads(t *testing.T, file string) {
	t.Helper()
	loaded := config.Load(config.Options{Paths: []string{file}, Environ: []string{}, ForStart: true})
	if loaded.HasErrors() || loaded.HasWarnings() {
		var text bytes.Buffer
		loaded.WriteText(&text, config.TextStyle{})
		t.Errorf("does not load cleanly:\n%s", text.String())
	}
	formatted := config.Format([]string{file}, true)
	if formatted.HasErrors() || len(formatted.Changed) > 0 {
		t.Error("appserve fmt would change it")
	}
}

var linkPattern = regexp.MustCompile(`\]\(([^)#\s]+)`)

// TestHouse_LinksLead: a link between pages leads somewhere.
func TestHouse_LinksLead(t *testing.T) {
	for _, page := range pages(t) {
		for _, match := range linkPattern.FindAllStringSubmatch(read(t, page), -1) {
			target := match[1]
			if strings.Contains(target, "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(root, path.Dir(page), target)); err != nil {
				t.Errorf("%s links to %s, which is not there", page, target)
			}
		}
	}
}

var codePattern = regexp.MustCompile("`((?:cmd|config|listeners|upstreams|pool)/[a-z0-9_/]+(?:\\.go)?)`")

// TestHouse_ArchitectureNamesWhatExists: the page that names files is the first to grow old.
func TestHouse_ArchitectureNamesWhatExists(t *testing.T) {
	named := codePattern.FindAllStringSubmatch(read(t, "docs/architecture.md"), -1)
	if len(named) < 20 {
		t.Fatalf("only %d names of files found", len(named))
	}
	for _, match := range named {
		if _, err := os.Stat(filepath.Join(root, match[1])); err != nil {
			t.Errorf("docs/architecture.md names %s, which is not there", match[1])
		}
	}
}
