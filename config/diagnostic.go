package config

import (
	"cmp"
	"slices"

	"github.com/hashicorp/hcl/v2"
)

// Severity says whether a diagnostic keeps a configuration from being used.
type Severity int

// The severities. A warning fails only under -strict, a note never.
const (
	SeverityError Severity = iota + 1
	SeverityWarning
	SeverityNote
)

// String is the word that starts a message.
func (s Severity) String() string {
	switch s {
	case SeverityWarning:
		return "Warning"
	case SeverityNote:
		return "Note"
	default:
		return "Error"
	}
}

// diagnostic is one message about one place.
type diagnostic struct {
	severity Severity
	code     string    // of a warning: which lint it is of
	summary  string    // names the mistake, no full stop
	detail   string    // names the thing in quotes, ends with what to write
	at       hcl.Range // Filename is empty when no file is to blame
	related  []related
	secret   bool // the snippet may hold what must not be shown
}

// related is another place that a diagnostic speaks of.
type related struct {
	note string // "first defined here"
	at   hcl.Range
}

// diagnostics collects every message of one load.
type diagnostics struct {
	list    []*diagnostic
	ignored []string // codes of warnings that are not wanted
}

func (d *diagnostics) errorAt(at hcl.Range, summary, detail string, more ...related) {
	d.list = append(d.list, &diagnostic{severity: SeverityError, summary: summary, detail: detail, at: at, related: more})
}

// warnAt adds a warning. A code that Lints does not list is a bug.
func (d *diagnostics) warnAt(at hcl.Range, code, summary, detail string, more ...related) {
	if !isLint(code) {
		panic("config: there is no lint " + code)
	}
	d.list = append(d.list, &diagnostic{severity: SeverityWarning, code: code, summary: summary, detail: detail, at: at, related: more})
}

func (d *diagnostics) noteAt(at hcl.Range, summary, detail string) {
	d.list = append(d.list, &diagnostic{severity: SeverityNote, summary: summary, detail: detail, at: at})
}

func (d *diagnostics) addFault(f *fault) {
	if f != nil && !f.silent {
		d.errorAt(f.at, f.summary, f.detail, f.related...)
		d.list[len(d.list)-1].secret = f.secret
	}
}

func (d *diagnostics) has(s Severity) bool { return d.count(s) > 0 }

func (d *diagnostics) count(s Severity) int {
	n := 0
	for _, one := range d.list {
		if one.severity == s && d.wanted(one) {
			n++
		}
	}
	return n
}

// wanted reports whether a diagnostic is told. Errors and notes always are.
func (d *diagnostics) wanted(one *diagnostic) bool {
	return one.severity != SeverityWarning || !slices.Contains(d.ignored, one.code)
}

// sorted is the list in source order: by file as they were read, then by
// place. What has no place comes first. Equal messages at one place are one.
func (d *diagnostics) sorted(order func(file string) int) []*diagnostic {
	list := slices.DeleteFunc(slices.Clone(d.list), func(one *diagnostic) bool { return !d.wanted(one) })
	slices.SortStableFunc(list, func(a, b *diagnostic) int {
		return cmp.Or(
			cmp.Compare(order(a.at.Filename), order(b.at.Filename)),
			cmp.Compare(a.at.Filename, b.at.Filename),
			cmp.Compare(a.at.Start.Byte, b.at.Start.Byte),
			cmp.Compare(a.at.End.Byte, b.at.End.Byte),
			cmp.Compare(a.severity, b.severity),
			cmp.Compare(a.summary, b.summary),
			cmp.Compare(a.detail, b.detail),
		)
	})
	return slices.CompactFunc(list, func(a, b *diagnostic) bool {
		return a.at == b.at && a.summary == b.summary && a.detail == b.detail
	})
}

// fault is a mistake on its way up to become a diagnostic.
type fault struct {
	summary string
	detail  string
	at      hcl.Range
	related []related
	secret  bool // the line may hold what must not be shown
	silent  bool // follows from a mistake that was reported already
}
