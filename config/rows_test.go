package config

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// beside is what a row needs next to it to mean something.
func beside(path string) string {
	switch path {
	case "listener.mode", "listener.user", "listener.group":
		return `address = "unix:/run/sample.sock"`
	case "location.strip_prefix", "location.script_name", "location.request_timeout":
		return "pass = pool.sample"
	case "listener.client_ip_header":
		return "address = \":8000\"\ntrusted_proxies = [\"10.0.0.0/8\"]"
	case "tls.client_ca":
		return "certificate = \"/a.pem\"\nkey = \"/a.key\"\nclient_auth = \"required\""
	case "tls.client_auth":
		return "certificate = \"/a.pem\"\nkey = \"/a.key\"\nclient_ca = \"/ca.pem\""
	case "error_page.file":
		return "# alone"
	case "error_page.content_type", "error_page.status", "error_page.intercept":
		return "file = \"/srv/404.html\""
	case "location.priority":
		return "match = \"regex\"\npass = pool.sample"
	case "location.match":
		return "pass = pool.sample"
	case "site.satisfy":
		return guarded + "location \"/\" {\nrespond {}\n}"
	case "location.satisfy":
		return guarded + "respond {}"
	case "pool.max_requests_jitter":
		return "app = \"a:b\"\nmax_requests = 1000"
	case "static.file":
		return "# alone"
	case "static.max_age", "static.cache_control", "static.index", "static.try", "static.fallback", "static.symlinks", "static.dotfiles",
		"static.precompressed", "static.autoindex", "static.immutable":
		return `directory = "/srv/mysite/static"`
	}
	return ""
}

// guarded asks for an address and a password.
const guarded = "allow = [\"10.0.0.0/8\"]\nbasic_auth {\nusers_file = \"/users\"\n}\n"

// eachRow visits every row of this version with the schemas around it, the outermost first.
func eachRow(visit func(path []*schema, r *row)) {
	var walk func(path []*schema, s *schema)
	walk = func(path []*schema, s *schema) {
		path = append(slices.Clone(path), s)
		for i := range s.rows {
			if s.rows[i].stage == stageMain {
				visit(path, &s.rows[i])
			}
		}
		for _, child := range s.blocks {
			if child.stage == stageMain {
				walk(path, child)
			}
		}
	}
	for _, s := range language().blocks {
		if s.stage == stageMain {
			walk(nil, s)
		}
	}
}

// rowConfig is a configuration in which a row has a value; the line of the
// row ends in a comment that only it has.
func rowConfig(path []*schema, r *row, expression string) string {
	inner := path[len(path)-1]
	line := r.name + " = " + expression + rowMark
	body := beside(inner.name + "." + r.name)
	if body == "" && r.name != "pass" {
		body = withoutRow(inner.sample, r.name)
	}
	text := wrap(inner, body+"\n"+line)
	for i := len(path) - 2; i >= 0; i-- {
		around := ""
		if !slices.Contains(actionNames(), path[i+1].name) && path[i].name != "site" && path[i].name != "upstream" {
			around = path[i].sample + "\n"
		}
		if path[i].name == "location" && path[i+1].name == "request_headers" {
			around = "pass = pool.sample\n"
		}
		text = wrap(path[i], around+text)
	}
	tls := ""
	if r.name == "client_certificate" {
		tls = "tls {\n" + beside("tls.client_ca") + "\nclient_ca = \"/ca.pem\"\n}\n"
	}
	return "listener \"sample\" {\n  address = \":9999\"\n" + tls + "}\npool \"sample\" {\n  app = \"a:b\"\n}\n" + text
}

const rowMark = " # here"

func wrap(s *schema, body string) string {
	label := ""
	switch s.label {
	case "":
	case "PATH":
		label = ` "/sample"`
	case "STATUS":
		label = ` "404"`
	case "PATTERN":
		label = ` "*.map"`
	default:
		label = ` "other"`
	}
	return s.name + label + " {\n" + body + "\n}\n"
}

// withoutRow removes the line that sets a row from a sample.
func withoutRow(sample, name string) string {
	var kept []string
	for line := range strings.Lines(sample) {
		if left, _, ok := strings.Cut(line, "="); !ok || strings.TrimSpace(left) != name {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

// TestRows looks at every row: it is documented, its default is a value of
// its kind, its example loads, and a bad value is refused on its line.
func TestRows(t *testing.T) {
	count := 0
	eachRow(func(path []*schema, r *row) {
		count++
		inner := path[len(path)-1]
		t.Run(inner.name+"."+r.name, func(t *testing.T) {
			if r.doc == "" || !strings.HasSuffix(strings.TrimRight(r.doc, "`"), ".") {
				t.Errorf("the documentation %q is no sentence", r.doc)
			}
			if inner.name == "variable" {
				return // its rows are expressions of any kind
			}
			if l := loadText(t, rowConfig(path, r, exampleHere(inner, r))); l.HasErrors() {
				t.Errorf("the example does not load:\n%s", textOf(l))
			}
			if r.def != "" && r.computed == nil {
				if l := loadText(t, rowConfig(path, r, r.def)); l.HasErrors() {
					t.Errorf("the default does not load when written:\n%s", textOf(l))
				}
			}
			if l := loadText(t, rowConfig(path, r, "null")); l.HasErrors() != (r.required || isOnlySource(inner.name, r.name)) {
				t.Errorf("null means not set; it gives:\n%s", textOf(l))
			}
			refusesBad(t, path, r)
		})
	})
	if count < 70 {
		t.Errorf("only %d rows", count)
	}
}

// exampleHere is a row's example; a location without its only action, or an upstream without its only server, would be no example.
func exampleHere(s *schema, r *row) string {
	if r.name == "enabled" && slices.Contains(append(actionNames(), "server"), s.name) {
		return "true"
	}
	return exampleOf(r)
}

// isOnlySource names rows of which a block needs one out of several.
func isOnlySource(block, name string) bool {
	switch block + "." + name {
	case "static.directory", "static.file", "tls.certificate", "tls.key", "tls.client_ca", "tls.client_auth", "basic_auth.users_file", "error_page.file", "error_page.body", "location.priority":
		return true
	}
	return name == "pass"
}

func refusesBad(t *testing.T, path []*schema, r *row) {
	t.Helper()
	bad := r.bad
	if bad == "" {
		bad = r.kind.bad
	}
	text := rowConfig(path, r, bad)
	l := loadText(t, text)
	if !l.HasErrors() {
		t.Errorf("%s is taken", bad)
		return
	}
	line := 1 + strings.Count(text[:strings.Index(text, rowMark)], "\n")
	for _, d := range l.diagnostics.list {
		if d.severity == SeverityError && d.at.Start.Line != line {
			t.Errorf("%s is refused on another line:\n%s", bad, textOf(l))
		}
	}
}

// TestRows_Later looks at every row and block of a later stage: it is refused
// with a message that says so.
func TestRows_Later(t *testing.T) {
	var check func(path []*schema, s *schema)
	check = func(path []*schema, s *schema) {
		path = append(slices.Clone(path), s)
		for i := range s.rows {
			if r := &s.rows[i]; r.stage != stageMain {
				expectNotYet(t, path, wrapAll(path, r.name+" = 1"), r.name, r.stage)
			}
		}
		for _, child := range s.blocks {
			if child.stage != stageMain {
				expectNotYet(t, path, wrapAll(path, child.name+" {}"), child.name, child.stage)
				continue
			}
			check(path, child)
		}
	}
	check(nil, language())
}

func wrapAll(path []*schema, text string) string {
	for i := len(path) - 1; i > 0; i-- {
		text = wrap(path[i], text)
	}
	return text
}

func expectNotYet(t *testing.T, path []*schema, text, name string, st stage) {
	t.Helper()
	where := path[len(path)-1].name
	l := loadText(t, text)
	for _, d := range l.diagnostics.list {
		if strings.Contains(d.summary, quote(name)) && strings.Contains(d.summary, "not in this version yet") &&
			strings.Contains(d.detail, fmt.Sprintf("stage %q", string(st))) {
			return
		}
	}
	t.Errorf("%s in %s is not answered as a thing of the stage %s:\n%s", name, where, st, textOf(l))
}

func TestRows_Deprecated(t *testing.T) {
	s := poolSchema()
	s.row("threads").deprecated = &deprecation{use: "lanes", removed: "2.0"}
	loading, l := newLoading(testOptions())
	loading.language = &schema{blocks: []*schema{s}}
	file := loading.parseText("a.hcl", []byte("pool \"a\" {\n  app = \"a:b\"\n  threads = 2\n}\n"))
	loading.root = newBlock(loading.language, nil)
	loading.buildScope(nil)
	loading.decodeBody(loading.root, file.Body)
	if len(l.diagnostics.list) != 1 {
		t.Fatalf("%d diagnostics, want one warning", len(l.diagnostics.list))
	}
	if d := l.diagnostics.list[0]; d.severity != SeverityWarning || !strings.Contains(d.detail, "Write: lanes = 2") || !strings.Contains(d.detail, "2.0") {
		t.Errorf("%+v", d)
	}
}

// TestRows_Arrive sets every row to several values and finds a difference in
// the frozen configuration: no row is read and forgotten.
func TestRows_Arrive(t *testing.T) {
	eachRow(func(path []*schema, r *row) {
		inner := path[len(path)-1]
		if r.name == "enabled" || r.name == "required_version" || inner.name == "variable" || r.required || isOnlySource(inner.name, r.name) {
			return
		}
		if inner.name+"."+r.name == "site.listeners" {
			return // the only listener is the default; testdata/valid/many_listeners.hcl has two
		}
		t.Run(inner.name+"."+r.name, func(t *testing.T) {
			unset := loadText(t, rowConfig(path, r, "null"))
			for _, expression := range append([]string{exampleOf(r)}, someValues()...) {
				if !accepts(r, expression) {
					continue
				}
				set := loadText(t, rowConfig(path, r, expression))
				if set.Config() != nil && !cmp.Equal(unset.Config(), set.Config(), sameMeaning(), cmp.FilterValues(inTemp, cmp.Ignore())) {
					return
				}
			}
			t.Error("no value changes anything")
		})
	})
}

// someValues are values of many kinds, few of which are anybody's default.
func someValues() []string {
	return []string{
		"true", "false", "7", "301", "404", `"45s"`, `"17MiB"`, `"0600"`, `"debug"`, `"json"`, `"dev"`, `"exact"`, `"follow"`, `"wsgi"`, `"uwsgi"`,
		`"round_robin"`, `"stderr"`, `"regex"`, `"1.3"`, `"7/m"`, `"1KiB/s"`, `["unix"]`, `"on"`, `["gzip"]`, `["POST"]`, `"any"`, `"required"`, `"$host"`, `["unused-pool"]`, `["other.html"]`, `["/other"]`, `"iso-8859-1"`, `"text/css"`, "[]",
	}
}

// accepts reports whether an expression is a value of a row.
func accepts(r *row, text string) bool {
	l, _ := newLoading(testOptions())
	l.root = newBlock(l.language, nil)
	l.buildScope(nil)
	expr, diags := hclsyntax.ParseExpression([]byte(text), "test", hcl.InitialPos)
	if diags.HasErrors() {
		return false
	}
	_, f := r.kind.decode(&cell{row: r, expr: expr, at: expr.Range(), folder: "/", scope: l.scope, setting: &setting{}})
	return f == nil
}

// inTemp finds paths in the folders of the two tests, which differ by nature.
func inTemp(a, b string) bool {
	return strings.Contains(a, "/TestRows_Arrive") && strings.Contains(b, "/TestRows_Arrive")
}
