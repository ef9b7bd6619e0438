package config

import (
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/json"
)

// parsed is one file's body and the folder its paths start from.
type parsed struct {
	name   string
	folder string
	body   hcl.Body
}

// parse is the second phase: text becomes bodies. A file with a syntax error
// is reported and left out; the load then ends before its meaning is looked at.
func (l *loading) parse(names []string) []parsed {
	var files []parsed
	for _, name := range names {
		text, err := l.options.system.readFile(name)
		if err != nil {
			l.diags.errorAt(hcl.Range{}, "Cannot read "+name, readError(err))
			continue
		}
		if file := l.parseText(name, text); file != nil {
			files = append(files, parsed{name: name, folder: folderOf(name), body: file.Body})
		}
	}
	return files
}

// parseText parses one file and keeps its text for snippets. nil after an error.
func (l *loading) parseText(name string, text []byte) *hcl.File {
	var file *hcl.File
	var diags hcl.Diagnostics
	switch {
	case !utf8.Valid(text):
		l.sources.add(name, &hcl.File{Bytes: text})
		l.diags.errorAt(firstByte(name), "This file is not UTF-8", "Save it as UTF-8 text.")
		return nil
	case strings.HasSuffix(name, ".json"):
		file, diags = json.Parse(text, name)
	default:
		file, diags = hclsyntax.ParseConfig(text, name, hcl.InitialPos)
	}
	if file == nil {
		file = &hcl.File{}
	}
	file.Bytes = text
	l.sources.add(name, file)
	for _, d := range firstOfLine(diags) {
		summary, detail := syntaxHint(l.sources, d)
		l.diags.errorAt(subject(d, name), summary, detail)
	}
	if diags.HasErrors() {
		return nil
	}
	return file
}

func firstByte(name string) hcl.Range {
	return hcl.Range{Filename: name, Start: hcl.InitialPos, End: hcl.InitialPos}
}

// subject is where a diagnostic of hcl points; never nowhere.
func subject(d *hcl.Diagnostic, file string) hcl.Range {
	if d.Subject != nil {
		return *d.Subject
	}
	if d.Context != nil {
		return *d.Context
	}
	return firstByte(file)
}

// firstOfLine keeps one message per line: the parser's second thoughts about
// a broken line only distract.
func firstOfLine(diags hcl.Diagnostics) hcl.Diagnostics {
	var kept hcl.Diagnostics
	seen := map[int]bool{}
	for _, d := range diags {
		if d.Severity != hcl.DiagError {
			continue
		}
		if d.Subject != nil {
			if seen[d.Subject.Start.Line] {
				continue
			}
			seen[d.Subject.Start.Line] = true
		}
		kept = append(kept, d)
	}
	return kept
}

// syntaxHint is what hcl says, and what people who write the line usually mean.
func syntaxHint(s *sources, d *hcl.Diagnostic) (summary, detail string) {
	summary, detail = d.Summary, d.Detail
	if d.Subject == nil {
		return summary, detail
	}
	line, _ := s.line(d.Subject.Filename, d.Subject.Start.Line)
	line, _, _ = strings.Cut(line, "#")
	line = strings.TrimSpace(line)
	name, right, assigned := strings.Cut(line, "=")
	name, right = strings.TrimSpace(name), strings.TrimSpace(right)
	switch {
	case assigned && isName(name) && isNumberWithLetters(right):
		return "This value needs quotes", "A value with a unit is text. Write: " + name + " = " + quote(right)
	case strings.Contains(line, "%{"):
		return summary, detail + ` HCL reads "%{" as a template of its own; request variables begin with a dollar: "$http_user_agent".`
	case strings.HasSuffix(line, ";"):
		return "HCL has no semicolons", "A value follows an equals sign, and the line ends behind it: name = value"
	case assigned && strings.HasPrefix(right, "'"):
		return summary, detail + " Write: " + name + " = " + quote(strings.Trim(right, "'"))
	case assigned && (strings.HasPrefix(right, "/") || strings.HasPrefix(right, ":") || strings.HasPrefix(right, "unix:")):
		return "This value needs quotes", "It is text. Write: " + name + " = " + quote(right)
	case summary == "Argument definition required" && strings.Contains(line, "{"):
		return "A block on one line cannot hold a block", "It has room for one argument. End the line after " + strings.TrimSpace(line[:strings.Index(line, "{")+1]) + " and put its closing brace on a line of its own."
	case strings.HasPrefix(summary, "Invalid single-argument block"):
		return summary, "A block on one line holds one argument. Put each on a line of its own."
	}
	return summary, detail
}

// isNumberWithLetters is true for 30s, 10MiB and 5/s.
func isNumberWithLetters(s string) bool {
	number, unit, _ := splitUnit(s)
	return number != "" && unit != "" && !strings.ContainsAny(s, " \t\"'()[]{}")
}
