package config

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// item is one element of a list with its place.
type item struct {
	value any
	at    hcl.Range
}

// listOf is a list of one kind. A single value without brackets is an error
// that shows the brackets.
func listOf(element kind) kind {
	return kind{
		name: "list of " + element.plural(), example: "[" + element.example + "]", bad: "[" + element.bad + "]",
		readExpr: func(c *cell) (any, *fault) { return c.readList(element, false) },
		print:    func(v any) string { return printList(element, v.([]item)) },
	}
}

// oneOrList is a list that may be written without brackets when it holds one element.
func oneOrList(element kind) kind {
	k := listOf(element)
	k.name = element.name + " or list"
	k.example, k.bad = element.example, element.bad
	k.readExpr = func(c *cell) (any, *fault) { return c.readList(element, true) }
	return k
}

// plural is what several values of a kind are called.
func (k kind) plural() string {
	if k.many != "" {
		return k.many
	}
	return k.name + "s"
}

// called gives a kind the word for several of its values.
func (k kind) called(many string) kind {
	k.many = many
	return k
}

func printList(element kind, items []item) string {
	var parts []string
	for _, one := range items {
		parts = append(parts, element.print(one.value))
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// readList reads element by element where the list is written out, so that a
// message points at the element, and as one value otherwise.
func (c *cell) readList(element kind, single bool) (any, *fault) {
	exprs, diags := hcl.ExprList(c.expr)
	if !diags.HasErrors() {
		items := []item{}
		for _, expr := range exprs {
			sub := c.sub(expr)
			v, f := element.decode(sub)
			if f != nil {
				return nil, f
			}
			if v == nil && !c.setting.placeholder {
				return nil, sub.fault("A list cannot hold null", "Leave the element out.")
			}
			if v != nil {
				items = append(items, item{v, sub.at})
			}
		}
		return items, nil
	}
	if element.readExpr != nil {
		return c.lonely(element, single)
	}
	v, f := c.evaluate(c.expr)
	if f != nil || v.IsNull() {
		return nil, f
	}
	if t := v.Type(); !t.IsTupleType() && !t.IsListType() && !t.IsSetType() {
		return c.oneValue(element, v, single)
	}
	items := []item{}
	for _, one := range v.AsValueSlice() {
		if one.IsNull() {
			return nil, c.fault("A list cannot hold null", "One element of this list is null; compact() removes such elements.")
		}
		read, f := element.readValue(c.sub(nil), one)
		if f != nil {
			return nil, f
		}
		items = append(items, item{read, c.at})
	}
	return items, nil
}

// lonely reads what is not a written-out list of a kind that is an expression.
func (c *cell) lonely(element kind, single bool) (any, *fault) {
	v, f := element.decode(c)
	if f != nil || v == nil {
		return nil, f
	}
	if !single {
		return nil, c.fault("This is a list", "%s", c.write("["+c.source()+"]"))
	}
	return []item{{v, c.at}}, nil
}

// oneValue reads a value where a list stands normally.
func (c *cell) oneValue(element kind, v cty.Value, single bool) (any, *fault) {
	if c.setting.placeholder {
		return nil, nil
	}
	if !single {
		return nil, c.fault("This is a list", "%s", c.write("["+c.source()+"]"))
	}
	read, f := element.readValue(c, v)
	if f != nil || read == nil {
		return nil, f
	}
	return []item{{read, c.at}}, nil
}

// entry is one pair of a map of strings, in the order it was written.
type entry struct {
	key, value string
	at         hcl.Range
}

// mapOfText is a map from names to text; numbers and switches become text.
// checkKey returns what is wrong with a key, or "".
func mapOfText(example, bad string, checkKey func(key string) string) kind {
	return kind{
		name: "map of strings", example: example, bad: bad,
		print: printMap,
		readExpr: func(c *cell) (any, *fault) {
			v, f := c.evaluate(c.expr)
			if f != nil || v.IsNull() {
				return nil, f
			}
			if !v.Type().IsObjectType() && !v.Type().IsMapType() {
				if c.setting.placeholder {
					return nil, nil
				}
				return nil, c.fault("This is a map", "It is %s. %s", typeName(v), c.write(example))
			}
			return c.readMap(v, checkKey)
		},
	}
}

func (c *cell) readMap(v cty.Value, checkKey func(string) string) (any, *fault) {
	places := mapPlaces(c.expr)
	entries := []entry{}
	for it := v.ElementIterator(); it.Next(); {
		key, one := it.Element()
		name := key.AsString()
		sub := c.sub(nil)
		if at, ok := places[name]; ok {
			sub.at = at
		}
		if why := checkKey(name); why != "" {
			return nil, sub.fault("This name cannot be used here", "%s %s.", quote(name), why)
		}
		if one.IsNull() {
			continue
		}
		converted, err := convert.Convert(one, cty.String)
		if err != nil {
			return nil, sub.fault("This value is not text", "%s is %s. Write text in quotes.", quote(name), typeName(one))
		}
		if strings.ContainsRune(converted.AsString(), 0) {
			return nil, sub.fault("This value holds a zero byte", "%s cannot hold one.", quote(name))
		}
		entries = append(entries, entry{name, converted.AsString(), sub.at})
	}
	return entries, nil
}

// mapPlaces finds the value of each key that is written out.
func mapPlaces(expr hcl.Expression) map[string]hcl.Range {
	places := map[string]hcl.Range{}
	pairs, diags := hcl.ExprMap(expr)
	if diags.HasErrors() {
		return places
	}
	for _, pair := range pairs {
		if key, diags := pair.Key.Value(nil); !diags.HasErrors() && key.Type() == cty.String && key.IsKnown() && !key.IsNull() {
			places[key.AsString()] = hcl.RangeBetween(pair.Key.Range(), pair.Value.Range())
		}
	}
	return places
}

func printMap(v any) string {
	entries := v.([]entry)
	if len(entries) == 0 {
		return "{}"
	}
	var b strings.Builder
	b.WriteString("{\n")
	for _, e := range entries {
		fmt.Fprintf(&b, "%s = %s\n", printKey(e.key), quote(e.value))
	}
	b.WriteString("}")
	return b.String()
}

// printKey writes a map key, bare where HCL allows it.
func printKey(key string) string {
	switch {
	case key == "for", key == "null", key == "true", key == "false": // HCL's own words
		return quote(key)
	case isName(key) && !strings.Contains(key, "-"):
		return key
	}
	return quote(key)
}
