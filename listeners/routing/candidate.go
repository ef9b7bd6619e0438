package routing

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"

	"github.com/appserve/appserve/listeners/glob"
)

// candidate is one rule, compiled, and the location it leads to.
type candidate[T any] struct {
	rule    Rule
	value   T
	path    string // of Exact and Prefix: without a slash at its end
	head    int    // bytes of the literal head; of a Regex: not used
	matched int    // of Glob: how much of a path belongs to the location
	glob    *glob.Pattern
	regex   *regexp.Regexp
	begins  string   // of a Regex: what every path it finds begins with
	names   []string // of a Regex: its groups; nil when none has a name
}

// compile checks a rule. The error says what is wrong with its pattern.
func compile[T any](r Rule, value T) (*candidate[T], error) {
	c := &candidate[T]{rule: r, value: value}
	if r.Kind == Regex {
		return c, c.compileRegex()
	}
	if r.Pattern == "" || r.Pattern[0] != '/' {
		return nil, fmt.Errorf("%q does not start with a slash", r.Pattern)
	}
	if r.Kind == Glob {
		pattern, err := glob.Compile(r.Pattern)
		if err != nil {
			return nil, err
		}
		c.glob, c.head = pattern, len(pattern.Head())
		c.matched = strings.LastIndexByte(pattern.Head(), '/')
		return c, nil
	}
	c.path = strings.TrimSuffix(r.Pattern, "/")
	c.head = max(len(c.path), 1)
	return c, nil
}

func (c *candidate[T]) compileRegex() error {
	if c.rule.Pattern == "" {
		return errors.New("an empty expression finds every path")
	}
	parsed, err := syntax.Parse(c.rule.Pattern, syntax.Perl)
	if err != nil {
		return err
	}
	c.begins = beginning(parsed)
	// Without (?s) a path with a line break would slip past "^/admin.*$".
	if c.regex, err = regexp.Compile("(?s)" + c.rule.Pattern); err != nil {
		return err
	}
	for _, name := range c.regex.SubexpNames() {
		if name != "" {
			c.names = c.regex.SubexpNames()
		}
	}
	return nil
}

// beginning is the literal text behind the anchor at the start of an
// expression; most requests are told apart by it, without the expression.
func beginning(e *syntax.Regexp) string {
	if e.Op != syntax.OpConcat || len(e.Sub) < 2 || e.Sub[0].Op != syntax.OpBeginText {
		return ""
	}
	if literal := e.Sub[1]; literal.Op == syntax.OpLiteral && literal.Flags&syntax.FoldCase == 0 {
		return string(literal.Rune)
	}
	return ""
}

// before is the order of precedence: regexes by priority, then the longest
// literal head; on a tie exact, glob, prefix; of two globs that are still
// even the longer pattern, and at last the alphabet. Only equal rules are even.
func (c *candidate[T]) before(d *candidate[T]) bool {
	switch {
	case c.rule.Kind == Regex && d.rule.Kind == Regex:
		return c.rule.Priority < d.rule.Priority
	case c.rule.Kind == Regex || d.rule.Kind == Regex:
		return c.rule.Kind == Regex
	case c.head != d.head:
		return c.head > d.head
	case c.rule.Kind != d.rule.Kind:
		return rank(c.rule.Kind) < rank(d.rule.Kind)
	case len(c.rule.Pattern) != len(d.rule.Pattern):
		return len(c.rule.Pattern) > len(d.rule.Pattern)
	default:
		return c.rule.Pattern < d.rule.Pattern
	}
}

func rank(k Kind) int {
	switch k {
	case Exact:
		return 0
	case Glob:
		return 1
	default:
		return 2
	}
}

// takes reports whether the rule by itself takes a path, and the groups that it names.
func (c *candidate[T]) takes(path string) (*Groups, bool) {
	switch c.rule.Kind {
	case Regex:
		return c.search(path)
	case Glob:
		whole := strings.TrimSuffix(path, "/")
		return nil, c.glob.Match(path) || len(whole) < len(path) && c.glob.Match(whole)
	case Exact:
		return nil, strings.TrimSuffix(path, "/") == c.path
	default:
		rest, ok := strings.CutPrefix(path, c.path)
		return nil, ok && (rest == "" || rest[0] == '/')
	}
}

func (c *candidate[T]) search(path string) (*Groups, bool) {
	if !strings.HasPrefix(path, c.begins) {
		return nil, false
	}
	if c.names == nil {
		return nil, c.regex.MatchString(path)
	}
	at := c.regex.FindStringSubmatchIndex(path)
	if at == nil {
		return nil, false
	}
	return &Groups{names: c.names, path: path, at: at}, true
}
