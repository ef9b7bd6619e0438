package config

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// local is one value of a locals block, to be computed after those it needs.
type local struct {
	attr  *hcl.Attribute
	needs []string
	state localState
}

type localState int

const (
	localNew localState = iota
	localBusy
	localDone
)

// defineLocals evaluates every locals block, in the order that the values need each other.
func (l *loading) defineLocals(blocks, functions []scopeBlock) {
	locals := map[string]*local{}
	var order []string
	for _, one := range blocks {
		attributes, diags := one.block.Body.JustAttributes()
		for _, d := range diags {
			l.diags.errorAt(subject(d, one.file.name), "A locals block holds only values", "Write: name = value")
		}
		for _, attr := range sortedAttributes(attributes) {
			if !isPlainName(attr.Name) {
				l.diags.errorAt(attr.NameRange, "This name cannot be used for a local value", `Letters, digits and "_" are allowed, and no digit in front: a dash would be read as a minus, or not.`)
				continue
			}
			if before, again := locals[attr.Name]; again {
				l.diags.errorAt(attr.NameRange, "Duplicate local value", "A local value named "+quote(attr.Name)+" is already defined. Each name may be used once, in any file.",
					related{"first defined here", before.attr.NameRange})
				continue
			}
			locals[attr.Name] = &local{attr: attr}
			order = append(order, attr.Name)
			l.scope.locals[attr.Name] = cty.DynamicVal // known by name before it is by value
		}
	}
	needs := functionNeeds(functions, l.scope)
	for _, one := range locals {
		one.needs = neededLocals(one.attr.Expr, l.scope, needs)
	}
	for _, name := range order {
		l.computeLocal(name, locals, nil)
	}
	l.scope.publish()
}

// computeLocal evaluates one local after those it needs. path is how it was reached.
func (l *loading) computeLocal(name string, locals map[string]*local, path []string) {
	one := locals[name]
	if one == nil || one.state == localDone {
		return
	}
	path = append(path, name)
	if one.state == localBusy {
		circle := path[slices.Index(path, name):]
		l.diags.errorAt(one.attr.Expr.Range(), "Local values need each other in a circle",
			"local."+strings.Join(circle, " -> local.")+". Break the circle at one of them.")
		one.state = localDone
		return
	}
	one.state = localBusy
	for _, needed := range one.needs {
		l.computeLocal(needed, locals, path)
	}
	if one.state == localDone {
		return // part of a circle
	}
	one.state = localDone
	l.scope.publish()
	v, f := l.scope.evaluate(one.attr.Expr)
	l.diags.addFault(f)
	l.scope.locals[name] = v
}

// functionNeeds is which locals the result of each function draws on, through other functions too.
func functionNeeds(functions []scopeBlock, s *scope) map[string][]string {
	direct, calls := map[string][]string{}, map[string][]string{}
	for _, one := range functions {
		attributes, _ := one.block.Body.JustAttributes()
		if result := attributes["result"]; result != nil {
			name := one.block.Labels[0]
			direct[name] = localNames(result.Expr)
			calls[name] = calledNames(s.sources.text(result.Expr.Range()), s.userNames)
		}
	}
	needs := map[string][]string{}
	for name := range direct {
		seen := map[string]bool{}
		var visit func(string)
		visit = func(function string) {
			if seen[function] {
				return
			}
			seen[function] = true
			needs[name] = append(needs[name], direct[function]...)
			for _, called := range calls[function] {
				visit(called)
			}
		}
		visit(name)
	}
	return needs
}

func neededLocals(expr hcl.Expression, s *scope, functions map[string][]string) []string {
	needs := localNames(expr)
	for _, called := range calledNames(s.sources.text(expr.Range()), s.userNames) {
		needs = append(needs, functions[called]...)
	}
	return needs
}

func localNames(expr hcl.Expression) []string {
	var names []string
	for _, from := range appendSources(nil, expr) {
		if name, ok := strings.CutPrefix(from, "local."); ok {
			names = append(names, name)
		}
	}
	return names
}

// sortedAttributes are attributes in source order; hcl has them in a map.
func sortedAttributes(attributes hcl.Attributes) []*hcl.Attribute {
	var list []*hcl.Attribute
	for _, attr := range attributes {
		list = append(list, attr)
	}
	slices.SortFunc(list, func(a, b *hcl.Attribute) int { return a.NameRange.Start.Byte - b.NameRange.Start.Byte })
	return list
}
