package routing

import (
	"fmt"
	"slices"
	"strconv"
)

// Verdict is what became of a rule when a location was looked for.
type Verdict uint8

// The verdicts.
const (
	Missed  Verdict = iota // it does not take the path
	Chosen                 // the request goes there
	Skipped                // it was not asked: one before it was chosen
)

// String is a word for it.
func (v Verdict) String() string {
	return [...]string{"missed", "chosen", "skipped"}[v]
}

// Step is one rule on the way to a location.
type Step[T any] struct {
	Value   T
	Rule    Rule
	Verdict Verdict
	Why     string // a sentence without a dot at its end
}

// Explain gives every rule in order of precedence and what became of it. The
// one that is chosen is the one that Find gives.
func (p *Paths[T]) Explain(path string) []Step[T] {
	chosen, _, _ := p.find(path)
	var steps []Step[T]
	over := false
	for _, c := range p.ordered() {
		step := Step[T]{Value: c.value, Rule: c.rule}
		switch {
		case c == chosen:
			step.Verdict, step.Why, over = Chosen, c.reason(), true
		case over:
			step.Verdict, step.Why = Skipped, c.skipped(chosen, path)
		default:
			step.Why = c.miss()
		}
		steps = append(steps, step)
	}
	return steps
}

// ordered are all rules in order of precedence.
func (p *Paths[T]) ordered() []*candidate[T] {
	all := slices.Concat(p.regexes, p.globs)
	for _, table := range []map[string]*candidate[T]{p.exact, p.prefix} {
		for _, c := range table {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(c, d *candidate[T]) int {
		switch {
		case c.before(d):
			return -1
		case d.before(c):
			return 1
		default:
			return 0
		}
	})
	return all
}

func (c *candidate[T]) miss() string {
	switch c.rule.Kind {
	case Regex:
		return "the expression does not find anything in the path"
	case Glob:
		return "the pattern does not match the whole path"
	case Exact:
		return "the path is another one"
	default:
		return "the path is not beneath it"
	}
}

func (c *candidate[T]) reason() string {
	switch c.rule.Kind {
	case Regex:
		return "the expression finds something in the path, and no expression of a lower priority does"
	case Glob:
		return "the pattern matches, with a literal head of " + c.headBytes()
	case Exact:
		return "the path is the same"
	default:
		return "the path is beneath it, and no longer head matches"
	}
}

// skipped says why a rule had no chance against the chosen one.
func (c *candidate[T]) skipped(chosen *candidate[T], path string) string {
	if _, takes := c.takes(path); !takes {
		return c.miss()
	}
	switch {
	case c.rule.Kind == Regex:
		return fmt.Sprintf("it would take the path, but priority %d comes first", chosen.rule.Priority)
	case chosen.rule.Kind == Regex:
		return "it would take the path, but an expression comes first"
	case c.head != chosen.head:
		return "it would take the path, but its literal head of " + c.headBytes() + " is shorter"
	case c.rule.Kind == chosen.rule.Kind:
		return "it would take the path, but of two patterns with the same head the longer comes first"
	default:
		return fmt.Sprintf("it would take the path, but on a tie %s comes before %s", chosen.rule.Kind, c.rule.Kind)
	}
}

func (c *candidate[T]) headBytes() string {
	if c.head == 1 {
		return "1 byte"
	}
	return strconv.Itoa(c.head) + " bytes"
}
