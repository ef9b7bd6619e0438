package config

import "slices"

// resolve is the sixth phase: every reference must name a block that exists
// and is enabled.
func (l *loading) resolve() {
	l.eachEnabled(l.root, func(b *block) {
		for i := range b.schema.rows {
			s := b.settings[b.schema.rows[i].name]
			if s == nil {
				continue
			}
			switch v := s.value.(type) {
			case reference:
				l.resolveOne(v)
			case []item:
				l.resolveList(b, v)
			}
		}
	})
}

func (l *loading) resolveList(b *block, items []item) {
	first := map[Target]item{}
	for _, one := range items {
		r, ok := one.value.(reference)
		if !ok {
			return
		}
		if before, again := first[r.Target]; again {
			l.diags.errorAt(one.at, r.Kind+"."+r.Name+" is listed twice", "Leave one of them out.", related{"first listed here", before.at})
			continue
		}
		first[r.Target] = one
		l.resolveOne(r)
	}
}

func (l *loading) resolveOne(r reference) {
	var names []string
	for _, child := range l.root.blocks {
		if child.schema.name != r.Kind {
			continue
		}
		if child.label == r.Name {
			if !child.enabled() {
				l.diags.errorAt(r.at, sentence(r.Kind)+" "+quote(r.Name)+" is not enabled",
					"Its block says enabled = false. Leave this reference out too, or enable it.", related{"it is defined here", child.at})
			}
			return
		}
		names = append(names, child.label)
	}
	summary := "There is no " + r.Kind + " " + quote(r.Name)
	if near := suggest(r.Name, names); near != "" {
		l.diags.errorAt(r.at, summary, "Did you mean "+r.Kind+"."+near+"?")
		return
	}
	for _, other := range []string{"pool", "upstream"} {
		if other != r.Kind && slices.ContainsFunc(l.root.blocks, func(b *block) bool { return b.schema.name == other && b.label == r.Name }) {
			l.diags.errorAt(r.at, summary, "There is "+inBlock(other)+" of that name. Write: "+other+"."+r.Name)
			return
		}
	}
	if len(names) == 0 {
		l.diags.errorAt(r.at, summary, "There is none at all. Define it: "+r.Kind+" "+quote(r.Name)+" { ... }")
		return
	}
	l.diags.errorAt(r.at, summary, "There are "+orList(names[:min(len(names), 8)])+". Define it: "+r.Kind+" "+quote(r.Name)+" { ... }")
}

// eachEnabled visits every block that counts, from the outside in.
func (l *loading) eachEnabled(b *block, visit func(*block)) {
	visit(b)
	for _, child := range b.blocks {
		if child.enabled() {
			l.eachEnabled(child, visit)
		}
	}
}

// locationsOf are the locations that pass to a block, directly or as a fallback.
func locationsOf(root *block, kind, name string) []*block {
	var found []*block
	want := Target{kind, name}
	for _, site := range root.all("site") {
		for _, location := range site.all("location") {
			if t := target(location, "pass"); t != nil && *t == want {
				found = append(found, location)
			}
			if static := location.one("static"); static != nil {
				if t := target(static, "fallback"); t != nil && *t == want {
					found = append(found, location)
				}
			}
		}
	}
	return found
}
