package config

// resolution looks references up.
type resolution struct {
	*loading
	labels map[Target]*block
}

// resolve is the sixth phase: every reference must name a block that exists
// and is enabled.
func (l *loading) resolve() {
	r := &resolution{loading: l, labels: map[Target]*block{}}
	for _, b := range l.root.blocks {
		if key := (Target{b.schema.name, b.label}); r.labels[key] == nil {
			r.labels[key] = b
		}
	}
	l.root.usedBy = map[Target][]*block{}
	l.eachEnabled(l.root, r.block)
}

func (r *resolution) block(b *block) {
	for i := range b.schema.rows {
		s := b.settings[b.schema.rows[i].name]
		if s == nil {
			continue
		}
		switch v := s.value.(type) {
		case reference:
			r.one(v)
			r.root.usedBy[v.Target] = append(r.root.usedBy[v.Target], locationOf(b))
		case []item:
			r.list(v)
		}
	}
}

// locationOf is the location that a reference in b belongs to.
func locationOf(b *block) *block {
	if b.schema.name == "static" {
		return b.parent
	}
	return b
}

func (r *resolution) list(items []item) {
	first := map[Target]item{}
	for _, one := range items {
		ref, ok := one.value.(reference)
		if !ok {
			return
		}
		if before, again := first[ref.Target]; again {
			r.diags.errorAt(one.at, ref.Kind+"."+ref.Name+" is listed twice", "Leave one of them out.", related{"first listed here", before.at})
			continue
		}
		first[ref.Target] = one
		r.one(ref)
	}
}

func (r *resolution) one(ref reference) {
	if found := r.labels[ref.Target]; found != nil {
		if !found.enabled() {
			r.diags.errorAt(ref.at, sentence(ref.Kind)+" "+quote(ref.Name)+" is not enabled",
				"Its block says enabled = false. Leave this reference out too, or enable it.", related{"it is defined here", found.at})
		}
		return
	}
	r.diags.errorAt(ref.at, "There is no "+ref.Kind+" "+quote(ref.Name), r.advice(ref))
}

// advice says what a reference to nothing may have meant.
func (r *resolution) advice(ref reference) string {
	var names []string
	for _, b := range r.root.blocks {
		if b.schema.name == ref.Kind {
			names = append(names, b.label)
		}
	}
	if near := suggest(ref.Name, names); near != "" {
		return "Did you mean " + ref.Kind + "." + near + "?"
	}
	for _, other := range []string{"pool", "upstream"} {
		if r.labels[Target{other, ref.Name}] != nil {
			return "There is " + inBlock(other) + " of that name. Write: " + other + "." + ref.Name
		}
	}
	define := "Define it: " + ref.Kind + " " + quote(ref.Name) + " { ... }"
	if len(names) == 0 {
		return "There is none at all. " + define
	}
	return "There are " + orList(names[:min(len(names), 8)]) + ". " + define
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
