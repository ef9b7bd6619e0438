package config

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestReference keeps docs/reference.md current:
// go test ./config -run TestReference -update writes it.
func TestReference(t *testing.T) {
	if err := os.MkdirAll("../docs", 0o755); err != nil {
		t.Fatal(err)
	}
	page := referencePage()
	compareGolden(t, "../docs/reference.md", page)
	for i, fence := range fences(page) {
		if l := loadText(t, fence); l.HasErrors() || l.HasWarnings() {
			t.Errorf("configuration %d of the page does not load:\n%s", i+1, textOf(l))
		}
	}
}

// fences are the configurations of a page.
func fences(page string) []string {
	var found []string
	for part := range strings.SplitSeq(page, "```hcl\n") {
		if text, _, ok := strings.Cut(part, "```\n"); ok && !strings.HasPrefix(part, "# ") {
			found = append(found, text)
		}
	}
	return found
}

// referencePage is the reference, written from the rows.
func referencePage() string {
	p := &page{}
	p.text(referenceIntroduction)
	p.text("## Contents\n")
	for _, s := range referenceOrder() {
		p.text(fmt.Sprintf("- [`%s`](#%s): %s", header(s), anchor(s), firstSentence(s.doc)))
	}
	p.text("")
	for _, s := range referenceOrder() {
		p.block(nil, s)
	}
	p.requestVariables()
	p.functions()
	p.foreignNames()
	return p.b.String()
}

// referenceOrder is the order in which one writes a first configuration.
func referenceOrder() []*schema {
	rank := []string{"appserve", "log", "listener", "site", "pool", "upstream", "variable", "locals", "function"}
	var blocks []*schema
	for _, s := range language().blocks {
		if s.stage == stageMain {
			blocks = append(blocks, s)
		}
	}
	slices.SortFunc(blocks, func(a, b *schema) int {
		return cmp.Compare(slices.Index(rank, a.name), slices.Index(rank, b.name))
	})
	return blocks
}

// page is Markdown in the making.
type page struct {
	b strings.Builder
}

func (p *page) text(s string) { p.b.WriteString(s + "\n") }

// block writes a block's section, then those of the blocks in it.
func (p *page) block(path []*schema, s *schema) {
	path = append(slices.Clone(path), s)
	var title []string
	for _, one := range path {
		title = append(title, one.name)
	}
	p.text(strings.Repeat("#", min(len(path)+1, 4)) + " " + strings.Join(title, " / ") + "\n")
	p.text("`" + header(s) + " { ... }`: " + s.doc + "\n")
	if len(s.rows) > 0 {
		p.text("| attribute | kind | default | meaning |\n| --- | --- | --- | --- |")
		for i := range s.rows {
			if r := &s.rows[i]; r.stage == stageMain {
				p.row(r)
			}
		}
		p.text("")
	}
	p.later(s)
	if child := s.block("access_log"); child != nil && s.name != "log" {
		p.text("`access_log { ... }`: " + child.doc + " Its rows are those of [log / access_log](#log--access_log).\n")
	}
	if s.name == "site" {
		p.rules(s)
	}
	for _, child := range s.blocks {
		if child.stage == stageMain && (child.name != "access_log" || s.name == "log") && (!child.rule || s.name == "location") {
			p.block(path, child)
		}
	}
}

// rules points to the blocks of a location that a site takes as well.
func (p *page) rules(s *schema) {
	var links []string
	for _, child := range s.blocks {
		if child.rule {
			links = append(links, "[`"+child.name+"`](#site--location--"+child.name+")")
		}
	}
	p.text("A site also takes these blocks, for all its locations: " + strings.Join(links, ", ") + ". What a location says replaces what its site says, but header blocks add up, and error pages are replaced one by one, by their labels.\n")
}

func (p *page) row(r *row) {
	p.text(fmt.Sprintf("| `%s` | %s | %s | %s%s |", r.name, fitCell(r.kind.name), fitCell(defaultWords(r)), fitCell(r.doc), fitCell(boundWords(r)+sinceWords(r))))
}

// fitCell makes a text fit into a table.
func fitCell(s string) string { return strings.ReplaceAll(s, "|", "\\|") }

func defaultWords(r *row) string {
	switch {
	case r.required:
		return "required"
	case r.def == "":
		return "-"
	case r.computed != nil:
		return r.def
	}
	return "`" + r.def + "`"
}

// boundWords says what a row's bounds are.
func boundWords(r *row) string {
	write := func(v any) string { return "`" + r.kind.print(v) + "`" }
	words := ""
	switch {
	case r.min != nil && r.max != nil:
		words = " " + write(r.min) + " to " + write(r.max) + "."
	case r.max != nil:
		words = " At most " + write(r.max) + "."
	case r.min != nil:
		words = " At least " + write(r.min) + "."
	}
	if r.zero {
		words += " `0`: no limit."
	}
	return words
}

func sinceWords(r *row) string {
	words := ""
	if r.since != "" {
		words = " Since " + r.since + "."
	}
	if r.deprecated != nil {
		words += " Deprecated: write `" + r.deprecated.use + "`."
	}
	return words
}

// later names what a later version brings.
func (p *page) later(s *schema) {
	var names []string
	for i := range s.rows {
		if s.rows[i].stage != stageMain {
			names = append(names, "`"+s.rows[i].name+"`")
		}
	}
	for _, child := range s.blocks {
		if child.stage != stageMain {
			names = append(names, "`"+header(child)+" {}`")
		}
	}
	if len(names) > 0 {
		p.text("Known, and refused until a later version has them: " + strings.Join(names, ", ") + ".\n")
	}
}

func (p *page) requestVariables() {
	p.text("## Request variables\n")
	p.text("In log formats, redirects and answers `$name` stands for something about the request; `$(name)` where a letter follows, `$$` for one dollar. An unknown name is a mistake.\n")
	var names []string
	for _, name := range requestVariables() {
		names = append(names, "`$"+name+"`")
	}
	p.text(strings.Join(names, ", ") + ".\n")
	p.text("Behind `$http_`, `$sent_http_`, `$cookie_` and `$arg_` stands the name of a request header, a response header, a cookie or a query argument: `$http_user_agent`; behind `$match_` a named group, `(?P<name>...)`, of the location's regular expression.\n")
}

func (p *page) functions() {
	p.text("## Functions\n")
	var names []string
	for name := range standardFunctions() {
		names = append(names, "`"+name+"`")
	}
	slices.Sort(names)
	p.text("As in Terraform: " + strings.Join(names, ", ") + ".\n")
	p.text("`cpus()` is how many CPUs appserve may use (affinity and cgroup quota count), `hostname()` the name of the machine, `sensitive(value)` keeps a value out of dumps and messages. In the default of a variable: `env(name, default)`, and `file(path)`, which leaves out the line ends at the end.\n")
}

// foreignNames is what other servers call things.
func (p *page) foreignNames() {
	p.text("## Names from other servers\n")
	p.text("They are not accepted, but answered with what to write.\n")
	p.text("| there | whose | here |\n| --- | --- | --- |")
	table := slices.Concat(nginxNames(), nginxServerNames(), gunicornNames(), uwsgiNames(), otherNames())
	slices.SortStableFunc(table, func(a, b foreign) int { return cmp.Compare(a.name, b.name) })
	for _, f := range table {
		here := f.say
		if f.ours != "" && f.say == "" {
			here = "`" + f.ours + "`"
			if f.in != "" && f.in != f.ours {
				here += " in " + inBlock(f.in)
			}
		}
		p.text(fmt.Sprintf("| `%s` | %s | %s |", f.name, f.of, fitCell(here)))
	}
}

func firstSentence(s string) string {
	if i := strings.Index(s, ". "); i >= 0 {
		return s[:i+1]
	}
	return s
}

// anchor is the place of a section as Markdown renderers name it.
func anchor(s *schema) string { return s.name }

const referenceIntroduction = `# Reference of the configuration language

This page is written from the program's own tables (` + "`go test ./config -run TestReference -update`" + `), so it says what this version does.

## How a configuration is read

- ` + "`-c PATH`" + ` names a file or a folder, and may be repeated; without it ` + "`/etc/appserve`" + ` is read. Of a folder every ` + "`*.hcl`" + ` and ` + "`*.hcl.json`" + ` directly in it is read as one configuration; order has no meaning. Relative paths start from the folder of the file that says them.
- ` + "`${...}`" + ` is computed once, when the configuration is loaded. ` + "`$name`" + ` is a request variable.
- Durations (` + "`\"500ms\" \"30s\" \"2m\" \"1h30m\" \"7d\"`" + `), sizes (` + "`\"64KiB\"`" + ` counts in 1024, ` + "`\"64KB\"`" + ` in 1000) modes (` + "`\"0660\"`" + `), rates (` + "`\"5/s\" \"300/m\" \"10/10s\"`" + `) and byte rates (` + "`\"240B/s\"`" + `) are strings. ` + "`null`" + ` means not set, everywhere.
- References are bare: ` + "`pass = pool.django`" + `. A name is defined once.
- Every block takes ` + "`enabled`" + `; what a block does not allow is a mistake, not ignored.
- ` + "`appserve -t`" + ` checks, ` + "`appserve -T`" + ` prints what was understood with every default, ` + "`appserve fmt`" + ` tidies.

A whole configuration:

` + "```hcl" + `
variable "domain" {
  default = "example.com"
}

locals {
  home = "/srv/coffeehouse"
}

listener "http" {
  address = ":8000"
}

pool "django" {
  app       = "coffeehouse.wsgi:application"
  chdir     = local.home
  processes = max(2, cpus())
  env       = { DJANGO_SETTINGS_MODULE = "coffeehouse.settings" }
}

site "coffeehouse" {
  hosts = ["www.${var.domain}"]

  location "/static/" {
    static {
      directory = "${local.home}/static"
      max_age   = "30d"
    }
  }

  location "/" {
    pass = pool.django
  }
}
` + "```" + `
`
