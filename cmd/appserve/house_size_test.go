package main_test

import (
	"go/ast"
	"strings"
	"testing"
)

// Hard limits. The aim is well below: 300 lines a file, 50 a function.
const (
	maxFileLines     = 500
	maxFunctionLines = 70
)

// largeFiles and largeFunctions are the exceptions, each with its reason.
var (
	largeFiles     = map[string]string{}
	largeFunctions = map[string]string{}
)

func TestHouse_FileSize(t *testing.T) {
	for _, s := range sources(t) {
		checkFileSize(t, s.name, s.lines)
	}
	for _, name := range files(t, ".py", ".js", ".css", ".html") {
		checkFileSize(t, name, strings.Count(read(t, name), "\n"))
	}
}

func checkFileSize(t *testing.T, name string, lines int) {
	t.Helper()
	if lines > maxFileLines && largeFiles[name] == "" {
		t.Errorf("%s has %d lines, at most %d are allowed: split it by what its parts are", name, lines, maxFileLines)
	}
	if reason := largeFiles[name]; reason != "" && lines <= maxFileLines {
		t.Errorf("%s needs its exception no longer (%s)", name, reason)
	}
}

func TestHouse_FunctionSize(t *testing.T) {
	for _, s := range sources(t) {
		for _, declaration := range s.file.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok || function.Body == nil {
				continue
			}
			lines := s.line(function.End()) - s.line(function.Pos()) + 1
			name := s.name + " " + functionName(function)
			if lines > maxFunctionLines && largeFunctions[name] == "" {
				t.Errorf("%s has %d lines, at most %d are allowed", name, lines, maxFunctionLines)
			}
		}
	}
}

// functionName is Name, or Type.Name for a method.
func functionName(function *ast.FuncDecl) string {
	if receiver := receiverName(function); receiver != "" {
		return receiver + "." + function.Name.Name
	}
	return function.Name.Name
}

// receiverName is the name of a method's type; empty for a function.
func receiverName(function *ast.FuncDecl) string {
	if function.Recv == nil {
		return ""
	}
	kind := function.Recv.List[0].Type
	for {
		switch inner := kind.(type) {
		case *ast.StarExpr:
			kind = inner.X
		case *ast.IndexExpr:
			kind = inner.X
		case *ast.Ident:
			return inner.Name
		default:
			return ""
		}
	}
}
