package static

import (
	"strings"
)

// types knows the content type of a file by its name. It never asks the
// machine: the same file has the same type everywhere.
type types struct {
	values   map[string][]string // by extension, ready as a header
	fallback []string
}

func newTypes(own map[string]string, fallback, charset string) *types {
	t := &types{values: map[string][]string{}}
	for line := range strings.Lines(builtinTypes) {
		if fields := strings.Fields(line); len(fields) > 1 {
			value := []string{withCharset(fields[0], charset)}
			for _, extension := range fields[1:] {
				t.values[extension] = value
			}
		}
	}
	for extension, value := range own {
		t.values[strings.ToLower(strings.TrimPrefix(extension, "."))] = []string{withCharset(value, charset)}
	}
	if fallback == "" {
		fallback = "application/octet-stream"
	}
	t.fallback = []string{withCharset(fallback, charset)}
	return t
}

// of returns the value of Content-Type for a file name. It must not be changed.
func (t *types) of(name string) []string {
	base := name[strings.LastIndexByte(name, '/')+1:]
	dot := strings.LastIndexByte(base, '.')
	if dot < 0 {
		return t.fallback
	}
	extension := base[dot+1:]
	value, ok := t.values[extension]
	if !ok {
		value, ok = t.values[strings.ToLower(extension)]
	}
	if !ok {
		return t.fallback
	}
	return value
}

// withCharset adds a charset to the types whose readers would guess one. JSON
// and its kin are UTF-8 by definition, XML says it inside.
func withCharset(value, charset string) string {
	essence, _, _ := strings.Cut(strings.ToLower(value), ";")
	essence = strings.TrimSpace(essence)
	text := strings.HasPrefix(essence, "text/") || essence == "application/javascript"
	if charset == "" || !text || strings.Contains(strings.ToLower(value), "charset=") {
		return value
	}
	return value + "; charset=" + charset
}
