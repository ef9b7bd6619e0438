package certificates

import (
	"cmp"
	"crypto/tls"
	"slices"
	"strings"
)

// index finds the certificates for a name.
type index struct {
	names     map[string][]*pair
	wildcards map[string][]*pair // by what follows "*."
	fallback  []*pair            // for clients that name nothing
}

func newIndex(pairs []*pair) *index {
	x := &index{names: map[string][]*pair{}, wildcards: map[string][]*pair{}}
	for _, p := range pairs {
		for _, name := range p.names {
			if parent, ok := strings.CutPrefix(name, "*."); ok {
				x.wildcards[parent] = append(x.wildcards[parent], p)
			} else {
				x.names[name] = append(x.names[name], p)
			}
		}
	}
	for _, found := range []map[string][]*pair{x.names, x.wildcards} {
		for _, same := range found {
			slices.SortStableFunc(same, func(a, b *pair) int { return cmp.Compare(a.rank(), b.rank()) })
		}
	}
	x.fallback = x.defaults(pairs[0])
	return x
}

// defaults are the first pair and those that stand beside it for its first
// name with another kind of key.
func (x *index) defaults(first *pair) []*pair {
	if len(first.names) > 0 {
		if found := x.find(strings.TrimPrefix(first.names[0], "*.")); slices.Contains(found, first) {
			return found
		}
		if parent, ok := strings.CutPrefix(first.names[0], "*."); ok {
			return x.wildcards[parent]
		}
	}
	return []*pair{first}
}

// find gives the candidates for a name in lower case, best first: exact ones
// before wildcards. None when no certificate is good for it.
func (x *index) find(name string) []*pair {
	exact := x.names[name]
	_, parent, found := strings.Cut(name, ".")
	if !found || len(x.wildcards[parent]) == 0 {
		return exact
	}
	if len(exact) == 0 {
		return x.wildcards[parent]
	}
	return slices.Concat(exact, x.wildcards[parent])
}

// choose takes the first candidate that the client can use; the first one when
// it can use none, so that the handshake ends with the reason.
func choose(candidates []*pair, hello *tls.ClientHelloInfo) *tls.Certificate {
	if len(candidates) == 0 {
		return nil
	}
	if len(candidates) > 1 {
		nameless := *hello
		nameless.ServerName = "" // that the name fits was decided before
		for _, p := range candidates {
			if nameless.SupportsCertificate(p.certificate) == nil {
				return p.certificate
			}
		}
	}
	return candidates[0].certificate
}
