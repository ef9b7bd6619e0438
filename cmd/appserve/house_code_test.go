package main_test

import (
	"go/ast"
	"go/token"
	"strings"
	"testing"
)

// TestHouse_PackageComments: every package says what it owns, and so what it refuses.
func TestHouse_PackageComments(t *testing.T) {
	comments := map[string]string{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		comments[s.folder()] += s.file.Doc.Text()
	}
	for folder, comment := range comments {
		switch {
		case !strings.HasPrefix(comment, "Package ") && !strings.HasPrefix(comment, "Command "):
			t.Errorf("%s has no package comment", folder)
		case !strings.Contains(comment, " own"):
			t.Errorf("the package comment of %s does not say what it owns", folder)
		}
	}
}

// TestHouse_NoInit: what happens at import time happens to everybody, in an order nobody wrote down.
func TestHouse_NoInit(t *testing.T) {
	for _, s := range sources(t) {
		for _, declaration := range s.file.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if ok && function.Recv == nil && function.Name.Name == "init" {
				t.Errorf("%s:%d has an init function", s.name, s.line(function.Pos()))
			}
		}
	}
}

// TestHouse_GoroutinesAreNamed: a goroutine with a name can be found in a stack dump, and has an owner and an end.
func TestHouse_GoroutinesAreNamed(t *testing.T) {
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if started, ok := n.(*ast.GoStmt); ok {
				if _, literal := started.Call.Fun.(*ast.FuncLit); literal {
					t.Errorf("%s:%d starts a function without a name", s.name, s.line(started.Pos()))
				}
			}
			return true
		})
	}
}

// TestHouse_ExportedNamesAreDocumented: units, errors and the section of the RFC belong there.
func TestHouse_ExportedNamesAreDocumented(t *testing.T) {
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		for _, declaration := range s.file.Decls {
			for _, name := range undocumented(declaration) {
				t.Errorf("%s:%d: %s is exported and has no comment", s.name, s.line(declaration.Pos()), name)
			}
		}
	}
}

// undocumented lists the exported names of a declaration that no comment describes.
func undocumented(declaration ast.Decl) []string {
	switch d := declaration.(type) {
	case *ast.FuncDecl:
		receiver := receiverName(d)
		if d.Doc == nil && ast.IsExported(d.Name.Name) && (receiver == "" || ast.IsExported(receiver)) && !standard[d.Name.Name] {
			return []string{functionName(d)}
		}
	case *ast.GenDecl:
		if d.Doc != nil || d.Tok == token.IMPORT {
			return nil
		}
		var names []string
		for _, spec := range d.Specs {
			names = append(names, undocumentedSpec(spec)...)
		}
		return names
	}
	return nil
}

func undocumentedSpec(spec ast.Spec) []string {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		if s.Doc == nil && s.Comment == nil && s.Name.IsExported() {
			return []string{s.Name.Name}
		}
	case *ast.ValueSpec:
		for _, name := range s.Names {
			if s.Doc == nil && s.Comment == nil && name.IsExported() {
				return []string{name.Name}
			}
		}
	}
	return nil
}

// standard are methods whose meaning another package's interface has fixed.
var standard = map[string]bool{
	"Error": true, "Unwrap": true, "String": true, "Is": true, "ServeHTTP": true, "Close": true,
	"Read": true, "Write": true, "Len": true, "Less": true, "Swap": true,
	"Header": true, "WriteHeader": true, "Flush": true, "ReadFrom": true, "Hijack": true,
}
