package config

import (
	"net/textproto"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// requestHeadersSchema is the request_headers block.
func requestHeadersSchema() *schema {
	return &schema{
		name: "request_headers", phrase: "a request_headers block", single: true, rule: true,
		doc: "Headers changed on the way to the application or upstream. What a site says comes first, then what its location says.",
		rows: []row{
			{name: "set", kind: headerMap(`{ "X-Tier" = "gold" }`, requestHeaderFault), def: "{}", doc: "Headers that replace what the client sent."},
			{name: "remove", kind: listOf(headerName(`"Accept-Encoding"`, requestHeaderFault)), def: "[]", doc: "Headers that are taken away."},
		},
		check: checkHeaders,
	}
}

// responseHeadersSchema is the response_headers block.
func responseHeadersSchema(rule bool) *schema {
	s := &schema{
		name: "response_headers", phrase: "a response_headers block", single: true, rule: rule,
		doc: "Headers changed in every response of the location, also those that appserve answers itself. `remove` goes first, then `set`, `default` and `add`. What a site says comes before what its location says.",
		rows: []row{
			{name: "set", kind: headerMap(`{ "X-Frame-Options" = "DENY" }`, responseHeaderFault), def: "{}", doc: "Headers that replace what is there."},
			{name: "default", kind: headerMap(`{ "Cache-Control" = "no-store" }`, responseHeaderFault), def: "{}", doc: "Headers for answers that have none of the name."},
			{name: "add", kind: headerMap(`{ "Link" = "</style.css>; rel=preload" }`, responseHeaderFault), def: "{}", doc: "Headers beside those that are there."},
			{name: "remove", kind: listOf(headerName(`"X-Powered-By"`, responseHeaderFault)), def: "[]", doc: "Headers that are taken away."},
		},
		check: checkHeaders,
	}
	if !rule {
		s.doc = "Headers changed in the answers with these files, after those of the location. `remove` goes first, then `set`, `default` and `add`."
	}
	return s
}

// checkHeaders answers a header that two rows of one block want differently.
func checkHeaders(c *checking, b *block) {
	seen := headerClaims{checking: c, first: map[string]headerClaim{}}
	for _, row := range []string{"set", "default", "add"} {
		if b.schema.row(row) == nil {
			continue
		}
		for _, f := range value[[]headerField](b, row) {
			seen.claim(row, f.name, f.at)
		}
	}
	for _, one := range b.list("remove") {
		seen.claim("remove", one.value.(string), one.at)
	}
}

// headerClaims are the headers that the rows of a block name.
type headerClaims struct {
	*checking
	first map[string]headerClaim
}

type headerClaim struct {
	row string
	at  hcl.Range
}

func (h headerClaims) claim(row, name string, at hcl.Range) {
	before, again := h.first[strings.ToLower(name)]
	switch {
	case !again:
		h.first[strings.ToLower(name)] = headerClaim{row, at}
	case before.row == row:
		h.errorAt(at, "A header is named twice", quote(name)+" is in "+row+" already. Leave one of them out.", related{"the other one is here", before.at})
	case row != "add" && before.row != "add":
		h.errorAt(at, "A header is wanted in two ways", quote(name)+" is in "+before.row+" and in "+row+". Leave one of them out.", related{"the other one is here", before.at})
	}
}

// headers makes the edits of a block, on top of those of the site around it.
func (f *freezing) headers(b *block, name string, outer *HeaderEdits) *HeaderEdits {
	own := b.one(name)
	switch {
	case own == nil && b.says(name):
		return nil
	case own == nil:
		return outer
	}
	inner := f.headerEdits(own)
	if outer == nil {
		return inner
	}
	return mergeHeaders(outer, inner)
}

func (f *freezing) headerEdits(b *block) *HeaderEdits {
	out := &HeaderEdits{Set: headerFields(b, "set"), Places: []Source{f.source(b.at)}}
	if b.schema.row("add") != nil {
		out.Default, out.Add = headerFields(b, "default"), headerFields(b, "add")
	}
	for _, name := range b.texts("remove") {
		out.Remove = append(out.Remove, textproto.CanonicalMIMEHeaderKey(name))
	}
	return out
}

func headerFields(b *block, name string) []HeaderField {
	var out []HeaderField
	for _, f := range value[[]headerField](b, name) {
		out = append(out, HeaderField{Name: textproto.CanonicalMIMEHeaderKey(f.name), Value: f.value})
	}
	return out
}

// mergeHeaders makes one list of edits of two, so that its outcome is that of
// the outer ones and then the inner ones.
func mergeHeaders(outer, inner *HeaderEdits) *HeaderEdits {
	replaced := func(name string) bool {
		return slices.ContainsFunc(inner.Set, named(name)) || slices.Contains(inner.Remove, name)
	}
	kept := func(list []HeaderField) []HeaderField {
		return slices.DeleteFunc(slices.Clone(list), func(f HeaderField) bool { return replaced(f.Name) })
	}
	out := &HeaderEdits{
		Set:     append(kept(outer.Set), inner.Set...),
		Default: slices.DeleteFunc(kept(outer.Default), func(f HeaderField) bool { return slices.ContainsFunc(inner.Default, named(f.Name)) }),
		Add:     append(kept(outer.Add), inner.Add...),
		Remove:  slices.Clone(outer.Remove),
		Places:  append(slices.Clone(outer.Places), inner.Places...),
	}
	for _, f := range inner.Default {
		if !slices.ContainsFunc(out.Set, named(f.Name)) && !slices.ContainsFunc(outer.Add, named(f.Name)) { // else there is something already
			out.Default = append(out.Default, f)
		}
	}
	for _, name := range inner.Remove {
		if !slices.Contains(out.Remove, name) {
			out.Remove = append(out.Remove, name)
		}
	}
	return out
}

func named(name string) func(HeaderField) bool {
	return func(f HeaderField) bool { return f.Name == name }
}
