package config

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// locationSchema is the location block: a path, and what happens to requests beneath it.
func locationSchema() *schema {
	rows := []row{
		{name: "match", kind: oneOf([]string{"prefix", "exact", "glob", "regex"}, nil), def: `"prefix"`,
			doc: "How the path is compared. `prefix` takes it and everything beneath it, by whole segments; `exact` only the path itself; `glob` is a pattern for the whole path, `*` inside a segment and `**` across; `regex` an RE2 expression that is found anywhere in the path unless it is anchored. Expressions are tried first, by priority; then the longest literal head wins, on a tie exact before glob before prefix. Order in the file has no meaning."},
		{name: "priority", kind: integer(), min: 0, max: 1 << 20, example: "10",
			doc: "The order of regular expressions, and required for them: the lowest is tried first."},
		{name: "also", kind: listOf(routePath()), def: "[]", doc: "Further paths, or globs, of the same location."},
		{name: "pass", kind: referenceTo("pool", "upstream"), example: "pool.sample", bad: `"pool.sample"`,
			doc: "The pool that runs the request, or the upstream that it is forwarded to."},
	}
	return &schema{
		name: "location", phrase: "a location", label: "PATH",
		doc:  "What happens to the requests beneath a path. Exactly one action: `pass`, `static`, `redirect` or `respond`.",
		rows: append(rows, ruleRows()...),
		blocks: append([]*schema{
			staticSchema(), redirectSchema(), respondSchema(),
			laterBlock("ready", "", stageWorkers, "An answer from the state of the pools, for load balancers."),
			laterBlock("cgi", "", stageLater, "CGI programs."),
		}, ruleBlocks()...),
		sample: `respond { body = "hello" }`,
		check:  checkLocation,
	}
}

// actionNames are the rows and blocks of which a location has exactly one.
func actionNames() []string { return []string{"pass", "static", "redirect", "respond"} }

// actions are the places of the actions that a location has.
func actions(b *block) map[string]hcl.Range {
	found := map[string]hcl.Range{}
	if s := b.written("pass"); s != nil {
		found["pass"] = s.nameAt
	}
	for _, name := range actionNames()[1:] {
		if child := b.one(name); child != nil {
			found[name] = child.at
		}
	}
	return found
}

func checkLocation(c *checking, b *block) {
	c.locationMatch(b)
	found := actions(b)
	switch {
	case len(found) == 0:
		for _, name := range append(actionNames(), "ready", "cgi") {
			if b.refused[name] {
				return
			}
		}
		c.errorAt(b.at, "This location does nothing", "It needs one action. Write: pass = pool.NAME, static { directory = ... }, redirect { to = ... } or respond { status = ... }")
	case len(found) > 1:
		c.oneAction(found)
	default:
		c.rowsOfAction(b, found)
	}
}

func (c *checking) oneAction(found map[string]hcl.Range) {
	first := ""
	for _, name := range actionNames() {
		if at, ok := found[name]; ok && (first == "" || at.Start.Byte < found[first].Start.Byte) {
			first = name
		}
	}
	for _, name := range actionNames() {
		at, ok := found[name]
		if !ok || name == first {
			continue
		}
		detail := "A location has exactly one. Leave one of them out."
		if name == "static" || first == "static" {
			detail = "A location has exactly one. Files first, then the application, is said by fallback: static { directory = ... fallback = pool.NAME }"
		}
		c.errorAt(at, "This location has two actions, "+quote(first)+" and "+quote(name), detail, related{"the other one is here", found[first]})
	}
}

// rowsOfAction refuses rows that mean nothing for the action: they would be ignored.
func (c *checking) rowsOfAction(b *block, found map[string]hcl.Range) {
	if _, passes := found["pass"]; passes {
		return
	}
	static := b.one("static")
	if static != nil && static.written("fallback") != nil {
		return
	}
	action := "redirect"
	switch {
	case static != nil:
		action = "static"
	case b.one("respond") != nil:
		action = "respond"
	}
	for _, name := range []string{"strip_prefix", "script_name", "request_timeout"} {
		s := b.written(name)
		if s == nil {
			continue
		}
		detail := "It is about what an application gets, and " + action + " asks none. Leave it out."
		if action == "static" {
			detail = "What follows the location is always looked up beneath the directory, and no application is asked. Leave it out."
		}
		c.errorAt(s.nameAt, quote(name)+" means nothing with "+action, detail)
	}
	if headers := b.one("request_headers"); headers != nil {
		c.errorAt(headers.at, `"request_headers" means nothing with `+action, "It is about what an application gets, and "+action+" asks none. Headers of the answer are said by response_headers.")
	}
}

func (f *freezing) location(b *block, site LocationRules) *Location {
	match := b.text("match")
	out := &Location{
		Block:         f.block(b),
		Match:         match,
		Priority:      b.integer("priority"),
		LocationRules: f.rules(b, site),
		Pass:          target(b, "pass"),
	}
	for _, also := range b.texts("also") {
		path, _, _ := canonicalPattern(match, also)
		out.Also = append(out.Also, path)
	}
	out.Name, _, _ = canonicalPattern(match, b.label)
	if static := b.one("static"); static != nil {
		out.Static = f.static(static)
	}
	if redirect := b.one("redirect"); redirect != nil {
		out.Redirect = f.redirect(redirect)
	}
	if respond := b.one("respond"); respond != nil {
		out.Respond = f.respond(respond)
	}
	return out
}

// target is the value of a reference row as plain data; nil when not set.
func target(b *block, name string) *Target {
	r, ok := optional[reference](b, name)
	if !ok {
		return nil
	}
	return &Target{Kind: r.Kind, Name: strings.Clone(r.Name)}
}
