package config

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// Formatted is the outcome of Format.
type Formatted struct {
	Changed []string // files that were, or with check would be, rewritten
	loaded  *Loaded
}

// HasErrors reports whether a file could not be read, parsed or written.
func (f *Formatted) HasErrors() bool { return f.loaded.HasErrors() }

// WriteText writes what was wrong, as Loaded.WriteText does.
func (f *Formatted) WriteText(w io.Writer, style TextStyle) { f.loaded.WriteText(w, style) }

// Format rewrites HCL files in the one layout; with check it only says which
// are not in it. A file that does not parse is reported and left alone, and
// so are JSON files.
func Format(paths []string, check bool) *Formatted {
	l, loaded := newLoading(Options{})
	out := &Formatted{loaded: loaded}
	for _, name := range l.find(paths) {
		if strings.HasSuffix(name, ".json") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			l.diags.errorAt(hcl.Range{}, "Cannot read "+name, readError(err))
			continue
		}
		if l.parseText(name, text) == nil {
			continue
		}
		tidy := layout(text)
		if bytes.Equal(tidy, text) {
			continue
		}
		if !check {
			if err := rewrite(name, tidy); err != nil {
				l.diags.errorAt(hcl.Range{}, "Cannot write "+name, readError(err))
				continue
			}
		}
		out.Changed = append(out.Changed, name)
	}
	return out
}

// layout is hcl's own format, without runs of blank lines, with one line end at the end.
func layout(text []byte) []byte {
	var out bytes.Buffer
	blank := 0
	heredoc := ""
	for line := range bytes.Lines(hclwrite.Format(text)) {
		content := strings.TrimSpace(string(line))
		if heredoc == "" && content == "" {
			if blank++; blank > 1 || out.Len() == 0 {
				continue
			}
		} else {
			blank = 0
		}
		switch {
		case heredoc == "":
			heredoc = heredocMarker(content)
		case content == heredoc:
			heredoc = ""
		}
		out.Write(line)
	}
	if heredoc != "" {
		return out.Bytes()
	}
	tidy := bytes.TrimRight(out.Bytes(), "\n")
	if len(tidy) == 0 {
		return nil
	}
	return append(tidy, '\n')
}

// heredocMarker is the word that ends a heredoc beginning on this line, or "".
func heredocMarker(line string) string {
	i := strings.LastIndex(line, "<<")
	if i < 0 {
		return ""
	}
	marker := strings.TrimPrefix(line[i+2:], "-")
	if isName(marker) {
		return marker
	}
	return ""
}

// rewrite replaces a file at once, with the permissions it had.
func rewrite(name string, text []byte) error {
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(name); err == nil {
		mode = info.Mode().Perm()
	}
	temporary := name + ".appserve-fmt"
	if err := os.WriteFile(temporary, text, mode); err != nil {
		return err
	}
	if err := os.Rename(temporary, name); err != nil {
		_ = os.Remove(temporary)
		return err
	}
	return nil
}
