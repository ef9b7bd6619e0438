package config

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/userfunc"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

const (
	// callDepthMax ends a function that calls itself: HCL would go on until
	// the stack of the process is full.
	callDepthMax = 10
	// callsMax bounds one expression whose functions call each other in turn.
	callsMax = 20_000
)

// defineFunctions adds the function blocks to the scope.
func (l *loading) defineFunctions(files []parsed, blocks []scopeBlock) {
	first := map[string]hcl.Range{}
	for _, one := range blocks {
		name, at := one.block.Labels[0], one.block.LabelRanges[0]
		if !isName(name) {
			l.diags.errorAt(at, "This name cannot be called", `A function is called by its label: letters, digits and "_", and no digit in front.`)
			continue
		}
		if before, again := first[name]; again {
			l.diags.errorAt(at, "Duplicate function block", "A function named "+quote(name)+" is already defined. Each name may be used once, in any file.",
				related{"first defined here", before})
			continue
		}
		first[name] = at
		if _, taken := l.scope.values.Functions[name]; taken {
			l.diags.errorAt(at, "There is a function "+quote(name)+" already", "It is built in. Choose another name.")
			continue
		}
		l.scope.userNames[name] = true
	}
	calls := &callGuard{}
	for _, file := range files {
		functions, _, diags := userfunc.DecodeUserFunctions(file.body, "function", func() *hcl.EvalContext { return l.scope.values })
		for _, d := range diags {
			if !isLabelFault(d) {
				l.diags.errorAt(subject(d, file.name), d.Summary, d.Detail)
			}
		}
		for name, f := range functions {
			if l.scope.userNames[name] {
				l.scope.values.Functions[name] = calls.guard(name, f)
			}
		}
	}
}

// callGuard counts the calls of one expression.
type callGuard struct {
	depth int
	calls int
}

// enter is called before a function's result is computed, leave after it.
func (g *callGuard) enter(name string) error {
	if g.depth == 0 {
		g.calls = 0
	}
	g.calls++
	if g.depth >= callDepthMax || g.calls > callsMax {
		return errCircle
	}
	g.depth++
	return nil
}

func (g *callGuard) leave() { g.depth-- }

// guard wraps a user function so that it cannot recurse for ever.
func (g *callGuard) guard(name string, f function.Function) function.Function {
	return function.New(&function.Spec{
		Params:   f.Params(),
		VarParam: f.VarParam(),
		Type: func(args []cty.Value) (cty.Type, error) {
			if err := g.enter(name); err != nil {
				return cty.DynamicPseudoType, err
			}
			defer g.leave()
			return f.ReturnTypeForValues(args)
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if err := g.enter(name); err != nil {
				return cty.DynamicVal, err
			}
			defer g.leave()
			return f.Call(args)
		},
	})
}
