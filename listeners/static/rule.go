package static

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/appserve/appserve/listeners/glob"
)

// Rule is a files block: what is different for the names that match.
type Rule struct {
	// Pattern is a glob on the whole part of the path beneath the location,
	// without the slash in front: "*.map" in the folder itself, "**/*.map"
	// everywhere in it.
	Pattern      string
	Deny         bool   // 403 for the name; of a folder, for everything in it too
	CacheControl string // instead of what the static block says; empty: that
	ContentType  string // instead of the type by extension; empty: that
	// Edit changes the header of a response with such a file just before it is
	// written; nil: nothing.
	Edit func(http.ResponseWriter)
}

// rules are files blocks, the most telling first.
type rules []*rule

type rule struct {
	*Rule
	pattern                   *glob.Pattern
	cacheControl, contentType []string // nil: of the static block
}

// newRules compiles the patterns. The error names the one that is none.
func newRules(blocks []Rule, charset string) (rules, error) {
	var all rules
	for i := range blocks {
		r := &rule{Rule: &blocks[i]}
		var err error
		if r.pattern, err = glob.Compile(strings.TrimPrefix(r.Pattern, "/")); err != nil {
			return nil, fmt.Errorf("files %q: %w", r.Pattern, err)
		}
		if r.CacheControl != "" {
			r.cacheControl = []string{r.CacheControl}
		}
		if r.ContentType != "" {
			r.contentType = []string{withCharset(r.ContentType, charset)}
		}
		all = append(all, r)
	}
	return all, nil
}

// of is the rule for a clean name: of those that match the one with the
// longest pattern, on a tie the one that comes first in the alphabet, so that
// the order of the blocks never matters. What lies in a folder that is denied
// is denied. Nil: no rule.
func (all rules) of(name string) *rule {
	if len(all) == 0 {
		return nil
	}
	for i := range len(name) - 1 {
		if name[i] != '/' {
			continue
		}
		if r := all.match(name[:i]); r != nil && r.Deny {
			return r
		}
	}
	return all.match(name)
}

func (all rules) match(name string) *rule {
	var best *rule
	for _, r := range all {
		if (best == nil || r.before(best)) && r.pattern.Match(name) {
			best = r
		}
	}
	return best
}

// denies reports whether a clean name must not be served.
func (all rules) denies(name string) bool {
	r := all.of(name)
	return r != nil && r.Deny
}

func (r *rule) before(other *rule) bool {
	if len(r.Pattern) != len(other.Pattern) {
		return len(r.Pattern) > len(other.Pattern)
	}
	return r.Pattern < other.Pattern
}

// editor is what the rule does to the header of a response; nil: nothing.
func (r *rule) editor() func(http.ResponseWriter) {
	if r == nil {
		return nil
	}
	return r.Edit
}
