package config

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// environmentPrefix begins the environment variables that set variables.
const environmentPrefix = "APPSERVE_VAR_"

// environment looks a name up in Options.Environ.
func (l *loading) environment(name string) (string, bool) {
	for _, entry := range l.options.Environ {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			return value, true
		}
	}
	return "", false
}

// given is a value from outside, and where it came from.
type given struct {
	text string         // -var and environment
	expr hcl.Expression // var file
	from string
}

// defineVariables evaluates every variable block.
func (l *loading) defineVariables(blocks []scopeBlock, constants *hcl.EvalContext) {
	fromFiles := l.readVarFiles()
	first := map[string]hcl.Range{}
	for _, one := range blocks {
		b := l.newChild(l.root, l.language.block("variable"), one.block, one.file.folder)
		l.decodeBody(b, one.block.Body)
		name := b.label
		if !isPlainName(name) {
			l.diags.errorAt(b.labelAt, "This name cannot be used for a variable", `Letters, digits and "_" are allowed, and no digit in front: a dash would be read as a minus, or not.`)
			continue
		}
		if before, again := first[name]; again {
			l.duplicate(b, before)
			continue
		}
		first[name] = b.at
		v := l.variableValue(b, constants, fromFiles)
		if b.flag("sensitive") {
			v = v.Mark(secretMark)
		}
		l.scope.variables[name] = v
	}
	l.scope.declared = first
	l.strayInputs(fromFiles, first)
	l.scope.publish()
}

// strayInputs answers values for variables that nobody declares. In the
// environment they may be meant for another configuration.
func (l *loading) strayInputs(fromFiles map[string]given, declared map[string]hcl.Range) {
	names := slices.Collect(maps.Keys(declared))
	hint := func(name string) string {
		if near := suggest(name, names); near != "" {
			return "Did you mean " + quote(near) + "?"
		}
		return `Declare it: variable ` + quote(name) + ` {}`
	}
	for _, name := range slices.Sorted(maps.Keys(l.options.Vars)) {
		if _, ok := declared[name]; !ok {
			l.diags.errorAt(hcl.Range{}, "-var sets a variable that is not declared: "+quote(name), hint(name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(fromFiles)) {
		if _, ok := declared[name]; !ok {
			l.diags.errorAt(fromFiles[name].expr.Range(), "There is no variable "+quote(name), hint(name))
		}
	}
}

// variableValue is what a variable holds: from outside, or its default.
func (l *loading) variableValue(b *block, constants *hcl.EvalContext, fromFiles map[string]given) cty.Value {
	want, defaultExpr := cty.DynamicPseudoType, hcl.Expression(nil)
	if expr, ok := optional[hcl.Expression](b, "type"); ok {
		t, diags := typeexpr.TypeConstraint(expr)
		if diags.HasErrors() {
			l.diags.errorAt(expr.Range(), "This is not a type", `Write: string, number, bool, list(string) or map(string)`)
			return cty.DynamicVal
		}
		want = t
	}
	if expr, ok := optional[hcl.Expression](b, "default"); ok {
		defaultExpr = expr
	}
	ctx := constants.NewChild()
	ctx.Functions = l.inputFunctions(b.folder)
	if outside, ok := l.outside(b.label, fromFiles); ok {
		if want == cty.DynamicPseudoType && defaultExpr != nil {
			if v, diags := defaultExpr.Value(ctx); !diags.HasErrors() && v.Type().IsPrimitiveType() {
				want = v.Type()
			}
		}
		return l.outsideValue(b, outside, want, ctx)
	}
	if defaultExpr == nil {
		l.diags.errorAt(b.at, "The variable "+quote(b.label)+" has no value",
			fmt.Sprintf("It has no default. Set it: -var %s=..., or %s%s in the environment.", b.label, environmentPrefix, b.label))
		return cty.DynamicVal
	}
	return l.defaultValue(b, defaultExpr, want, ctx)
}

func (l *loading) defaultValue(b *block, expr hcl.Expression, want cty.Type, ctx *hcl.EvalContext) cty.Value {
	if len(expr.Variables()) > 0 {
		l.diags.errorAt(expr.Variables()[0].SourceRange(), "A default cannot use other values",
			"It is computed before them: only functions may be called, env() and file() among them.")
		return cty.DynamicVal
	}
	v, f := l.scope.evaluateIn(expr, ctx)
	if f != nil {
		if b.flag("sensitive") && !strings.HasPrefix(f.summary, "Error in function call") {
			f.detail = "The variable is sensitive, so the reason is not shown."
		}
		l.diags.addFault(f)
		return cty.DynamicVal
	}
	if b.flag("sensitive") {
		plain, _ := v.UnmarkDeep()
		l.rememberSecret(plain)
	}
	converted, err := convert.Convert(v, want)
	if err != nil {
		l.diags.errorAt(expr.Range(), "The default does not fit the type", "The variable "+quote(b.label)+" has the type "+
			typeexpr.TypeString(want)+". Change one of the two.", related{"the type is here", b.settings["type"].at})
		return cty.DynamicVal
	}
	return converted
}

// outside finds a value from outside: -var wins over a file, a file over the environment.
func (l *loading) outside(name string, fromFiles map[string]given) (given, bool) {
	if text, ok := l.options.Vars[name]; ok {
		return given{text: text, from: "-var"}, true
	}
	if g, ok := fromFiles[name]; ok {
		return g, true
	}
	if text, ok := l.environment(environmentPrefix + name); ok {
		return given{text: text, from: environmentPrefix + name}, true
	}
	return given{}, false
}

// outsideValue turns a value from outside into the variable's type. Text is
// taken as it is where text is wanted, and read as an expression otherwise.
func (l *loading) outsideValue(b *block, g given, want cty.Type, ctx *hcl.EvalContext) cty.Value {
	secret := b.flag("sensitive")
	v := cty.StringVal(g.text)
	at := b.at
	if secret {
		l.rememberSecret(v)
	}
	switch {
	case g.expr != nil:
		at = g.expr.Range()
		read, diags := g.expr.Value(nil)
		if diags.HasErrors() {
			l.diags.errorAt(at, "A value in a var file is plain", "No names and functions can be used there.")
			return cty.DynamicVal
		}
		if v = read; secret {
			l.rememberSecret(v)
		}
	case want == cty.DynamicPseudoType || want.IsPrimitiveType():
	default:
		expr, diags := hclsyntax.ParseExpression([]byte(g.text), g.from, hcl.InitialPos)
		if !diags.HasErrors() {
			v, diags = expr.Value(nil)
		}
		if diags.HasErrors() {
			l.diags.errorAt(at, "The value of variable "+quote(b.label)+" cannot be read",
				g.from+" must hold an expression of the type "+typeexpr.TypeString(want)+".")
			return cty.DynamicVal
		}
	}
	converted, err := convert.Convert(v, want)
	if err != nil {
		shown := ""
		if !secret && g.expr == nil {
			shown = " " + quote(g.text)
		}
		l.diags.errorAt(at, "The value of variable "+quote(b.label)+" does not fit its type",
			g.from+" gives"+cmp.Or(shown, " a value")+" where the type is "+typeexpr.TypeString(want)+".")
		return cty.DynamicVal
	}
	return converted
}

// readVarFiles reads every -var-file; a later file wins.
func (l *loading) readVarFiles() map[string]given {
	values := map[string]given{}
	for _, name := range l.options.VarFiles {
		text, err := l.options.system.readFile(name)
		if err != nil {
			l.diags.errorAt(hcl.Range{}, "Cannot read "+name, readError(err))
			continue
		}
		file := l.parseText(name, text)
		if file == nil {
			continue
		}
		attributes, diags := file.Body.JustAttributes()
		for _, d := range diags {
			l.diags.errorAt(subject(d, name), "A var file holds only values", "Write: name = value")
		}
		for _, attr := range attributes {
			values[attr.Name] = given{expr: attr.Expr, from: name}
		}
	}
	return values
}
