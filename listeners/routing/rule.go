package routing

import "strconv"

// Kind is how a location's path is compared with the path of a request.
type Kind uint8

// The kinds of a location. All compare the canonical path, which is decoded.
const (
	// Prefix takes the path and everything beneath it, by whole segments:
	// /admin takes /admin, /admin/ and /admin/x, and not /administrator.
	Prefix Kind = iota
	// Exact takes the path alone, with or without a slash at its end.
	Exact
	// Glob takes what matches a pattern (package glob) as a whole; a slash at
	// the end of the request's path may be left out.
	Glob
	// Regex takes what an RE2 expression finds anywhere in the path, unless it
	// is anchored. A dot stands for every character, line breaks too, so that
	// none can slip past.
	Regex
)

// String is the word of the configuration.
func (k Kind) String() string {
	switch k {
	case Exact:
		return "exact"
	case Glob:
		return "glob"
	case Regex:
		return "regex"
	default:
		return "prefix"
	}
}

// Rule is what a location says about the paths it takes.
type Rule struct {
	Kind     Kind
	Pattern  string // a path, for Exact and Prefix; begins with a slash but for Regex
	Priority int    // of a Regex: the lower one is tried first
}

// String is the rule as a person reads it: prefix "/admin".
func (r Rule) String() string {
	if r.Kind == Regex {
		return "regex " + strconv.Itoa(r.Priority) + " " + strconv.Quote(r.Pattern)
	}
	return r.Kind.String() + " " + strconv.Quote(r.Pattern)
}
