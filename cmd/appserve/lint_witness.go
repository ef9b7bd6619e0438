package main

import (
	"regexp"
	"regexp/syntax"
	"strings"
)

// witnessSteps bounds the search for a path that an expression finds.
const witnessSteps = 20_000

// witness is a path that begins with head and that an expression finds
// something in; false when there is none, or none is found in time. Where the
// expression leaves a choice, the characters of prefer are tried first.
//
// It walks the compiled expression breadth first, so that the path is short.
func witness(expression, head, prefer string) (string, bool) {
	parsed, err := syntax.Parse("(?s)^.*?(?:"+expression+")", syntax.Perl)
	if err != nil {
		return "", false
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return "", false
	}
	w := &witnessSearch{program: program, head: []rune(head), prefer: prefer, seen: map[witnessState]bool{}}
	return w.search()
}

// witnessState is a place in the program: how much of the head was used up,
// and whether the end of the path was asked for.
type witnessState struct {
	pc    uint32
	used  int
	ended bool
}

type witnessStep struct {
	witnessState
	path string
}

type witnessSearch struct {
	program *syntax.Prog
	head    []rune
	prefer  string
	seen    map[witnessState]bool
	queue   []witnessStep
}

func (w *witnessSearch) search() (string, bool) {
	w.push(witnessStep{witnessState: witnessState{pc: uint32(w.program.Start)}})
	for steps := 0; len(w.queue) > 0 && steps < witnessSteps; steps++ {
		step := w.queue[0]
		w.queue = w.queue[1:]
		instruction := &w.program.Inst[step.pc]
		switch instruction.Op {
		case syntax.InstMatch:
			if path, ok := w.finish(step); ok {
				return path, true
			}
		case syntax.InstAlt, syntax.InstAltMatch:
			w.to(step, instruction.Out)
			w.to(step, instruction.Arg)
		case syntax.InstCapture, syntax.InstNop:
			w.to(step, instruction.Out)
		case syntax.InstEmptyWidth:
			w.emptyWidth(step, instruction)
		case syntax.InstFail:
		default:
			w.consume(step, instruction)
		}
	}
	return "", false
}

func (w *witnessSearch) push(s witnessStep) {
	if !w.seen[s.witnessState] {
		w.seen[s.witnessState] = true
		w.queue = append(w.queue, s)
	}
}

func (w *witnessSearch) to(s witnessStep, pc uint32) {
	s.pc = pc
	w.push(s)
}

// finish adds what is left of the head: behind a match anything may follow,
// unless the end was asked for.
func (w *witnessSearch) finish(s witnessStep) (string, bool) {
	if s.used < len(w.head) {
		if s.ended {
			return "", false
		}
		return string(w.head), true
	}
	return s.path, true
}

func (w *witnessSearch) emptyWidth(s witnessStep, instruction *syntax.Inst) {
	asked := syntax.EmptyOp(instruction.Arg)
	if asked&(syntax.EmptyBeginText|syntax.EmptyBeginLine) != 0 && s.path != "" {
		return
	}
	if asked&(syntax.EmptyEndText|syntax.EmptyEndLine) != 0 {
		s.ended = true
	}
	w.to(s, instruction.Out)
}

func (w *witnessSearch) consume(s witnessStep, instruction *syntax.Inst) {
	if s.ended {
		return
	}
	next := '\x00'
	if s.used < len(w.head) {
		next = w.head[s.used]
		if !instruction.MatchRune(next) {
			return
		}
		s.used++
	} else if next = w.choose(instruction); next == 0 {
		return
	}
	s.path += string(next)
	w.to(s, instruction.Out)
}

// choose is a character that an instruction takes, a harmless one if possible.
func (w *witnessSearch) choose(instruction *syntax.Inst) rune {
	for _, r := range w.prefer + "xq7a0-_.A~/" {
		if instruction.MatchRune(r) {
			return r
		}
	}
	if len(instruction.Rune) > 0 {
		return instruction.Rune[0]
	}
	return 0
}

// globExpression writes a glob as a regular expression, for witness.
func globExpression(pattern string) string {
	var b strings.Builder
	b.WriteString("^")
	for i := 0; i < len(pattern); {
		starts := i == 0 || pattern[i-1] == '/'
		switch rest := pattern[i:]; {
		case starts && strings.HasPrefix(rest, "**/"):
			b.WriteString("(?:[^/]*/)*")
			i += len("**/")
		case strings.HasPrefix(rest, "**"):
			b.WriteString(".*")
			i += len("**")
		case rest[0] == '*':
			b.WriteString("[^/]*")
			i++
		default:
			end := strings.IndexByte(rest, '*')
			if end < 0 {
				end = len(rest)
			}
			b.WriteString(regexp.QuoteMeta(rest[:end]))
			i += end
		}
	}
	b.WriteString("$")
	return b.String()
}
