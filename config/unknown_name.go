package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// unknownName finds the first name in an expression that means nothing, and
// says what may have been meant. hcl's own message knows only its context.
func (s *scope) unknownName(expr hcl.Expression) *fault {
	for _, traversal := range expr.Variables() {
		if f := s.checkTraversal(traversal); f != nil {
			return f
		}
	}
	return nil
}

func (s *scope) checkTraversal(traversal hcl.Traversal) *fault {
	root, at := traversal.RootName(), traversal.SourceRange()
	switch root {
	case "var":
		return s.checkMember(traversal, s.variables, "variable", `variable "%s" { default = ... }`)
	case "local":
		return s.checkMember(traversal, s.locals, "local value", `locals { %s = ... }`)
	}
	name := quote(root)
	f := &fault{summary: "There is no " + name, at: at}
	switch {
	case yesOrNo(root) != "":
		f.detail = "HCL has true and false. Write: " + yesOrNo(root)
	case slices.Contains(s.blocks, root) && len(traversal) > 1:
		f.summary = "A reference cannot be used here"
		f.detail = name + " blocks are named in rows such as pass and listeners; they are not values."
	case slices.Contains(requestVariables(), root):
		f.summary = "Request variables begin with a dollar"
		f.detail = "${...} is computed once, when the configuration is loaded. Write: $" + root
	case len(traversal) == 1 && s.has(root) != "":
		f.detail = "Write: " + s.has(root) + "." + root
	case len(traversal) == 1 && !slices.Contains(s.blocks, root):
		f.detail = "Text stands in quotes. Write: " + name + ", or var.NAME and local.NAME for a value that is defined elsewhere."
	default:
		f.detail = "Values are var.NAME and local.NAME."
	}
	return f
}

// has says where a name is defined: "var", "local" or "".
func (s *scope) has(name string) string {
	if _, ok := s.variables[name]; ok {
		return "var"
	}
	if _, ok := s.locals[name]; ok {
		return "local"
	}
	return ""
}

func (s *scope) checkMember(traversal hcl.Traversal, known map[string]cty.Value, noun, define string) *fault {
	at := traversal.SourceRange()
	if len(traversal) < 2 {
		return nil // the whole object, as in keys(local)
	}
	var name string
	switch step := traversal[1].(type) {
	case hcl.TraverseAttr:
		name = step.Name
	case hcl.TraverseIndex:
		if step.Key.Type() != cty.String {
			return nil
		}
		name = step.Key.AsString()
	}
	if _, ok := known[name]; ok || name == "" {
		return nil
	}
	f := &fault{summary: "There is no " + noun + " " + quote(name), at: at}
	if before, _, dash := strings.Cut(name, "-"); dash {
		if _, ok := known[before]; ok {
			f.detail = "HCL reads a dash as part of the name. Put spaces around a minus: " + strings.Replace(s.sources.text(at), "-", " - ", 1)
			return f
		}
	}
	if near := suggest(name, slices.Collect(maps.Keys(known))); near != "" {
		f.detail = "Did you mean " + traversal.RootName() + "." + near + "?"
		return f
	}
	f.detail = "Define it: " + fmt.Sprintf(define, name)
	return f
}
