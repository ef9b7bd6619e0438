package config

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// expression is any expression, kept for a later phase (variable defaults and types).
func expression(name, example, bad string) kind {
	return kind{
		name: name, example: example, bad: bad,
		readExpr: func(c *cell) (any, *fault) { return c.expr, nil },
		print:    func(v any) string { return "" },
	}
}

func ctyString(s string) cty.Value { return cty.StringVal(s) }

// appendSources adds the variables and locals that an expression draws on.
func appendSources(from []string, expr hcl.Expression) []string {
	for _, traversal := range expr.Variables() {
		root := traversal.RootName()
		if root != "var" && root != "local" || len(traversal) < 2 {
			continue
		}
		if step, ok := traversal[1].(hcl.TraverseAttr); ok {
			from = appendOnce(from, root+"."+step.Name)
		}
	}
	return from
}

func appendOnce(list []string, s string) []string {
	for _, one := range list {
		if one == s {
			return list
		}
	}
	return append(list, s)
}
