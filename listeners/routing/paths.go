package routing

import "strings"

// Paths finds a value by canonical path. The longest path wins; on a tie exact
// comes before prefix. A prefix is whole segments: /admin matches /admin,
// /admin/ and /admin/x, and not /administrator.
type Paths[T any] struct {
	exact  map[string]T
	prefix map[string]T
}

// Add claims a path; a slash at its end has no meaning. It reports whether the path was free.
func (p *Paths[T]) Add(path string, exact bool, value T) bool {
	path = strings.TrimSuffix(path, "/")
	table := &p.prefix
	if exact {
		table = &p.exact
	}
	if _, taken := (*table)[path]; taken {
		return false
	}
	if *table == nil {
		*table = map[string]T{}
	}
	(*table)[path] = value
	return true
}

// Find gives the value for a path, and how much of the path its location
// takes: path[matched:] follows it, with its slash.
func (p *Paths[T]) Find(path string) (value T, matched int, ok bool) {
	whole := strings.TrimSuffix(path, "/")
	if value, ok = p.exact[whole]; ok {
		return value, len(whole), true
	}
	for end := len(whole); ; {
		if value, ok = p.prefix[path[:end]]; ok {
			return value, end, true
		}
		if end == 0 {
			return value, 0, false
		}
		end = strings.LastIndexByte(path[:end], '/')
	}
}
