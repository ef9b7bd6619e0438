package config

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty/function"
)

// errCircle ends a function that calls itself.
var errCircle = errors.New("a function cannot call itself, directly or through others")

// expressionFault is a diagnostic of hcl about an expression in our form. The
// error of a function says which function and, when the configuration defines
// it, where in it.
func expressionFault(d *hcl.Diagnostic, file string, functions map[string]function.Function) *fault {
	f := &fault{summary: d.Summary, at: subject(d, file)}
	f.detail, _, _ = strings.Cut(d.Detail, " Did you mean ") // in map order, so another one every time
	if unknown, ok := hcl.DiagnosticExtra[hclsyntax.FunctionCallUnknownDiagExtra](d); ok {
		return unknownFunction(f, unknown.CalledFunctionName(), functions)
	}
	call, ok := hcl.DiagnosticExtra[hclsyntax.FunctionCallDiagExtra](d)
	if !ok || call.FunctionCallError() == nil {
		return f
	}
	err := call.FunctionCallError()
	f.summary = "Calling " + call.CalledFunctionName() + "() failed"
	f.detail = sentence(strings.TrimSuffix(err.Error(), ".")) + "."
	var inner hcl.Diagnostics
	if !errors.As(err, &inner) || len(inner) == 0 {
		return f
	}
	cause := expressionFault(inner[0], file, functions)
	f.detail, f.related = cause.detail, []related{{"in the function, here", cause.at}}
	if len(cause.related) > 0 {
		f.related = cause.related
	}
	return f
}

// unknownFunction answers a call of a function that does not exist.
func unknownFunction(f *fault, name string, functions map[string]function.Function) *fault {
	f.summary = "There is no function " + quote(name)
	f.detail = "Define it: function " + quote(name) + " { params = [...] result = ... }"
	if near := suggest(name, slices.Collect(maps.Keys(functions))); near != "" {
		f.detail = "Did you mean " + near + "()?"
	}
	return f
}
