package config

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// ofString is a kind that is written as a string and parsed by parse.
func ofString(name, example, bad string, parse func(c *cell, s string) (any, *fault), print func(any) string) kind {
	return kind{
		name: name, example: example, bad: bad, print: print,
		read: func(c *cell, v cty.Value) (any, *fault) {
			s, ok := c.asText(v)
			if !ok {
				return nil, c.notText(v, example)
			}
			return parse(c, s)
		},
	}
}

// asText is a string value. "${var.n}" has the type of the variable, but who
// writes quotes means text.
func (c *cell) asText(v cty.Value) (string, bool) {
	if v.Type() == cty.String {
		return v.AsString(), true
	}
	if v.Type().IsPrimitiveType() && strings.HasPrefix(c.source(), `"`) {
		if text, err := convert.Convert(v, cty.String); err == nil {
			return text.AsString(), true
		}
	}
	return "", false
}

// notText is the answer to a value that should have been a string.
func (c *cell) notText(v cty.Value, example string) *fault {
	if v.Type() == cty.Number {
		return c.fault("This value needs quotes", "It is %s, and text is expected. %s", typeName(v), c.write(quote(c.source())))
	}
	return c.fault("This value is not text", "It is %s. %s", typeName(v), c.write(example))
}

// text is any string that is not empty.
func text() kind {
	return ofString("string", `"text"`, `[]`, func(c *cell, s string) (any, *fault) {
		if s == "" {
			return nil, c.fault("This text is empty", "Leave the line out, or write null, when nothing is meant.")
		}
		if i := strings.IndexFunc(s, isControl); i >= 0 {
			return nil, c.fault("This text holds a control character", "No line breaks or control characters are allowed here.")
		}
		return s, nil
	}, printText)
}

// anyText is any string, the empty one too.
func anyText() kind {
	k := text()
	k.read = func(c *cell, v cty.Value) (any, *fault) {
		s, ok := c.asText(v)
		if !ok {
			return nil, c.notText(v, `""`)
		}
		return s, nil
	}
	return k
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// boolean is true or false.
func boolean() kind {
	return kind{
		name: "bool", example: "false", bad: `"maybe"`,
		print: func(v any) string { return strconv.FormatBool(v.(bool)) },
		read: func(c *cell, v cty.Value) (any, *fault) {
			if v.Type() == cty.Bool {
				return v.True(), nil
			}
			if v.Type() == cty.String {
				if word := yesOrNo(v.AsString()); word != "" {
					return nil, c.fault("This is a switch, not text", "%s%s", c.write(word), c.typedVariable("bool"))
				}
			}
			return nil, c.fault("This is a switch: true or false", "%s", c.write("true"))
		},
	}
}

// yesOrNo translates what other languages call true and false.
func yesOrNo(word string) string {
	switch strings.ToLower(word) {
	case "true", "yes", "on", "1", "enabled":
		return "true"
	case "false", "no", "off", "0", "disabled":
		return "false"
	}
	return ""
}

// integer is a whole number between the row's bounds.
func integer() kind {
	return kind{
		name: "integer", example: "4", bad: "1.5",
		print: func(v any) string { return strconv.Itoa(v.(int)) },
		read: func(c *cell, v cty.Value) (any, *fault) {
			if v.Type() != cty.Number {
				if s, ok := numberInString(v); ok {
					return nil, c.fault("This is a number, not text", "%s%s", c.write(s), c.typedVariable("number"))
				}
				return nil, c.fault("This is not a number", "It is %s. %s", typeName(v), c.write(c.exampleNumber()))
			}
			n, accuracy := v.AsBigFloat().Int64()
			if accuracy != big.Exact && !v.AsBigFloat().IsInt() {
				return nil, c.fault("This is not a whole number", "%s", c.write(strconv.FormatInt(n, 10)))
			}
			if f := c.inBounds(n, func(n int64) string { return strconv.FormatInt(n, 10) }); f != nil {
				return nil, f
			}
			return int(n), nil
		},
	}
}

func (c *cell) exampleNumber() string {
	if c.row.example != "" {
		return c.row.example
	}
	return "4"
}

func numberInString(v cty.Value) (string, bool) {
	if v.Type() != cty.String {
		return "", false
	}
	n, err := strconv.ParseInt(strings.TrimSpace(v.AsString()), 10, 64)
	return strconv.FormatInt(n, 10), err == nil
}

// typedVariable hints at the variable whose type is missing.
func (c *cell) typedVariable(typeName string) string {
	for _, from := range c.setting.from {
		if name, ok := strings.CutPrefix(from, "var."); ok {
			return `, or declare variable "` + name + `" with type = ` + typeName + "."
		}
	}
	return ""
}

// inBounds checks a value against the row. write turns a bound into words.
func (c *cell) inBounds(n int64, write func(int64) string) *fault {
	low, high := magnitude(c.row.min), magnitude(c.row.max)
	switch {
	case n == 0 && c.row.zero:
		return nil
	case c.row.min != nil && n < low && c.row.max != nil:
		return c.fault("This value is too small", "It may be %s to %s. %s", write(low), write(high), c.write(write(low)))
	case c.row.min != nil && n < low:
		return c.fault("This value is too small", "The least is %s. %s", write(low), c.write(write(low)))
	case c.row.max != nil && n > high:
		return c.fault("This value is too large", "The most is %s. %s", write(high), c.write(write(high)))
	}
	return nil
}

// oneOf is a string out of a fixed set. later names values that a later stage delivers.
func oneOf(choices []string, later map[string]stage) kind {
	k := ofString("one of "+strings.Join(quoteAll(choices), ", "), quote(choices[0]), `"surely not"`,
		func(c *cell, s string) (any, *fault) {
			for _, choice := range choices {
				if s == choice {
					return s, nil
				}
			}
			if st, ok := later[s]; ok {
				return nil, c.fault("This value is not in this version yet", "%s comes with the stage %q. Until then, write one of %s.",
					quote(s), string(st), strings.Join(quoteAll(choices), ", "))
			}
			if near := suggest(s, choices); near != "" {
				return nil, c.fault("This is not one of the choices", "%s is not known here. Did you mean %s? %s",
					quote(s), quote(near), c.write(quote(near)))
			}
			return nil, c.fault("This is not one of the choices", "%s is not known here. Write one of %s.",
				quote(s), strings.Join(quoteAll(choices), ", "))
		}, printText)
	return k
}

func quoteAll(words []string) []string {
	var out []string
	for _, word := range words {
		out = append(out, quote(word))
	}
	return out
}
