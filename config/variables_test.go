package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// answering is a site that answers with an expression.
func answering(expression string) string {
	return `
listener "http" {
  address = ":8000"
}
site "x" {
  location "/" {
    respond {
      body = ` + expression + `
    }
  }
}
`
}

func body(t *testing.T, l *Loaded) string {
	t.Helper()
	if l.HasErrors() {
		t.Fatalf("does not load:\n%s", textOf(l))
	}
	return l.Config().Sites[0].Locations[0].Respond.Body.Text
}

func TestVariables_Precedence(t *testing.T) {
	folder := writeConfig(t, map[string]string{
		"a.hcl":    "variable \"who\" {\n  default = \"default\"\n}\n" + answering("var.who"),
		"one.vars": `who = "file one"`,
		"two.vars": `who = "file two"`,
	})
	o := testOptions(folder)
	steps := []struct {
		add  func()
		want string
	}{
		{func() {}, "default"},
		{func() { o.Environ = []string{"OTHER=x", "APPSERVE_VAR_who=environment"} }, "environment"},
		{func() { o.VarFiles = []string{filepath.Join(folder, "one.vars"), filepath.Join(folder, "two.vars")} }, "file two"},
		{func() { o.Vars = map[string]string{"who": "flag"} }, "flag"},
	}
	for _, step := range steps {
		step.add()
		if got := body(t, Load(o)); got != step.want {
			t.Errorf("got %q, want %q", got, step.want)
		}
	}
}

func TestVariables_Types(t *testing.T) {
	cases := []struct {
		declaration, given, expression, want string
	}{
		{"", "3", `"${var.v}"`, "3"},
		{"default = 1", "3", `"${var.v + 1}"`, "4"},
		{"default = true", "false", `var.v ? "yes" : "no"`, "no"},
		{"type = number", "3", `"${var.v + 1}"`, "4"},
		{"type = list(string)", `["a", "b"]`, `join("+", var.v)`, "a+b"},
		{"type = map(number)", `{ a = 2 }`, `"${var.v.a * 2}"`, "4"},
		{"type = any", `["a"]`, `var.v`, `["a"]`},
	}
	for _, c := range cases {
		o := testOptions(writeConfig(t, map[string]string{"a.hcl": "variable \"v\" {\n  " + c.declaration + "\n}\n" + answering(c.expression)}))
		o.Vars = map[string]string{"v": c.given}
		if got := body(t, Load(o)); got != c.want {
			t.Errorf("%q given %q: %q, want %q", c.declaration, c.given, got, c.want)
		}
	}
}

func TestVariables_Mistakes(t *testing.T) {
	cases := []struct {
		name, declaration, want string
		change                  func(o *Options, folder string)
	}{
		{"unknown flag", `default = "x"`, `Declare it: variable "vv" {}`, func(o *Options, _ string) { o.Vars = map[string]string{"vv": "1"} }},
		{"wrong type", `type = number`, `-var gives "many" where the type is number`, func(o *Options, _ string) { o.Vars = map[string]string{"v": "many"} }},
		{"wrong secret", "type = number\n  sensitive = true", `-var gives a value where the type is number`, func(o *Options, _ string) { o.Vars = map[string]string{"v": "s3cret"} }},
		{"no expression", `type = list(string)`, `must hold an expression of the type list(string)`, func(o *Options, _ string) { o.Vars = map[string]string{"v": "a, b"} }},
		{"unknown in a file", `default = "x"`, `There is no variable "w"`, func(o *Options, folder string) { o.VarFiles = []string{filepath.Join(folder, "w.vars")} }},
		{"no such file", `default = "x"`, `There is no such file`, func(o *Options, folder string) { o.VarFiles = []string{filepath.Join(folder, "none.vars")} }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			folder := writeConfig(t, map[string]string{
				"a.hcl":  "variable \"v\" {\n  " + c.declaration + "\n}\n" + answering(`"hello"`),
				"w.vars": "w = 1\n",
			})
			o := testOptions(folder)
			c.change(&o, folder)
			l := Load(o)
			text := textOf(l)
			if !l.HasErrors() || !strings.Contains(text, c.want) {
				t.Errorf("no %q in\n%s", c.want, text)
			}
			if strings.Contains(text, "s3cret") {
				t.Errorf("a secret is shown:\n%s", text)
			}
		})
	}
}

func TestVariables_Inputs(t *testing.T) {
	folder := writeConfig(t, map[string]string{
		"a.hcl":    "variable \"v\" {\n  default = \"${file(\"key.txt\")}/${env(\"WHO\")}/${env(\"NOBODY\", \"nobody\")}\"\n}\n" + answering("var.v"),
		"key.txt":  "from the file\n",
		"skip.txt": "",
	})
	o := testOptions(folder)
	o.Environ = []string{"WHO=me"}
	if got, want := body(t, Load(o)), "from the file/me/nobody"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestSecrets_NeverShown puts a secret through everything that makes a message or a dump.
func TestSecrets_NeverShown(t *testing.T) {
	const secret = "Tr0ub4dor"
	uses := []string{
		"pool \"p\" {\n  app = \"a:b\"\n  threads = var.s\n}",
		"pool \"p\" {\n  app = \"a:b\"\n  request_timeout = var.s\n}",
		"pool \"p\" {\n  app = \"a:b\"\n  interface = var.s\n}",
		"pool \"p\" {\n  app = \"a:b\"\n  chdir = parseint(var.s, 10)\n}",
		"pool \"p\" {\n  app = \"a:b\"\n  chdir = local.twice.nothing\n}",
		"pool \"p\" {\n  app = \"a:b\"\n  chdir = fail(\"x\")\n}",
		"pool \"p\" {\n  app = var.s == \"x\" ? \"a\" : \"-\"\n}",
		"listener \"l\" {\n  address = var.s\n}",
		"site \"s\" {\n  hosts = [var.s, \"${var.s}:80\"]\n}",
		"site \"s\" {\n  hosts = [lower(\"${var.s}/\")]\n}",
		"site \"s\" {\n  location \"/\" {\n    respond {\n      body = \"$${var.s}\"\n    }\n  }\n}",
		"site \"s\" {\n  location \"/\" {\n    pass = var.s\n  }\n}",
		"log {\n  output = \"~${var.s}\"\n  access_log {\n    format = \"${var.s}\"\n  }\n}",
		"upstream \"u\" {\n  server \"a\" {\n    address = var.s\n  }\n}",
	}
	for _, use := range uses {
		l := loadText(t, `
variable "s" {
  default   = "`+secret+`"
  sensitive = true
}
locals {
  twice = "${var.s}${var.s}"
}
function "fail" {
  params = [x]
  result = parseint(var.s, 10)
}
`+use)
		if !l.HasErrors() {
			t.Errorf("%s loads", use)
		}
		var asJSON strings.Builder
		if err := l.WriteJSON(&asJSON); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{textOf(l), asJSON.String()} {
			if strings.Contains(strings.ToLower(text), strings.ToLower(secret)) {
				t.Errorf("%s shows the secret:\n%s", use, text)
			}
		}
	}
}

func TestLoad_NoAccess(t *testing.T) {
	folder := writeConfig(t, map[string]string{"a.hcl": answering(`"x"`)})
	o := testOptions(folder)
	o.system.readFile = func(name string) ([]byte, error) {
		return nil, &os.PathError{Op: "open", Path: name, Err: os.ErrPermission}
	}
	if text := textOf(Load(o)); !strings.Contains(text, "The permissions do not allow it.") {
		t.Error(text)
	}
	o.system.readFile = func(string) ([]byte, error) { return []byte("pool \"\xff\" {}"), nil }
	if text := textOf(Load(o)); !strings.Contains(text, "This file is not UTF-8") {
		t.Error(text)
	}
}
