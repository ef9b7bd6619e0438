package config

import (
	"regexp"
	"slices"

	"github.com/hashicorp/hcl/v2"
)

// locationMatch looks at what a location says about the paths it takes.
func (c *checking) locationMatch(b *block) {
	match := b.text("match")
	if b.refused["match"] {
		return
	}
	if _, summary, detail := canonicalPattern(match, b.label); summary != "" {
		c.errorAt(b.labelAt, summary, detail)
	}
	priority := b.written("priority")
	switch {
	case match == "regex" && priority == nil && !b.refused["priority"]:
		c.errorAt(b.at, "A regular expression needs a priority", "Several may find something in a path, and the lowest number is asked first. Write: priority = 10")
	case match != "regex" && priority != nil:
		c.errorAt(priority.nameAt, `"priority" means nothing here`, "Only regular expressions are tried in an order; otherwise the longest literal head wins. Leave it out.")
	}
	if also := b.written("also"); also != nil && match == "regex" && len(b.list("also")) > 0 {
		c.errorAt(also.nameAt, `"also" means nothing with regex`, "Alternatives are part of the expression. Write: (?:one|other)")
		return
	}
	for _, one := range b.list("also") {
		if _, summary, detail := canonicalPattern(match, one.value.(string)); summary != "" {
			c.errorAt(one.at, summary, detail)
		}
	}
	c.stripPrefix(b, match)
}

// stripPrefix refuses to cut what has no fixed length.
func (c *checking) stripPrefix(b *block, match string) {
	if match != "glob" && match != "regex" {
		return
	}
	const detail = "Which part of the path to cut off is not plain with a pattern. Leave it out; where the application hangs is said by script_name."
	if s := b.written("strip_prefix"); s != nil {
		if b.flag("strip_prefix") {
			c.errorAt(s.nameAt, `"strip_prefix" means nothing with `+match, detail)
		}
		return
	}
	if s := b.parent.written("strip_prefix"); s != nil && b.parent.flag("strip_prefix") && b.written("pass") != nil {
		c.errorAt(b.at, `"strip_prefix" of the site means nothing with `+match, "Which part of the path to cut off is not plain with a pattern. Write: strip_prefix = false",
			related{"the site says it here", s.nameAt})
	}
}

// locationPaths answers paths that two locations of a site claim, or one twice.
func (c *checking) locationPaths(site *block) {
	first := map[string]hcl.Range{}
	for _, b := range site.all("location") {
		match := b.text("match")
		own, summary, _ := canonicalPattern(match, b.label)
		if summary != "" || b.refused["match"] {
			continue
		}
		c.claimPath(first, match, own, b.at)
		for _, also := range b.list("also") {
			path, summary, _ := canonicalPattern(match, also.value.(string))
			if summary != "" {
				continue
			}
			if match == "" || match == "prefix" {
				if path != own && covers(own, path) {
					c.warnAt(also.at, "covered-path", "This path is covered already", quote(b.label)+" takes everything beneath it. Leave "+quote(path)+" out.")
				}
			}
			c.claimPath(first, match, path, also.at)
		}
	}
}

func (c *checking) claimPath(first map[string]hcl.Range, match, path string, at hcl.Range) {
	key, phrase, detail := path, "the path "+quote(path), `"/a" and "/a/" are one location. Put both into one, or move one to another path.`
	switch match {
	case "exact":
		key, phrase = "="+path, phrase+" exactly"
	case "glob", "regex":
		key, phrase, detail = match+" "+path, "the "+match+" "+quote(path), "Put both into one, or change one of them."
	}
	if before, again := first[key]; again {
		c.errorAt(at, "Two locations claim "+phrase, detail, related{"first claimed here", before})
		return
	}
	first[key] = at
}

// priorities answers expressions of a site that would be tried at the same time.
func (c *checking) priorities(site *block) {
	first := map[int]*setting{}
	for _, b := range site.all("location") {
		s := b.written("priority")
		if s == nil || s.placeholder || b.text("match") != "regex" {
			continue
		}
		n := b.integer("priority")
		if before := first[n]; before != nil {
			c.errorAt(s.at, "Two expressions have this priority", "Which one is asked first would be left to chance. Write another number.",
				related{"the other one is here", before.at})
			continue
		}
		first[n] = s
	}
}

// matchVariables answers $match_NAME where no regular expression has that group.
func (c *checking) matchVariables() {
	for _, b := range c.root.blocks {
		if b.enabled() {
			c.matchVariablesIn(b, nil, false)
		}
	}
}

// matchVariablesIn looks at a block and those in it; groups are those of the
// regular expression around it.
func (c *checking) matchVariablesIn(b *block, groups []string, regex bool) {
	if b.schema.name == "location" && b.text("match") == "regex" {
		if e, err := regexp.Compile(b.label); err == nil {
			groups, regex = e.SubexpNames(), true
		}
	}
	for i := range b.schema.rows {
		s := b.settings[b.schema.rows[i].name]
		if s == nil {
			continue
		}
		for _, t := range templatesOf(s) {
			for _, part := range t.template.Parts {
				if part.Variable == "match_" && !slices.Contains(groups, part.Argument) {
					c.unknownGroup(part.Argument, t.at, groups, regex)
				}
			}
		}
	}
	for _, child := range b.blocks {
		if child.enabled() {
			c.matchVariablesIn(child, groups, regex)
		}
	}
}

func (c *checking) unknownGroup(name string, at hcl.Range, groups []string, regex bool) {
	named := slices.DeleteFunc(slices.Clone(groups), func(s string) bool { return s == "" })
	detail := quote("$match_"+name) + ` means something only in a location with match = "regex" whose expression has the group (?P<` + name + ">...)."
	if near := suggest(name, named); near != "" {
		detail = "Did you mean " + quote("$match_"+near) + "?"
	} else if regex {
		detail = "The expression of this location has no group of that name. Write in it: (?P<" + name + ">...)"
	}
	c.errorAt(at, "There is no group "+quote(name)+" here", detail)
}

// placedTemplate is a template and where it stands.
type placedTemplate struct {
	template Template
	at       hcl.Range
}

// templatesOf are the templates in the value of a setting.
func templatesOf(s *setting) []placedTemplate {
	var found []placedTemplate
	switch v := s.value.(type) {
	case Template:
		found = append(found, placedTemplate{v, s.at})
	case lineFormat:
		found = append(found, placedTemplate{v.line, s.at})
	case []headerField:
		for _, f := range v {
			found = append(found, placedTemplate{f.value, f.at})
		}
	case []item:
		for _, one := range v {
			if t, ok := one.value.(Template); ok {
				found = append(found, placedTemplate{t, one.at})
			}
		}
	}
	return found
}
