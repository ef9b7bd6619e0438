// Package glob matches paths against patterns in which "*" stands for anything
// inside a segment and "**" for anything across segments. It owns that little
// language and nothing else: what a pattern is matched against, and which of
// several wins, is for its users to say. It refuses the rest of the shell's
// language ("?", "[a-z]", "{a,b}"), which is kept for later.
package glob

import (
	"errors"
	"fmt"
	"strings"
)

// ErrSyntax says that a pattern uses what this language does not have.
var ErrSyntax = errors.New("not a pattern")

// Pattern is a compiled pattern. It is safe for concurrent use.
type Pattern struct {
	text  string
	steps []step
}

// step is a kind of wildcard, or text.
type step struct {
	kind kind
	text string
}

type kind uint8

const (
	literal  kind = iota // text, byte for byte
	inside               // "*": any bytes but a slash, none included
	across               // "**": any bytes, none included
	segments             // "**/" at the start of a segment: any number of whole segments, none included
)

// Compile reads a pattern:
//
//   - any run of bytes without a slash, an empty one included
//     **    any run of bytes, an empty one included
//     **/   at the start of a segment: any number of whole segments, none
//     included, so that /a/**/b matches /a/b
//
// Everything else stands for itself. The characters "?", "[", "]", "{", "}"
// and "\", and three stars in a row, are refused with an error that is ErrSyntax.
func Compile(pattern string) (*Pattern, error) {
	if i := strings.IndexAny(pattern, `?[]{}\`); i >= 0 {
		return nil, fmt.Errorf("%w: %q has no meaning here, only * (inside a segment) and ** (across segments) have", ErrSyntax, pattern[i:i+1])
	}
	if strings.Contains(pattern, "***") {
		return nil, fmt.Errorf("%w: three stars in a row; write * (inside a segment) or ** (across segments)", ErrSyntax)
	}
	p := &Pattern{text: pattern}
	for rest := pattern; rest != ""; {
		var s step
		s, rest = cut(rest, len(pattern) == len(rest) || pattern[len(pattern)-len(rest)-1] == '/')
		p.steps = append(p.steps, s)
	}
	return p, nil
}

// cut takes the first step off a pattern; starts says that it is at the start
// of a segment.
func cut(pattern string, starts bool) (step, string) {
	if rest, ok := strings.CutPrefix(pattern, "**/"); ok && starts {
		return step{kind: segments}, rest
	}
	if rest, ok := strings.CutPrefix(pattern, "**"); ok {
		return step{kind: across}, rest
	}
	if rest, ok := strings.CutPrefix(pattern, "*"); ok {
		return step{kind: inside}, rest
	}
	end := strings.IndexByte(pattern, '*')
	if end < 0 {
		end = len(pattern)
	}
	return step{kind: literal, text: pattern[:end]}, pattern[end:]
}

// String is the pattern as it was written.
func (p *Pattern) String() string { return p.text }

// Head is the text before the first wildcard: every path that matches begins
// with it.
func (p *Pattern) Head() string {
	if len(p.steps) == 0 || p.steps[0].kind != literal {
		return ""
	}
	return p.steps[0].text
}

// Literal reports whether the pattern has no wildcard, so that only its own
// text matches.
func (p *Pattern) Literal() bool { return p.Head() == p.text }

// mark is where matching goes on when what follows a wildcard did not match:
// with the step behind it, one more piece of the path given to it.
type mark struct {
	step, at int
	kind     kind
	set      bool
}

// further gives the wildcard one more byte, or one more segment; false when it
// cannot have it.
func (m *mark) further(path string) bool {
	switch {
	case !m.set || m.at >= len(path):
		return false
	case m.kind == inside && path[m.at] == '/':
		return false
	case m.kind == segments:
		slash := strings.IndexByte(path[m.at:], '/')
		if slash < 0 {
			return false
		}
		m.at += slash + 1
	default:
		m.at++
	}
	return true
}

// Match reports whether the whole path matches. It takes no memory, and time
// in proportion to the lengths of both.
//
// Only the last wildcard of each reach has to be tried again: what one across
// segments leaves to an earlier one it could have taken itself, and one inside
// a segment has the end of its segment as its only other choice.
func (p *Pattern) Match(path string) bool {
	var wide, narrow mark
	at, i := 0, 0
	for {
		switch {
		case i == len(p.steps) && at == len(path):
			return true
		case i == len(p.steps):
		case p.steps[i].kind == literal:
			if strings.HasPrefix(path[at:], p.steps[i].text) {
				at += len(p.steps[i].text)
				i++
				continue
			}
		case p.steps[i].kind == inside:
			i++
			narrow = mark{step: i, at: at, kind: inside, set: true}
			continue
		default:
			wide = mark{step: i + 1, at: at, kind: p.steps[i].kind, set: true}
			narrow = mark{}
			i++
			continue
		}
		switch {
		case narrow.further(path):
			i, at = narrow.step, narrow.at
		case wide.further(path):
			i, at, narrow = wide.step, wide.at, mark{}
		default:
			return false
		}
	}
}
