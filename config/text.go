package config

import (
	"fmt"
	"io"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// TextStyle fits messages to where they are written. The zero value is plain text.
type TextStyle struct {
	Color bool
	Width int // columns to wrap sentences at; 0: not at all
}

// maxWidth keeps lines readable on a wide terminal.
const maxWidth = 100

// WriteText writes every diagnostic in source order, and a last line that
// counts them. Without diagnostics it writes nothing.
func (l *Loaded) WriteText(w io.Writer, style TextStyle) {
	t := &textWriter{sources: l.sources, style: style}
	for _, d := range l.diagnostics.sorted(l.sources.order) {
		t.diagnostic(d)
	}
	if verdict := l.verdict(); verdict != "" {
		t.b.WriteString(verdict + "\n")
	}
	_, _ = io.WriteString(w, t.b.String()) // there is nobody left to tell
}

// verdict is the last line: "3 errors; nothing was changed."
func (l *Loaded) verdict() string {
	sorted := l.diagnostics.sorted(l.sources.order)
	errors, warnings := 0, 0
	for _, d := range sorted {
		switch d.severity {
		case SeverityError:
			errors++
		case SeverityWarning:
			warnings++
		}
	}
	switch {
	case errors > 0 && warnings > 0:
		return counted(errors, "error") + " and " + counted(warnings, "warning") + "; nothing was changed."
	case errors > 0:
		return counted(errors, "error") + "; nothing was changed."
	case warnings > 0:
		return counted(warnings, "warning") + "."
	}
	return ""
}

// textWriter renders diagnostics for people.
type textWriter struct {
	sources *sources
	style   TextStyle
	b       strings.Builder
}

func (t *textWriter) diagnostic(d *diagnostic) {
	color := map[Severity]string{SeverityError: "31", SeverityWarning: "33", SeverityNote: "36"}[d.severity]
	t.b.WriteString(t.paint(color, d.severity.String()+": ") + t.paint("1", t.sources.mask(d.summary)) + bracketed(d.code) + "\n\n")
	if d.at.Filename != "" {
		t.b.WriteString("  on " + t.where(d.at) + ":\n")
		t.snippet(d, d.at, true)
		t.b.WriteString("\n")
	}
	if d.detail != "" {
		t.b.WriteString(t.wrap(t.sources.mask(d.detail)) + "\n")
	}
	for _, r := range d.related {
		t.b.WriteString("  " + r.note + ", on " + t.where(r.at) + ":\n")
		t.snippet(d, r.at, false)
	}
	if d.detail != "" || len(d.related) > 0 {
		t.b.WriteString("\n")
	}
}

// bracketed is the code of a warning as it stands behind its summary.
func bracketed(code string) string {
	if code == "" {
		return ""
	}
	return " [" + code + "]"
}

func (t *textWriter) where(at hcl.Range) string {
	where := fmt.Sprintf("%s line %d", at.Filename, at.Start.Line)
	if context := t.sources.context(at); context != "" {
		where += ", in " + context
	}
	return where
}

// snippet shows the line, and carets below the part that is meant.
func (t *textWriter) snippet(d *diagnostic, at hcl.Range, carets bool) {
	line, start := t.sources.line(at.Filename, at.Start.Line)
	shown := t.sources.mask(line)
	if d.secret {
		shown = starLiterals(shown)
	}
	fmt.Fprintf(&t.b, "%4d: %s\n", at.Start.Line, printable(shown))
	if !carets {
		return
	}
	from := min(max(at.Start.Byte-start, 0), len(line))
	to := len(line)
	if at.End.Line == at.Start.Line {
		to = min(max(at.End.Byte-start, from), len(line))
	}
	to = from + len(strings.TrimRight(line[from:to], " \t"))
	marks := strings.Repeat("^", max(1, len([]rune(line[from:to]))))
	t.b.WriteString("      " + blank(line[:from]) + t.paint("31", marks) + "\n")
}

// starLiterals hides what stands in quotes.
func starLiterals(line string) string {
	inside := false
	return strings.Map(func(r rune) rune {
		if r == '"' {
			inside = !inside
			return r
		}
		if inside {
			return '*'
		}
		return r
	}, line)
}

// blank is as wide as s and shows nothing.
func blank(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, s)
}

// printable keeps a line from doing things to a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\t' && isControl(r) || r == 0xFFFD {
			return '?'
		}
		return r
	}, s)
}

func (t *textWriter) paint(code, s string) string {
	if !t.style.Color {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// wrap breaks a sentence between words; lines that begin with space are kept.
func (t *textWriter) wrap(s string) string {
	width := min(t.style.Width, maxWidth)
	if width <= 0 {
		return s
	}
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		if strings.HasPrefix(line, " ") {
			lines = append(lines, line)
			continue
		}
		current := ""
		for word := range strings.FieldsSeq(line) {
			if current != "" && len([]rune(current))+1+len([]rune(word)) > width {
				lines, current = append(lines, current), ""
			}
			if current != "" {
				current += " "
			}
			current += word
		}
		lines = append(lines, current)
	}
	return strings.Join(lines, "\n")
}
