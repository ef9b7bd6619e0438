package routing

// Groups are the named groups of the expression that found a location. A nil
// one has none.
type Groups struct {
	names []string // by number; empty: without a name
	path  string
	at    []int // pairs of offsets, as regexp gives them; negative: took no part
}

// Get gives the text of a group; empty when it took no part in the match. Of
// several groups of one name, the alternatives of an expression, the one that
// did counts.
func (g *Groups) Get(name string) string {
	if g == nil {
		return ""
	}
	for i, n := range g.names {
		if n == name && g.at[2*i] >= 0 {
			return g.path[g.at[2*i]:g.at[2*i+1]]
		}
	}
	return ""
}
