package config

import (
	"fmt"
	"time"

	"github.com/hashicorp/hcl/v2"
)

// block is one block of a configuration, decoded: values with their places.
type block struct {
	schema   *schema
	parent   *block // nil at the root
	label    string
	labelAt  hcl.Range
	at       hcl.Range // the header
	folder   string    // of the file that says it
	settings map[string]*setting
	refused  map[string]bool // rows that were written, but wrongly
	blocks   []*block
	usedBy   map[Target][]*block // at the root: the locations that lead to a pool or upstream
}

// setting is the value of one row.
type setting struct {
	row         *row
	value       any       // in the kind's Go type; nil: not set
	nameAt      hcl.Range // the zero range when defaulted
	at          hcl.Range // the expression
	from        []string  // "var.domain": what the expression draws on
	sensitive   bool
	placeholder bool // stands for a value that a dump did not show
}

// written reports whether a file said it, as opposed to a default.
func (s *setting) written() bool { return s != nil && s.nameAt.Filename != "" }

func newBlock(s *schema, parent *block) *block {
	return &block{schema: s, parent: parent, settings: map[string]*setting{}, refused: map[string]bool{}}
}

// all are the enabled blocks of one type, in source order.
func (b *block) all(name string) []*block {
	var found []*block
	for _, child := range b.blocks {
		if child.schema.name == name && child.enabled() {
			found = append(found, child)
		}
	}
	return found
}

// one is the enabled block of a type that stands at most once; nil when absent.
func (b *block) one(name string) *block {
	if found := b.all(name); len(found) > 0 {
		return found[0]
	}
	return nil
}

// says reports whether a block of a type is written, enabled or not: a
// disabled rule of a location switches its site's off.
func (b *block) says(name string) bool {
	for _, child := range b.blocks {
		if child.schema.name == name {
			return true
		}
	}
	return false
}

// enabled is what the row of that name says. In access_log it is a meaning of
// its own: the block counts even when it turns the log off.
func (b *block) enabled() bool {
	if b.schema.name == "access_log" {
		return true
	}
	s := b.settings["enabled"]
	return s == nil || s.value == nil || s.value.(bool)
}

// written is the setting of a row if a file says it, else nil.
func (b *block) written(name string) *setting {
	b.mustHave(name)
	if s := b.settings[name]; s.written() {
		return s
	}
	return nil
}

// place is where a row was set, or the block's header when it was not.
func (b *block) place(name string) hcl.Range {
	if s := b.settings[name]; s.written() {
		return s.at
	}
	return b.at
}

// title is how sentences call the block: `pool "django"`.
func (b *block) title() string {
	if b.schema.label == "" {
		return b.schema.name
	}
	return b.schema.name + " " + quote(b.label)
}

// mustHave panics on a name that no row has: that is a bug, not a mistake.
func (b *block) mustHave(name string) {
	if b.schema.row(name) == nil {
		panic(fmt.Sprintf("config: %s has no row %q", b.schema.name, name))
	}
}

// value is the value of a row as T, or T's zero value when it is not set.
func value[T any](b *block, name string) T {
	v, _ := optional[T](b, name)
	return v
}

// optional is value, and whether it is set.
func optional[T any](b *block, name string) (T, bool) {
	b.mustHave(name)
	var none T
	s := b.settings[name]
	if s == nil || s.value == nil {
		return none, false
	}
	v, ok := s.value.(T)
	if !ok {
		panic(fmt.Sprintf("config: %s.%s is a %T, not a %T", b.schema.name, name, s.value, none))
	}
	return v, true
}

// pointer is the value of a row, or nil when it is not set.
func pointer[T any](b *block, name string) *T {
	if v, ok := optional[T](b, name); ok {
		return &v
	}
	return nil
}

func (b *block) text(name string) string            { return value[string](b, name) }
func (b *block) flag(name string) bool              { return value[bool](b, name) }
func (b *block) integer(name string) int            { return value[int](b, name) }
func (b *block) size(name string) int64             { return int64(value[byteSize](b, name)) }
func (b *block) mode(name string) uint32            { return uint32(value[fileMode](b, name)) }
func (b *block) duration(name string) time.Duration { return value[time.Duration](b, name) }
func (b *block) template(name string) Template      { return value[Template](b, name) }

// list is the value of a list row with the place of each element.
func (b *block) list(name string) []item { return value[[]item](b, name) }

// texts is a list row of strings. Not set is nil.
func (b *block) texts(name string) []string { return itemsAs[string](b.list(name)) }

func itemsAs[T any](items []item) []T {
	var out []T
	for _, one := range items {
		out = append(out, one.value.(T))
	}
	return out
}

// dictionary is the value of a map row. Not set is an empty map.
func (b *block) dictionary(name string) map[string]string {
	out := map[string]string{}
	for _, e := range value[[]entry](b, name) {
		out[e.key] = e.value
	}
	return out
}
