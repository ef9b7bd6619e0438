package config

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// scope is what expressions can see: var, local and functions. It is flat: a
// child context would hide the whole var object of its parent.
type scope struct {
	sources   *sources
	forStart  bool
	values    *hcl.EvalContext
	declared  map[string]hcl.Range // variable blocks
	variables map[string]cty.Value // DynamicVal when a mistake was reported
	locals    map[string]cty.Value
	userNames map[string]bool // functions that the configuration defines
	blocks    []string        // types that references name
}

// buildScope is the fourth phase: variables, functions and locals. It returns
// what is left of the files.
func (l *loading) buildScope(files []parsed) []parsed {
	l.scope = &scope{
		sources: l.sources, forStart: l.options.ForStart,
		variables: map[string]cty.Value{}, locals: map[string]cty.Value{}, userNames: map[string]bool{},
		blocks: []string{"listener", "pool", "upstream", "site", "acme"},
	}
	functions := standardFunctions()
	maps.Copy(functions, machineFunctions(l.options.system))
	functions["sensitive"] = sensitiveFunction(l.rememberSecret)
	constants := &hcl.EvalContext{Functions: maps.Clone(functions), Variables: map[string]cty.Value{}}
	maps.Copy(functions, misplacedInputs())
	l.scope.values = &hcl.EvalContext{Functions: functions, Variables: map[string]cty.Value{}}

	var rest []parsed
	var variables, locals, functionBlocks []scopeBlock
	for _, file := range files {
		content, remain, diags := file.body.PartialContent(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
			{Type: "variable", LabelNames: []string{"NAME"}}, {Type: "locals"}, {Type: "function", LabelNames: []string{"NAME"}},
		}})
		l.addLabelFaults(diags, file.name)
		for _, b := range content.Blocks {
			one := scopeBlock{file, b}
			switch b.Type {
			case "variable":
				variables = append(variables, one)
			case "locals":
				locals = append(locals, one)
			default:
				functionBlocks = append(functionBlocks, one)
			}
		}
		rest = append(rest, parsed{file.name, file.folder, remain})
	}
	l.defineVariables(variables, constants)
	l.defineFunctions(files, functionBlocks)
	l.defineLocals(locals, functionBlocks)
	return rest
}

// scopeBlock is a block of the scope and the file it stands in.
type scopeBlock struct {
	file  parsed
	block *hcl.Block
}

// publish makes the values known so far visible to expressions.
func (s *scope) publish() {
	s.values.Variables["var"] = objectOf(s.variables)
	s.values.Variables["local"] = objectOf(s.locals)
}

func objectOf(values map[string]cty.Value) cty.Value {
	if len(values) == 0 {
		return cty.EmptyObjectVal
	}
	return cty.ObjectVal(values)
}

// evaluate computes an expression, or says the first thing that is wrong with it.
func (s *scope) evaluate(expr hcl.Expression) (cty.Value, *fault) {
	return s.evaluateIn(expr, s.values)
}

func (s *scope) evaluateIn(expr hcl.Expression, ctx *hcl.EvalContext) (cty.Value, *fault) {
	if f := s.repeatedKey(expr); f != nil {
		return cty.DynamicVal, f
	}
	if ctx == s.values {
		if f := s.unknownName(expr); f != nil {
			return cty.DynamicVal, f
		}
	}
	v, diags := expr.Value(ctx)
	for _, d := range diags {
		if d.Severity != hcl.DiagError {
			continue
		}
		f := expressionFault(d, expr.Range().Filename, s.values.Functions)
		if s.drawsOnSecret(expr, ctx) {
			f.summary, f.detail = "This expression cannot be computed", "It draws on a sensitive value, so the reason is not shown."
		}
		return cty.DynamicVal, f
	}
	return v, nil
}

// drawsOnSecret reports whether a message about expr could show a secret.
func (s *scope) drawsOnSecret(expr hcl.Expression, ctx *hcl.EvalContext) bool {
	secretInScope := false
	for _, values := range []map[string]cty.Value{s.variables, s.locals} {
		for _, v := range values {
			secretInScope = secretInScope || v.HasMarkDeep(secretMark)
		}
	}
	if !secretInScope {
		return len(s.sources.secrets) > 0 && strings.Contains(s.sources.text(expr.Range()), "sensitive(")
	}
	for _, traversal := range expr.Variables() {
		v, diags := traversal.TraverseAbs(ctx)
		if diags.HasErrors() || v.HasMarkDeep(secretMark) {
			return true
		}
	}
	return s.callsUserFunction(expr)
}

func (s *scope) callsUserFunction(expr hcl.Expression) bool {
	return len(calledNames(s.sources.text(expr.Range()), s.userNames)) > 0
}

// calledNames finds which of names stand before a parenthesis in a text. It
// may find one too many inside a string, which costs nothing but an order.
func calledNames(text string, names map[string]bool) []string {
	var found []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		for rest := text; ; {
			i := strings.Index(rest, name)
			if i < 0 {
				break
			}
			begins := i == 0 || !isName("a"+rest[i-1:i])
			rest = rest[i+len(name):]
			if begins && strings.HasPrefix(strings.TrimLeft(rest, " "), "(") {
				found = append(found, name)
				break
			}
		}
	}
	return found
}

// repeatedKey finds { A = 1, A = 2 }, where HCL would take the last one silently.
func (s *scope) repeatedKey(expr hcl.Expression) *fault {
	node, ok := expr.(hclsyntax.Node)
	if !ok {
		return nil // hcl/json has its own check
	}
	var found *fault
	_ = hclsyntax.VisitAll(node, func(n hclsyntax.Node) hcl.Diagnostics {
		object, ok := n.(*hclsyntax.ObjectConsExpr)
		if !ok || found != nil {
			return nil
		}
		first := map[string]hcl.Range{}
		for _, pair := range object.Items {
			key, diags := pair.KeyExpr.Value(nil)
			if diags.HasErrors() || key.Type() != cty.String || !key.IsKnown() || key.IsNull() {
				continue
			}
			name := key.AsString()
			if before, again := first[name]; again && found == nil {
				found = &fault{
					summary: "This key is written twice", detail: quote(name) + " would take only the last value. Leave one of them out.",
					at: pair.KeyExpr.Range(), related: []related{{"first written here", before}},
				}
			}
			first[name] = pair.KeyExpr.Range()
		}
		return nil
	})
	return found
}

// rememberSecret keeps the texts of a sensitive value out of every message.
func (l *loading) rememberSecret(v cty.Value) {
	_ = cty.Walk(v, func(_ cty.Path, one cty.Value) (bool, error) {
		if one.IsKnown() && !one.IsNull() && one.Type() == cty.String {
			if s := one.AsString(); len(s) >= 4 && !slices.Contains(l.sources.secrets, s) {
				l.sources.secrets = append(l.sources.secrets, s)
			}
		}
		return true, nil
	})
}
