package config

import (
	"cmp"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2/hclwrite"
)

// Dump writes the evaluated configuration as HCL: every default written out,
// a comment behind each value that says where it came from, sensitive values
// as sensitive("..."). What it writes loads again and means the same, but for
// what it hides. It must not be called when there are errors.
func (l *Loaded) Dump(w io.Writer) error {
	if l.root == nil {
		return fmt.Errorf("dumping a configuration that has errors")
	}
	d := &dumper{}
	for i, b := range dumpOrder(l.root) {
		if i > 0 {
			d.b.WriteString("\n")
		}
		d.block(b)
	}
	if _, err := w.Write(hclwrite.Format([]byte(d.b.String()))); err != nil {
		return fmt.Errorf("writing the dump: %w", err)
	}
	return nil
}

// dumpOrder is singletons first, then source order.
func dumpOrder(root *block) []*block {
	var list []*block
	for _, b := range root.blocks {
		if b.enabled() {
			list = append(list, b)
		}
	}
	slices.SortStableFunc(list, func(a, b *block) int { return cmp.Compare(dumpRank(a), dumpRank(b)) })
	return list
}

func dumpRank(b *block) int {
	return slices.Index([]string{"appserve", "log", "listener", "upstream", "pool", "site"}, b.schema.name)
}

// dumper writes blocks as HCL.
type dumper struct {
	b strings.Builder
}

func (d *dumper) block(b *block) {
	d.b.WriteString(d.header(b) + " {\n")
	for i := range b.schema.rows {
		if r := &b.schema.rows[i]; r.stage == stageMain && d.wanted(b, r) {
			d.row(b, r)
		}
	}
	for _, child := range b.blocks {
		if child.enabled() {
			d.b.WriteString("\n")
			d.block(child)
		} else if child.schema.rule {
			d.b.WriteString("\n" + d.header(child) + " {\nenabled = false\n}\n")
		}
	}
	d.b.WriteString("}\n")
}

func (d *dumper) header(b *block) string {
	if b.schema.label == "" {
		return b.schema.name
	}
	return b.schema.name + " " + quote(b.label)
}

// wanted leaves out what cannot be written beside the rest, and switches that say nothing.
func (d *dumper) wanted(b *block, r *row) bool {
	s := b.settings[r.name]
	if r.name == "enabled" && b.schema.name != "access_log" {
		return false
	}
	return s.written() || !excluded(b, r.name)
}

// excluded reports whether a default is not written out in a block: a row
// that its check would refuse, or that says no more than its opposite.
func excluded(b *block, name string) bool {
	switch b.schema.name {
	case "listener":
		unix := slices.ContainsFunc(itemsAs[Address](b.list("address")), func(a Address) bool { return a.Network == "unix" })
		return !unix && slices.Contains([]string{"mode", "user", "group"}, name) ||
			name == "client_ip_header" && len(b.list("trusted_proxies")) == 0
	case "error_page":
		return b.text("file") == "" && b.template("body").Text == "" && name == "content_type"
	case "files":
		return b.flag("deny") && name != "deny"
	case "static":
		if b.text("file") == "" {
			return name == "file"
		}
		return slices.Contains([]string{"directory", "index", "try", "symlinks", "dotfiles", "precompressed", "autoindex"}, name)
	case "location":
		static := b.one("static")
		asks := b.written("pass") != nil || static != nil && static.written("fallback") != nil
		switch name {
		case "pass":
			return b.written("pass") == nil
		case "priority":
			return b.text("match") != "regex"
		case "strip_prefix":
			return !asks || b.text("match") == "glob" || b.text("match") == "regex"
		}
		return !asks && slices.Contains([]string{"strip_prefix", "script_name", "request_timeout"}, name)
	}
	return false
}

func (d *dumper) row(b *block, r *row) {
	s := b.settings[r.name]
	if b.schema.name == "location" && excluded(b, r.name) {
		return // inherited from the site, where it is written too
	}
	text := printSetting(s)
	comment := " # " + origin(s)
	first, rest, many := strings.Cut(text, "\n")
	if many {
		fmt.Fprintf(&d.b, "%s = %s%s\n%s\n", r.name, first, comment, rest)
		return
	}
	fmt.Fprintf(&d.b, "%s = %s%s\n", r.name, text, comment)
}

// printSetting writes a value, or hides it.
func printSetting(s *setting) string {
	switch {
	case s == nil || s.value == nil && !s.placeholder:
		return "null"
	case s.row.secret:
		return printHidden(s.value)
	case s.sensitive, s.placeholder:
		return hidden
	case isZero(s.value) && s.row.zero:
		return "0"
	}
	return s.row.kind.print(s.value)
}

// hidden stands for a value that is not shown.
const hidden = `sensitive("` + placeholderText + `")`

// printHidden writes a map with its keys but without its values.
func printHidden(v any) string {
	entries, ok := v.([]entry)
	if !ok {
		return hidden
	}
	if len(entries) == 0 {
		return "{}"
	}
	var b strings.Builder
	b.WriteString("{\n")
	for _, e := range entries {
		b.WriteString(printKey(e.key) + " = " + hidden + "\n")
	}
	b.WriteString("}")
	return b.String()
}

func isZero(v any) bool { return v == time.Duration(0) || v == byteSize(0) }

// origin says where a value came from.
func origin(s *setting) string {
	if !s.written() {
		if s == nil || s.value == nil {
			return "not set"
		}
		return "default"
	}
	text := fmt.Sprintf("%s:%d", filepath.Base(s.nameAt.Filename), s.nameAt.Start.Line)
	if len(s.from) > 0 {
		text += " from " + strings.Join(s.from, ", ")
	}
	return text
}
