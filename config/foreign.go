package config

import (
	"slices"
	"strconv"
	"strings"
)

// foreign is a name of another server that people write out of habit. It is
// not accepted, but answered.
type foreign struct {
	name  string
	of    string // whose name it is: "Gunicorn", "nginx"
	in    string // the block that has ours; empty: no particular one
	ours  string // what appserve calls it; empty when it has nothing of the kind
	write string // what to write; VALUE stands for the value as it was written
	unit  string // of a bare number: "s", "MiB"; ":" in front of a port
	say   string // instead of "appserve calls it"
}

// findForeign looks a name up; entries for the block at hand come first.
func findForeign(name string, s *schema) *foreign {
	var found *foreign
	table := slices.Concat(nginxNames(), nginxServerNames(), gunicornNames(), uwsgiNames(), otherNames())
	for i := range table {
		f := &table[i]
		if f.name != name && strings.ReplaceAll(f.name, "-", "_") != name {
			continue
		}
		if f.in == s.name {
			return f
		}
		if found == nil {
			found = f
		}
	}
	return found
}

// answer is the sentence for a foreign name found in block s.
func (f *foreign) answer(left leftover, s *schema) string {
	var parts []string
	switch {
	case f.say != "":
		parts = append(parts, f.say)
	case f.in != "" && f.in != s.name && s.row(f.ours) == nil:
		parts = append(parts, "appserve calls it "+quote(f.ours)+", in "+inBlock(f.in)+" ("+f.of+": "+f.name+").")
	default:
		parts = append(parts, "appserve calls it "+quote(f.ours)+" ("+f.of+": "+f.name+").")
	}
	if f.write != "" {
		parts = append(parts, "Write: "+strings.ReplaceAll(f.write, "VALUE", f.value(left)))
	}
	return strings.Join(parts, " ")
}

// value is the value as it was written, with the unit that ours needs.
func (f *foreign) value(left leftover) string {
	v := left.value
	switch {
	case v == "" || strings.Contains(v, "\n"):
		return "..."
	case f.unit == "":
		return v
	}
	number := strings.Trim(v, `"`)
	if _, err := strconv.ParseFloat(number, 64); err == nil {
		if f.unit == ":" { // a port
			return quote(":" + number)
		}
		return quote(number + f.unit)
	}
	return v
}

func inBlock(name string) string {
	switch name {
	case "appserve", "log", "static", "redirect", "respond", "queue", "access_log", "admin":
		return "the " + name + " block"
	case "upstream":
		return "an upstream"
	case "tls":
		return "the tls block of a listener"
	case "error_page":
		return "an error_page block"
	}
	return "a " + name
}
