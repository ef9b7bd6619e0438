package main_test

import (
	"strconv"
	"strings"
	"testing"
)

// arrow is an import that must not exist, and why.
type arrow struct {
	from   []string // folders, with everything below; "" is everywhere
	except []string // folders, with everything below, that may
	to     []string // import paths, with everything below
	tests  bool     // tests must not either
	reason string
}

var forbidden = []arrow{
	{
		from: []string{"listeners"}, to: ours("upstreams", "pool", "config"), tests: true,
		reason: "a location is given an http.Handler; it cannot know what is behind it, nor where its settings came from",
	},
	{
		from: []string{"upstreams"}, to: ours("listeners", "pool", "config"), tests: true,
		reason: "a group of servers is usable without the rest; what it needs of an exchange is a small interface of its own",
	},
	{
		from: []string{"pool"}, to: ours("listeners", "upstreams", "config"), tests: true,
		reason: "a pool is usable without the rest; what it needs of an exchange is a small interface of its own",
	},
	{
		from: []string{"config"}, to: []string{modulePath}, except: nil, tests: true,
		reason: "configuration is text in, plain values out; whoever uses the values comes to config, never the other way",
	},
	{
		from: []string{""}, except: []string{"config"}, tests: true,
		to:     []string{"github.com/hashicorp/hcl", "github.com/zclconf/go-cty"},
		reason: "after loading no hcl or cty value exists any more",
	},
	{
		from: []string{""}, to: ours("cmd"), tests: true,
		reason: "cmd joins the rooms; nothing stands on it",
	},
	{
		from: []string{"pool"}, to: []string{"os/exec"}, except: []string{"pool/python/pythontest"},
		reason: "one spawner starts processes (pool/spawn), without the goroutines, pipes and waits of os/exec",
	},
	{
		from: []string{"listeners", "upstreams", "config"}, to: []string{"os/exec"},
		reason: "only pools start processes",
	},
	{
		from: []string{"config", "listeners", "upstreams", "pool", "cmd/appserve"}, to: []string{"log", "log/slog"},
		reason: "there is one logger, handed down; a global one cannot be told where to write",
	},
}

func ours(rooms ...string) []string {
	paths := make([]string, len(rooms))
	for i, room := range rooms {
		paths[i] = modulePath + "/" + room
	}
	return paths
}

func TestHouse_ForbiddenImports(t *testing.T) {
	for _, s := range sources(t) {
		for _, imported := range s.file.Imports {
			target, err := strconv.Unquote(imported.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range forbidden {
				if a.forbids(s, target) {
					t.Errorf("%s:%d imports %s: %s", s.name, s.line(imported.Pos()), target, a.reason)
				}
			}
		}
	}
}

func (a arrow) forbids(s *source, target string) bool {
	switch {
	case s.test && !a.tests, !beneathAny(s.folder(), a.from), beneathAny(s.folder(), a.except):
		return false
	case s.folder() != "." && beneathAny(target, ours(strings.SplitN(s.folder(), "/", 2)[0])):
		return false // its own room
	default:
		return beneathAny(target, a.to)
	}
}

// beneathAny reports whether name is one of the folders, or lies in one.
func beneathAny(name string, folders []string) bool {
	for _, folder := range folders {
		if folder == "" || name == folder || strings.HasPrefix(name, folder+"/") {
			return true
		}
	}
	return false
}

// TestHouse_ForbiddenImportsAreFound: a rule that finds nothing must be one that can find something.
func TestHouse_ForbiddenImportsAreFound(t *testing.T) {
	for _, c := range []struct {
		name   string
		target string
		found  bool
	}{
		{"listeners/static/handler.go", modulePath + "/pool", true},
		{"listeners/static/handler_test.go", modulePath + "/pool/link", true},
		{"listeners/server.go", modulePath + "/listeners/exchange", false},
		{"pool/pool.go", modulePath + "/config", true},
		{"config/load.go", modulePath + "/pool", true},
		{"config/load.go", "github.com/hashicorp/hcl/v2", false},
		{"cmd/appserve/app.go", "github.com/hashicorp/hcl/v2/hclparse", true},
		{"cmd/appserve/app.go", modulePath + "/config", false},
		{"pool/interpreter.go", "os/exec", true},
		{"pool/interpreter_test.go", "os/exec", false},
		{"pool/python/pythontest/interpreter.go", "os/exec", false},
	} {
		s := &source{name: c.name, test: strings.HasSuffix(c.name, "_test.go")}
		found := false
		for _, a := range forbidden {
			found = found || a.forbids(s, c.target)
		}
		if found != c.found {
			t.Errorf("%s imports %s: forbidden is %t, want %t", c.name, c.target, found, c.found)
		}
	}
}
