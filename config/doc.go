// Package config turns HCL files into plain Go values.
//
// It owns the language: every block, every attribute (a row: name, kind,
// default, bounds, one sentence of documentation), every message about a
// mistake, the dump that -T prints, and the formatter. It refuses to know what
// the values are used for: it imports no other package of appserve, and
// after Load nothing of hcl or cty reaches its callers.
//
// Reading is a line of phases, each in its own file: find, parse, sniff,
// scope, decode, resolve, check, complete, freeze. None stops at the first
// mistake; a mistake is a diagnostic with a place, a bug is a panic.
package config
