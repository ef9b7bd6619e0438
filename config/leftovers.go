package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// leftover is something in a body that no row of this version explains.
type leftover struct {
	name    string
	at      hcl.Range // the name
	value   string    // of an attribute, as it is written
	isBlock bool
}

// answerLeftovers says about each leftover what its author should write.
func (l *loading) answerLeftovers(b *block, rest hcl.Body) {
	for _, left := range l.leftovers(b, rest) {
		summary, detail := l.answer(b, left)
		l.diags.errorAt(left.at, summary, detail)
	}
}

func (l *loading) leftovers(b *block, rest hcl.Body) []leftover {
	attributes, diags := rest.JustAttributes()
	native, isNative := rest.(*hclsyntax.Body)
	if !isNative {
		for _, d := range diags { // not an object, or a property twice
			l.diags.errorAt(subject(d, b.at.Filename), d.Summary, d.Detail)
		}
	}
	var list []leftover
	for _, attr := range sortedAttributes(attributes) {
		list = append(list, leftover{attr.Name, attr.NameRange, strings.TrimSpace(l.sources.text(attr.Expr.Range())), false})
	}
	if !isNative {
		return list
	}
	for _, inner := range native.Blocks {
		if s := b.schema.block(inner.Type); s == nil || s.stage != stageMain {
			list = append(list, leftover{inner.Type, inner.TypeRange, "", true})
		}
	}
	return list
}

// answer explains a leftover: reserved, of a later version, of another
// server, misplaced or misspelled, in this order.
func (l *loading) answer(b *block, left leftover) (summary, detail string) {
	s := b.schema
	name := quote(left.name)
	if slices.Contains(reservedNames(), left.name) {
		return name + " is reserved", "A later version of the language may use it, so it cannot be a name in this one."
	}
	if r := s.row(left.name); r != nil {
		if left.isBlock && r.stage == stageMain {
			return name + " is not a block", "Write: " + left.name + " = " + exampleOf(r)
		}
		b.refused[r.name] = true
		return notYet(name, r.stage, r.doc)
	}
	if child := s.block(left.name); child != nil {
		b.refused[child.name] = true
		if child.stage == stageMain {
			return name + " is a block", "It has no equals sign. Write: " + header(child) + " { ... }"
		}
		if left.isBlock || findForeign(left.name, s) == nil {
			return notYet(name, child.stage, child.doc)
		}
	}
	summary = "There is no " + name + " in " + s.phrase
	if s.parent() {
		summary = "There is no " + name + " at " + s.phrase
	}
	if f := findForeign(left.name, s); f != nil {
		if f.ours != "" {
			b.refused[f.ours] = true
		}
		return summary, f.answer(left, s)
	}
	if near := suggest(left.name, s.names()); near != "" {
		b.refused[near] = true
		return summary, fmt.Sprintf("Did you mean %s?", quote(near))
	}
	if homes := l.homes(left.name); len(homes) > 0 {
		return summary, "It belongs in " + strings.Join(homes, " or ") + "."
	}
	if s.parent() {
		return summary, "A file holds blocks: " + strings.Join(s.names(), ", ") + "."
	}
	return summary, sentence(s.phrase) + " has: " + strings.Join(s.names(), ", ") + "."
}

// parent reports whether the schema is the top level.
func (s *schema) parent() bool { return s.name == "top level" }

func notYet(name string, st stage, doc string) (summary, detail string) {
	return name + " is not in this version yet",
		fmt.Sprintf("It comes with the stage %q: %s Leave it out for now.", string(st), plainText(doc))
}

// header is how a block begins.
func header(s *schema) string {
	if s.label == "" {
		return s.name
	}
	return s.name + ` "` + s.label + `"`
}

// homes are the blocks that know a name.
func (l *loading) homes(name string) []string {
	var found []string
	l.language.walk(func(s *schema) {
		if r := s.row(name); r != nil || s.block(name) != nil && !s.parent() {
			found = appendOnce(found, s.phrase)
		}
		if s.parent() && s.block(name) != nil {
			found = appendOnce(found, s.phrase)
		}
	})
	if len(found) > 4 {
		found = found[:4]
	}
	return found
}

// reservedNames may mean something in a later version of the language.
func reservedNames() []string {
	return []string{"for_each", "count", "each", "dynamic", "include", "source", "template", "site_defaults"}
}
