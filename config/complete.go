package config

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// completion is the eighth phase: every block gets the value of every row
// that nobody wrote, and every block that is implied.
type completion struct {
	root      *block
	listeners []*block
	cpus      int
	scope     *scope
	constant  map[*row]any
}

func (l *loading) complete() {
	c := &completion{root: l.root, listeners: l.root.all("listener"), cpus: l.options.system.cpus(), scope: l.scope, constant: map[*row]any{}}
	c.addImplied(l.root)
	l.eachEnabled(l.root, c.inheritRules)
	l.eachEnabled(l.root, c.fillConstants)
	l.eachEnabled(l.root, c.fillComputed)
}

// addImplied adds the blocks that exist without being written. They stand in
// front, so that a dump reads from the general to the particular.
func (c *completion) addImplied(b *block) {
	var missing []*block
	for _, s := range b.schema.blocks {
		if s.implied && b.one(s.name) == nil {
			child := newBlock(s, b)
			child.folder = b.folder
			missing = append(missing, child)
		}
	}
	b.blocks = append(missing, b.blocks...)
	for _, child := range b.blocks {
		c.addImplied(child)
	}
}

// inheritRules gives a location the rules of its site that it does not set itself.
func (c *completion) inheritRules(b *block) {
	if b.schema.name != "location" {
		return
	}
	for _, r := range ruleRows() {
		if s := b.parent.settings[r.name]; r.stage == stageMain && s != nil && b.settings[r.name] == nil {
			b.settings[r.name] = s
		}
	}
}

func (c *completion) fillConstants(b *block) {
	for i := range b.schema.rows {
		r := &b.schema.rows[i]
		if r.stage == stageMain && r.computed == nil && !hasValue(b, r) {
			c.set(b, r, c.constantOf(r))
		}
	}
}

func (c *completion) fillComputed(b *block) {
	for i := range b.schema.rows {
		if r := &b.schema.rows[i]; r.stage == stageMain && r.computed != nil && !hasValue(b, r) {
			c.set(b, r, r.computed(c, b))
		}
	}
}

func hasValue(b *block, r *row) bool {
	s := b.settings[r.name]
	return s != nil && s.value != nil
}

// set stores a default; what a placeholder stands for keeps its place.
func (c *completion) set(b *block, r *row, v any) {
	if s := b.settings[r.name]; s != nil {
		s.value = v
		return
	}
	b.settings[r.name] = &setting{row: r, value: v}
}

// constantOf reads a default as it is written in the row. A default that is
// wrong is a bug.
func (c *completion) constantOf(r *row) any {
	if r.def == "" {
		return nil
	}
	if v, ok := c.constant[r]; ok {
		return v
	}
	expr, diags := hclsyntax.ParseExpression([]byte(r.def), "default of "+r.name, hcl.InitialPos)
	if diags.HasErrors() {
		panic(fmt.Sprintf("config: default of %s: %v", r.name, diags))
	}
	v, f := r.kind.decode(&cell{row: r, expr: expr, at: expr.Range(), folder: "/", scope: c.scope, setting: &setting{}})
	if f != nil {
		panic(fmt.Sprintf("config: default of %s: %s. %s", r.name, f.summary, f.detail))
	}
	c.constant[r] = v
	return v
}
