package config

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// reference names another block: pool.django.
type reference struct {
	Target
	at hcl.Range
}

// referenceTo is a bare reference to a block of one of the given types.
func referenceTo(types ...string) kind {
	example := types[0] + ".name"
	return kind{
		name: "reference to " + strings.Join(types, " or "), many: "references to " + strings.Join(types, " or "), example: example, bad: `"` + example + `"`,
		readExpr: func(c *cell) (any, *fault) { return c.readReference(types) },
		print:    func(v any) string { return v.(reference).Kind + "." + v.(reference).Name },
	}
}

func (c *cell) readReference(types []string) (any, *fault) {
	traversal, diags := hcl.AbsTraversalForExpr(c.expr)
	if diags.HasErrors() {
		return c.notReference(types)
	}
	root := traversal.RootName()
	names := strings.Join(types, ".NAME or ") + ".NAME"
	if root == "null" && len(traversal) == 1 {
		return nil, nil
	}
	if len(traversal) == 1 {
		return nil, c.fault("This is not a reference", "A reference names a block and its label. %s", c.write(types[0]+"."+root))
	}
	step, ok := traversal[1].(hcl.TraverseAttr)
	if root == "var" || root == "local" {
		return nil, c.fault("A reference is written out", "Which block is meant must be plain without computing: write %s, not %s.", names, c.source())
	}
	if !ok || len(traversal) > 2 {
		return nil, c.fault("This is not a reference", "A reference is two names with a dot. Write: %s", names)
	}
	for _, t := range types {
		if root == t {
			return reference{Target{root, step.Name}, c.at}, nil
		}
	}
	if near := suggest(root, types); near != "" {
		return nil, c.fault("This reference names no such block", "There is no %s. %s", quote(root), c.write(near+"."+step.Name))
	}
	return nil, c.fault("This reference names the wrong kind of block", "A %s cannot be used here. Write: %s", quote(root), names)
}

// notReference answers an expression where a reference belongs.
func (c *cell) notReference(types []string) (any, *fault) {
	if inner, ok := strings.CutPrefix(c.source(), `"${`); ok && strings.HasSuffix(c.at.Filename, ".json") {
		name, _, _ := strings.Cut(inner, "}")
		return nil, c.fault("A reference is not a template", `In JSON a reference is plain text. Write: %s`, quote(name))
	}
	v, f := c.evaluate(c.expr)
	switch {
	case f != nil && !f.silent:
		return nil, c.fault("This is not a reference", "A reference is written out, not computed. Write: %s.NAME", types[0])
	case f != nil || v.IsNull():
		return nil, f
	case v.Type() != cty.String:
		return nil, c.fault("This is not a reference", "It is %s. Write: %s.NAME", typeName(v), types[0])
	}
	s := v.AsString()
	for _, t := range types {
		if name, ok := strings.CutPrefix(s, t+"."); ok && isName(name) && strings.HasPrefix(c.source(), `"`) {
			return nil, c.fault("A reference has no quotes", "Drop the quotes. %s", c.write(s))
		}
	}
	if strings.Contains(s, "://") {
		return nil, c.fault("This is not a reference", `A server is described once, in an upstream block. Write: upstream "NAME" { server "a" { address = "127.0.0.1:9000" } } and here: upstream.NAME`)
	}
	if isName(s) {
		return nil, c.fault("This is not a reference", "A reference names a block and its label, without quotes. %s", c.write(types[0]+"."+s))
	}
	return nil, c.fault("This is not a reference", "Write: %s.NAME", types[0])
}
