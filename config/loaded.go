package config

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// Loaded is the outcome of one Load: a configuration, or the reasons why there is none.
type Loaded struct {
	sources     *sources
	diagnostics diagnostics
	root        *block // the completed blocks; nil when there are errors
	config      *Config
	files       int
	places      map[Source]hcl.Range
}

// Config is the configuration; nil when the files have errors. What
// CheckWorld or Add find later does not take it away: ask HasErrors.
func (l *Loaded) Config() *Config { return l.config }

// HasErrors reports whether the configuration cannot be used.
func (l *Loaded) HasErrors() bool { return l.diagnostics.has(SeverityError) }

// HasWarnings reports whether something looks unintended.
func (l *Loaded) HasWarnings() bool { return l.diagnostics.has(SeverityWarning) }

// FileCount is how many configuration files were read.
func (l *Loaded) FileCount() int { return l.files }

// Add appends an error or a note that only the caller can know, such as an
// interpreter that is not there. It is printed in source order with the others.
func (l *Loaded) Add(severity Severity, at Source, summary, detail string) {
	l.diagnostics.list = append(l.diagnostics.list, &diagnostic{
		severity: severity, summary: summary, detail: detail, at: l.rangeOf(at),
	})
}

// Warn appends a warning that only the caller can know, under the code of a
// lint. One that Lints does not list is a bug.
func (l *Loaded) Warn(code string, at Source, summary, detail string) {
	l.diagnostics.warnAt(l.rangeOf(at), code, summary, detail)
}

// rangeOf is the range that a source was made from, or the rest of its line.
func (l *Loaded) rangeOf(at Source) hcl.Range {
	place, known := l.places[at]
	if !known && at.File != "" {
		place = l.pointAt(at)
	}
	return place
}

// pointAt is the range from a place to the end of its line.
func (l *Loaded) pointAt(at Source) hcl.Range {
	line, start := l.sources.line(at.File, at.Line)
	column := min(max(at.Column, 1), len(line)+1)
	return hcl.Range{
		Filename: at.File,
		Start:    hcl.Pos{Line: at.Line, Column: column, Byte: start + column - 1},
		End:      hcl.Pos{Line: at.Line, Column: len(line) + 1, Byte: start + len(line)},
	}
}

// Summary counts what was loaded: "3 files, 2 listeners, 4 sites, 3 pools".
func (l *Loaded) Summary() string {
	parts := []string{counted(l.FileCount(), "file")}
	if c := l.config; c != nil {
		parts = append(parts, counted(len(c.Listeners), "listener"), counted(len(c.Sites), "site"))
		if len(c.Pools) > 0 || len(c.Upstreams) == 0 {
			parts = append(parts, counted(len(c.Pools), "pool"))
		}
		if len(c.Upstreams) > 0 {
			parts = append(parts, counted(len(c.Upstreams), "upstream"))
		}
	}
	return strings.Join(parts, ", ")
}

// counted is "1 file", "2 files".
func counted(n int, noun string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case strings.HasSuffix(noun, "s"):
		return fmt.Sprintf("%d %ses", n, noun)
	default:
		return fmt.Sprintf("%d %ss", n, noun)
	}
}
