package config

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// kind is one sort of value: how it is read, and how it is written back.
type kind struct {
	name    string // in the reference: "duration"
	many    string // of several; name with an s when empty
	example string // an expression that is accepted
	bad     string // an expression that is refused
	// read turns an evaluated value, neither null nor unknown, into the
	// kind's Go type.
	read func(c *cell, v cty.Value) (any, *fault)
	// readExpr, when set, looks at the expression instead (references, lists).
	readExpr func(c *cell) (any, *fault)
	// print writes a value of the kind's Go type as HCL.
	print func(v any) string
}

// cell is one expression being decoded for a row.
type cell struct {
	row     *row
	expr    hcl.Expression
	at      hcl.Range // what to point at
	element bool      // of a list or map
	folder  string    // of the file that says it
	scope   *scope
	setting *setting
}

// decode evaluates the cell's expression and reads it. nil without a fault
// means null: not set.
func (k kind) decode(c *cell) (any, *fault) {
	if k.readExpr != nil {
		return k.readExpr(c)
	}
	v, f := c.evaluate(c.expr)
	if f != nil || v.IsNull() {
		return nil, f
	}
	return k.readValue(c, v)
}

// readValue reads a value. A placeholder is taken for any kind.
func (k kind) readValue(c *cell, v cty.Value) (any, *fault) {
	out, f := k.read(c, v)
	if f == nil {
		return out, nil
	}
	if c.setting.placeholder && v.Type() == cty.String && v.AsString() == placeholderText {
		return nil, nil
	}
	if c.setting.sensitive {
		f.detail = "The value is sensitive, so it is not shown. What belongs here is written like " + k.example + "."
	}
	return nil, f
}

// evaluate computes an expression once, and remembers what it draws on.
func (c *cell) evaluate(expr hcl.Expression) (cty.Value, *fault) {
	v, f := c.scope.evaluate(expr)
	c.setting.from = appendSources(c.setting.from, expr)
	if f != nil {
		return cty.DynamicVal, f
	}
	v, marks := v.UnmarkDeep()
	if _, secret := marks[secretMark]; secret {
		c.setting.sensitive = true
	}
	if _, placeholder := marks[placeholderMark]; placeholder {
		c.setting.placeholder = true
		if c.scope.forStart {
			return cty.DynamicVal, c.fault("This value is a placeholder of a dump",
				`appserve -T does not show secrets, it writes sensitive("...") for them. Put the value here before starting.`)
		}
	}
	if !v.IsWhollyKnown() {
		return cty.DynamicVal, &fault{silent: true}
	}
	return v, nil
}

// sub is the cell of one element.
func (c *cell) sub(expr hcl.Expression) *cell {
	element := *c
	element.element = true
	if expr != nil {
		element.expr = expr
		element.at = expr.Range()
	}
	return &element
}

// fault is a mistake in the cell's value. A summary never quotes the value:
// it may be sensitive.
func (c *cell) fault(summary, format string, args ...any) *fault {
	detail := format
	if len(args) > 0 {
		detail = fmt.Sprintf(format, args...)
	}
	return &fault{summary: summary, detail: detail, at: c.at}
}

// write is the sentence that says what to write instead.
func (c *cell) write(expression string) string {
	if c.element || c.row.name == "" {
		return "Write: " + expression
	}
	return "Write: " + c.row.name + " = " + expression
}

// source is the expression as it stands in the file.
func (c *cell) source() string { return strings.TrimSpace(c.scope.sources.text(c.at)) }

// quote writes a string as HCL.
func quote(s string) string {
	return string(hclwrite.TokensForValue(cty.StringVal(s)).Bytes())
}

func printText(v any) string { return quote(v.(string)) }

// typeName is how a message calls a value of the wrong type.
func typeName(v cty.Value) string {
	switch t := v.Type(); {
	case t == cty.String:
		return "a string"
	case t == cty.Number:
		return "a number"
	case t == cty.Bool:
		return "true or false"
	case t.IsTupleType(), t.IsListType(), t.IsSetType():
		return "a list"
	default:
		return "a map"
	}
}
