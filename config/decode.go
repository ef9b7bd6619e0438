package config

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// decodeBody is the fifth phase, for one block: its body becomes settings and
// blocks, by the rows of its schema. Each attribute is evaluated once and has
// at most one diagnostic.
func (l *loading) decodeBody(b *block, body hcl.Body) {
	content, rest, diags := body.PartialContent(hclSchema(b.schema))
	l.addLabelFaults(diags, b.at.Filename)
	for _, attr := range sortedAttributes(content.Attributes) {
		l.decodeSetting(b, b.schema.row(attr.Name), attr)
	}
	for _, inner := range content.Blocks {
		child := l.newChild(b, b.schema.block(inner.Type), inner, b.folder)
		b.blocks = append(b.blocks, child)
		if child.schema.named && !isName(child.label) {
			l.diags.errorAt(child.labelAt, "This name cannot be referred to",
				`Letters, digits, "_" and "-" are allowed, and no digit in front. Write: `+child.schema.name+" "+quote(plainLabel(child.label))+" {")
		}
		l.decodeBody(child, inner.Body)
	}
	l.answerLeftovers(b, rest)
	l.findDuplicates(b)
	l.requireRows(b)
}

// hclSchema is what hcl has to know to split a body: the rows of this version.
func hclSchema(s *schema) *hcl.BodySchema {
	out := &hcl.BodySchema{}
	for i := range s.rows {
		if s.rows[i].stage == stageMain {
			out.Attributes = append(out.Attributes, hcl.AttributeSchema{Name: s.rows[i].name})
		}
	}
	for _, child := range s.blocks {
		if child.stage != stageMain || child.inScope {
			continue
		}
		header := hcl.BlockHeaderSchema{Type: child.name}
		if child.label != "" {
			header.LabelNames = []string{child.label}
		}
		out.Blocks = append(out.Blocks, header)
	}
	return out
}

// newChild makes the block for an hcl block; it is not yet part of its parent.
func (l *loading) newChild(parent *block, s *schema, from *hcl.Block, folder string) *block {
	b := newBlock(s, parent)
	b.at, b.folder = from.DefRange, folder
	if len(from.Labels) > 0 {
		b.label, b.labelAt = from.Labels[0], from.LabelRanges[0]
	}
	if b.at.Start.Line != from.TypeRange.Start.Line { // JSON: the brace may stand elsewhere
		b.at = from.TypeRange
	}
	return b
}

// plainLabel makes a label out of one that cannot be referred to.
func plainLabel(label string) string {
	plain := strings.Map(func(r rune) rune {
		if isNameStart(r) || r == '-' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, label)
	if !isName(plain) {
		plain = "x" + plain
	}
	return plain
}

func (l *loading) decodeSetting(b *block, r *row, attr *hcl.Attribute) {
	s := &setting{row: r, nameAt: attr.NameRange, at: attr.Expr.Range()}
	c := &cell{row: r, expr: attr.Expr, at: s.at, folder: b.folder, scope: l.scope, setting: s}
	v, f := r.kind.decode(c)
	if f != nil {
		f.secret = r.secret
		l.diags.addFault(f)
		b.refused[r.name] = true
		return
	}
	if r.deprecated != nil {
		l.diags.warnAt(attr.NameRange, "deprecated", quote(r.name)+" is deprecated",
			"appserve "+r.deprecated.removed+" will refuse it. Write: "+r.deprecated.use+" = "+c.source())
	}
	if v == nil && !s.placeholder {
		return // null: not set
	}
	s.value = v
	b.settings[r.name] = s
}

// requireRows answers rows that must be written and are not.
func (l *loading) requireRows(b *block) {
	if b.schema.rule && !b.enabled() {
		return // it only switches the site's off
	}
	for i := range b.schema.rows {
		r := &b.schema.rows[i]
		if !r.required || b.settings[r.name] != nil || b.refused[r.name] {
			continue
		}
		l.diags.errorAt(b.at, sentence(b.schema.phrase)+" needs "+quote(r.name), plainText(r.doc)+" Write: "+r.name+" = "+exampleOf(r))
	}
}

func exampleOf(r *row) string {
	if r.example != "" {
		return r.example
	}
	return r.kind.example
}

// sentence puts a phrase at the start of a sentence.
func sentence(phrase string) string { return strings.ToUpper(phrase[:1]) + phrase[1:] }

// findDuplicates compares the blocks of one body by type and label. At the
// top it runs once per file and sees every block read so far.
func (l *loading) findDuplicates(b *block) {
	first := map[string]hcl.Range{}
	for _, child := range b.blocks {
		if !child.schema.single && (child.schema.label == "" || child.schema.label == "PATH") {
			continue // repeatable, or with a rule of its own: a location
		}
		key := child.schema.name + " " + child.label
		if before, again := first[key]; again {
			l.duplicate(child, before)
			continue
		}
		first[key] = child.at
	}
}

// scopeOf says where a name must be the only one.
func scopeOf(b *block) string {
	if b.parent != nil && b.parent.parent != nil {
		return " in " + b.parent.schema.phrase
	}
	return ", in any file"
}

// plainText is documentation without its marks.
func plainText(doc string) string { return strings.ReplaceAll(doc, "`", "") }

func (l *loading) duplicate(b *block, before hcl.Range) {
	name := b.schema.name
	detail := "There may be one " + name + " block here. Put both into one."
	switch {
	case b.schema.label != "":
		detail = sentence(b.schema.phrase) + " named " + quote(b.label) + " is already defined. Each name may be used once" + scopeOf(b) + "."
	case b.parent != nil && b.parent.parent == nil:
		detail = "There may be one " + name + " block, in any file. Put both into one."
	}
	l.diags.errorAt(b.at, "Duplicate "+name+" block", detail, related{"first defined here", before})
}

// addLabelFaults passes on what hcl says about block headers, in our words.
func (l *loading) addLabelFaults(diags hcl.Diagnostics, file string) {
	for _, d := range diags {
		summary, detail := d.Summary, d.Detail
		if name, ok := strings.CutPrefix(summary, "Extraneous label for "); ok {
			summary, detail = "A label too many for "+name, "The "+name+" block takes no label. Write: "+name+" {"
			if s := l.schemaNamed(name); s != nil && s.label != "" {
				detail = "The " + name + " block takes one label. Write: " + name + ` "` + s.label + `" {`
			}
		} else if isLabelFault(d) {
			_, name, _ := strings.Cut(summary, " for ")
			summary, detail = sentence(l.phraseOf(name))+" needs a label", "Write: "+name+` "`+l.labelOf(name)+`" {`
		}
		l.diags.errorAt(subject(d, file), summary, detail)
	}
}

func isLabelFault(d *hcl.Diagnostic) bool {
	return strings.HasPrefix(d.Summary, "Extraneous label for ") ||
		strings.HasPrefix(d.Summary, "Missing ") && strings.Contains(d.Summary, " for ")
}

// schemaNamed finds a block schema anywhere in the language.
func (l *loading) schemaNamed(name string) *schema {
	var found *schema
	l.language.walk(func(s *schema) {
		if s.name == name && found == nil {
			found = s
		}
	})
	return found
}

func (l *loading) phraseOf(name string) string {
	if s := l.schemaNamed(name); s != nil {
		return s.phrase
	}
	return "a " + name
}

func (l *loading) labelOf(name string) string {
	if s := l.schemaNamed(name); s != nil && s.label != "" {
		return s.label
	}
	return "NAME"
}
