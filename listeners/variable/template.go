package variable

import "fmt"

// Part is one piece of a text with request variables: literal text, or a
// variable when Variable is not empty. Variables with a free tail carry it in
// Argument: $http_accept is {Variable: "http_", Argument: "accept"}.
type Part struct {
	Literal  string
	Variable string
	Argument string
}

// Template is a compiled text. It is immutable and safe for concurrent use.
type Template struct {
	pieces []piece
}

type piece struct {
	literal  string
	id       ID
	argument string
}

// Source is a request that knows the values of its variables.
type Source interface {
	// AppendVariable appends the value of one variable to dst; nothing when it has none.
	AppendVariable(dst []byte, id ID, argument string) []byte
}

// Compile resolves the names of parts. An unknown variable is an error:
// config has checked them, so it means that the two lists disagree.
func Compile(parts []Part) (*Template, error) {
	t := &Template{pieces: make([]piece, 0, len(parts))}
	for _, p := range parts {
		if p.Variable == "" {
			t.pieces = append(t.pieces, piece{literal: p.Literal})
			continue
		}
		id, ok := Lookup(p.Variable)
		if !ok {
			return nil, fmt.Errorf("unknown request variable $%s%s", p.Variable, p.Argument)
		}
		t.pieces = append(t.pieces, piece{id: id, argument: headerForm(id, p.Argument)})
	}
	return t, nil
}

// Text is a template without variables.
func Text(s string) *Template {
	return &Template{pieces: []piece{{literal: s}}}
}

// Constant gives the text of a template without variables; false for one that has some.
func (t *Template) Constant() (string, bool) {
	text := ""
	for i := range t.pieces {
		if t.pieces[i].id != None {
			return "", false
		}
		text += t.pieces[i].literal
	}
	return text, true
}

// Head is the text before the first variable.
func (t *Template) Head() string {
	head := ""
	for i := range t.pieces {
		if t.pieces[i].id != None {
			break
		}
		head += t.pieces[i].literal
	}
	return head
}

// Append renders the template for one request. Literal text is taken as it
// is; values are escaped as e says.
func (t *Template) Append(dst []byte, s Source, e Escape) []byte {
	for i := range t.pieces {
		p := &t.pieces[i]
		if p.id == None {
			dst = append(dst, p.literal...)
			continue
		}
		dst = AppendEscaped(dst, s, p.id, p.argument, e)
	}
	return dst
}

// AppendEscaped appends one variable of a request, escaped.
func AppendEscaped(dst []byte, s Source, id ID, argument string, e Escape) []byte {
	start := len(dst)
	return e.apply(s.AppendVariable(dst, id, argument), start, id)
}

// Uses reports whether the template refers to the variable.
func (t *Template) Uses(id ID) bool {
	for i := range t.pieces {
		if t.pieces[i].id == id {
			return true
		}
	}
	return false
}
