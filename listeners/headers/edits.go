// Package headers owns changes of a header that the configuration asks for:
// request_headers and response_headers. It refuses fields that frame a message
// or belong to one connection, and it lets no line break out of a variable
// into a header.
package headers

import (
	"net/http"
	"net/textproto"
	"slices"

	"github.com/appserve/appserve/listeners/variable"
)

// Field is a name and what it gets.
type Field struct {
	Name  string // in any case
	Value *variable.Template
}

// Config says what changes, in this order. A value that is empty for a request
// is not sent: Set then removes the field, Default and Add do nothing. Values
// still see the fields that are removed, so that a field can be renamed.
type Config struct {
	Remove  []string
	Set     []Field // replaces what is there
	Default []Field // when nothing is there
	Add     []Field // beside what is there
}

// Edits are compiled changes. They are immutable and safe for concurrent use;
// nil ones change nothing.
type Edits struct {
	before          []string // canonical; removed before it is written anew
	set, unset, add []field
	after           []string // canonical; removed, and not written
}

// field is a Field whose value is made once when it is the same for all requests.
type field struct {
	name     string // canonical
	constant []string
	value    *variable.Template // nil: constant
}

// New compiles changes. The error names a field that nobody but the server may
// set, or what is no field name.
func New(c Config) (*Edits, error) {
	e := &Edits{}
	for _, list := range []struct {
		from []Field
		to   *[]field
	}{{c.Set, &e.set}, {c.Default, &e.unset}, {c.Add, &e.add}} {
		for _, f := range list.from {
			if err := Check(f.Name); err != nil {
				return nil, err
			}
			*list.to = append(*list.to, newField(f))
		}
	}
	for _, name := range c.Remove {
		if err := Check(name); err != nil {
			return nil, err
		}
		if name = textproto.CanonicalMIMEHeaderKey(name); e.writes(name) {
			e.before = append(e.before, name)
		} else {
			e.after = append(e.after, name)
		}
	}
	return e, nil
}

func (e *Edits) writes(name string) bool {
	is := func(f field) bool { return f.name == name }
	return slices.ContainsFunc(e.set, is) || slices.ContainsFunc(e.unset, is) || slices.ContainsFunc(e.add, is)
}

func newField(f Field) field {
	out := field{name: textproto.CanonicalMIMEHeaderKey(f.Name), value: f.Value}
	if text, ok := f.Value.Constant(); ok {
		out.value = nil
		if text = clean([]byte(text)); text != "" {
			out.constant = []string{text}
		}
	}
	return out
}

// values gives the value for one request as the header holds it, not to be
// written to; nil when it is empty.
func (f *field) values(s variable.Source) []string {
	if f.value == nil {
		return f.constant[:len(f.constant):len(f.constant)]
	}
	text := clean(f.value.Append(make([]byte, 0, 64), s, variable.Plain))
	if text == "" {
		return nil
	}
	return []string{text}
}

// Apply changes a header. s gives the values of variables.
func (e *Edits) Apply(h http.Header, s variable.Source) {
	if e == nil {
		return
	}
	for _, name := range e.before {
		delete(h, name)
	}
	for i := range e.set {
		if v := e.set[i].values(s); v != nil {
			h[e.set[i].name] = v
		} else {
			delete(h, e.set[i].name)
		}
	}
	for i := range e.unset {
		if len(h[e.unset[i].name]) > 0 {
			continue
		}
		if v := e.unset[i].values(s); v != nil {
			h[e.unset[i].name] = v
		}
	}
	for i := range e.add {
		switch v := e.add[i].values(s); {
		case v == nil:
		case len(h[e.add[i].name]) == 0:
			h[e.add[i].name] = v
		default:
			h[e.add[i].name] = append(h[e.add[i].name], v...)
		}
	}
	for _, name := range e.after {
		delete(h, name)
	}
}

// clean makes text fit for a header: control characters, line breaks among
// them, become blanks (RFC 9110, section 5.5), and blanks around it go.
func clean(text []byte) string {
	for i, c := range text {
		if c < ' ' && c != '\t' || c == 0x7f {
			text[i] = ' '
		}
	}
	start, end := 0, len(text)
	for start < end && isBlank(text[start]) {
		start++
	}
	for end > start && isBlank(text[end-1]) {
		end--
	}
	return string(text[start:end])
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }
