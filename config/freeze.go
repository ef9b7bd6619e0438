package config

import "github.com/hashicorp/hcl/v2"

// freezing is the last phase: completed blocks become plain structs.
type freezing struct {
	root   *block
	places map[Source]hcl.Range
}

func (l *loading) freeze(places map[Source]hcl.Range) *Config {
	f := &freezing{root: l.root, places: places}
	c := &Config{Server: f.server(l.root.one("appserve")), Log: f.log(l.root.one("log"))}
	for _, b := range l.root.all("listener") {
		c.Listeners = append(c.Listeners, f.listener(b))
	}
	for _, b := range l.root.all("upstream") {
		c.Upstreams = append(c.Upstreams, f.upstream(b))
	}
	for _, b := range l.root.all("pool") {
		c.Pools = append(c.Pools, f.pool(b))
	}
	for _, b := range l.root.all("site") {
		c.Sites = append(c.Sites, f.site(b))
	}
	return c
}

// block is what every frozen block has.
func (f *freezing) block(b *block) Block {
	out := Block{Name: b.label, Source: f.source(b.at), Sources: map[string]Source{}}
	for name, s := range b.settings {
		if s.written() {
			out.Sources[name] = f.source(s.at)
		}
	}
	return out
}

// source is a range as plain data; the range is remembered for diagnostics
// that come back with it.
func (f *freezing) source(at hcl.Range) Source {
	s := Source{File: at.Filename, Line: at.Start.Line, Column: at.Start.Column}
	if at.Filename != "" {
		f.places[s] = at
	}
	return s
}
