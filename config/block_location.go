package config

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// locationSchema is the location block: a path, and what happens to requests beneath it.
func locationSchema() *schema {
	rows := []row{
		{name: "match", kind: oneOf([]string{"prefix", "exact"}, map[string]stage{"glob": stageFront, "regex": stageFront}), def: `"prefix"`,
			doc: "`prefix` takes the path and everything beneath it, by whole segments; `exact` only the path itself. The longest path wins, exact before prefix; order has no meaning."},
		{name: "also", kind: listOf(routePath()), def: "[]", doc: "Further paths of the same location."},
		{name: "pass", kind: referenceTo("pool", "upstream"), example: "pool.sample", bad: `"pool.sample"`,
			doc: "The pool that runs the request, or the upstream that it is forwarded to."},
		laterRow("priority", stageFront, "The order of regular expressions."),
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
	if _, summary, detail := canonicalRoute(b.label); summary != "" {
		c.errorAt(b.labelAt, summary, detail)
	}
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
}

// locationPaths answers paths that two locations of a site claim, or one twice.
func (c *checking) locationPaths(site *block) {
	first := map[string]hcl.Range{}
	for _, b := range site.all("location") {
		own, summary, _ := canonicalRoute(b.label)
		if summary != "" {
			continue
		}
		exact := b.text("match") == "exact"
		c.claimPath(first, own, exact, b.at)
		for _, also := range b.list("also") {
			path := also.value.(string)
			if !exact && path != own && covers(own, path) {
				c.warnAt(also.at, "This path is covered already", quote(b.label)+" takes everything beneath it. Leave "+quote(path)+" out.")
			}
			c.claimPath(first, path, exact, also.at)
		}
	}
}

func (c *checking) claimPath(first map[string]hcl.Range, path string, exact bool, at hcl.Range) {
	key, phrase := path, ""
	if exact {
		key, phrase = "="+path, " exactly"
	}
	if before, again := first[key]; again {
		c.errorAt(at, "Two locations claim the path "+quote(path)+phrase,
			`"/a" and "/a/" are one location. Put both into one, or move one to another path.`, related{"first claimed here", before})
		return
	}
	first[key] = at
}

func (f *freezing) location(b *block) *Location {
	path, _, _ := canonicalRoute(b.label)
	out := &Location{
		Block:         f.block(b),
		Also:          b.texts("also"),
		Exact:         b.text("match") == "exact",
		LocationRules: f.rules(b),
		Pass:          target(b, "pass"),
	}
	out.Name = path
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
