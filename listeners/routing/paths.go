package routing

import (
	"fmt"
	"slices"
	"strings"
)

// Paths finds a value by canonical path. Regular expressions come first, by
// priority; then the longest literal head wins, and on a tie exact comes before
// glob before prefix. The order in which rules were added has no meaning. The
// zero value is empty; it must not be changed once it is searched.
type Paths[T any] struct {
	exact   map[string]*candidate[T]
	prefix  map[string]*candidate[T]
	globs   []*candidate[T] // in order of precedence
	regexes []*candidate[T] // in order of precedence
}

// Add claims what a rule takes. The error says what is wrong with the pattern,
// or that another rule claims the same.
func (p *Paths[T]) Add(r Rule, value T) error {
	c, err := compile(r, value)
	if err != nil {
		return err
	}
	switch r.Kind {
	case Regex:
		return insert(&p.regexes, c, fmt.Errorf("two expressions have the priority %d", r.Priority))
	case Glob:
		return insert(&p.globs, c, fmt.Errorf("two locations have the pattern %q", r.Pattern))
	case Exact:
		return claim(&p.exact, c)
	default:
		return claim(&p.prefix, c)
	}
}

func claim[T any](table *map[string]*candidate[T], c *candidate[T]) error {
	if _, taken := (*table)[c.path]; taken {
		return fmt.Errorf("two locations have the path %q", c.rule.Pattern)
	}
	if *table == nil {
		*table = map[string]*candidate[T]{}
	}
	(*table)[c.path] = c
	return nil
}

// insert keeps a list in order; even is the error when something in it is even with c.
func insert[T any](list *[]*candidate[T], c *candidate[T], even error) error {
	at := len(*list)
	for i, other := range *list {
		if c.before(other) {
			at = i
			break
		}
		if !other.before(c) {
			return even
		}
	}
	*list = slices.Insert(*list, at, c)
	return nil
}

// Find gives the location of a path. It allocates only for the named groups
// of an expression.
func (p *Paths[T]) Find(path string) (found Found[T], ok bool) {
	c, end, groups := p.find(path)
	if c == nil {
		return found, false
	}
	return Found[T]{Value: c.value, Matched: end, Groups: groups}, true
}

func (p *Paths[T]) find(path string) (best *candidate[T], matched int, groups *Groups) {
	for _, c := range p.regexes {
		if groups, ok := c.takes(path); ok {
			return c, 0, groups
		}
	}
	best, matched = p.lookUp(path)
	for _, c := range p.globs {
		if best != nil && best.before(c) {
			break
		}
		if _, ok := c.takes(path); ok {
			return c, c.matched, nil
		}
	}
	return best, matched, nil
}

// lookUp finds the best of the rules that are paths.
func (p *Paths[T]) lookUp(path string) (c *candidate[T], matched int) {
	whole := strings.TrimSuffix(path, "/")
	if c = p.exact[whole]; c != nil {
		return c, len(whole)
	}
	for end := len(whole); ; {
		if c = p.prefix[path[:end]]; c != nil {
			return c, end
		}
		if end == 0 {
			return nil, 0
		}
		end = strings.LastIndexByte(path[:end], '/')
	}
}
