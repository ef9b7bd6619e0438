package config

import (
	"strconv"
	"time"
)

// rateLimitSchema is the rate_limit block.
func rateLimitSchema() *schema {
	return &schema{
		name: "rate_limit", phrase: "a rate_limit block", rule: true,
		doc: "Limits how often requests may come, per key; several blocks all count. When a location has any, its site's do not hold there. What a site says is counted for all its locations together.",
		rows: []row{
			{name: "rate", kind: rate(), required: true, doc: "How many requests in how much time: `5/s`, `300/m`, `10/10s`. They are let in evenly."},
			{name: "burst", kind: integer(), def: "the number of rate", computed: defaultBurst, min: 1, max: maxRequestRate, example: "20",
				doc: "How many may come at once before the rate spreads them."},
			{name: "key", kind: template(), def: `"$remote_addr"`, doc: "What is counted apart: requests of one key. A request with an empty key is not counted."},
			{name: "zone", kind: zoneName(), doc: "Blocks of one zone, in any location, count together. They must say the same rate, burst and key."},
			{name: "status", kind: errorStatus(), def: "429", example: "503", doc: "What a request above the limit gets, with Retry-After."},
			{name: "methods", kind: listOf(method()), def: "[]", example: `["POST"]`, doc: "Only these are counted; empty: all."},
			{name: "dry_run", kind: boolean(), def: "false", doc: "Counts and logs, and lets everything through."},
		},
		sample: `rate = "5/s"`,
		check:  func(c *checking, b *block) { c.listedTwice(b, "methods") },
	}
}

func defaultBurst(_ *completion, b *block) any { return int(value[requestRate](b, "rate").count) }

// errorStatus is a status from 400 to 599.
func errorStatus() kind {
	var codes []int
	for code := 400; code <= 599; code++ {
		codes = append(codes, code)
	}
	return status("status of an error", codes)
}

// zoneName is a plain name.
func zoneName() kind {
	return ofString("name", `"login"`, `"a b"`, func(c *cell, s string) (any, *fault) {
		if !isName(s) {
			return nil, c.fault("This is no name", "Letters, digits, \"_\" and \"-\" are allowed. %s", c.write(quote(plainLabel(s))))
		}
		return s, nil
	}, printText)
}

// zones answers blocks of one zone that count differently.
func (c *checking) zones() {
	first := map[string]*block{}
	for _, site := range c.root.all("site") {
		for _, b := range append([]*block{site}, site.all("location")...) {
			for _, limit := range b.all("rate_limit") {
				c.zone(first, limit)
			}
		}
	}
}

func (c *checking) zone(first map[string]*block, b *block) {
	zone := b.text("zone")
	if zone == "" {
		return
	}
	before := first[zone]
	if before == nil {
		first[zone] = b
		return
	}
	for _, name := range []string{"rate", "burst", "key"} {
		if countsBy(b, name) != countsBy(before, name) {
			c.errorAt(b.place(name), "Two blocks count differently in zone "+quote(zone),
				quote(name)+" must be the same in all blocks of a zone: they are one counter. Write the same, or another zone.", related{"the other one is here", before.place(name)})
			return
		}
	}
}

// countsBy is a row that says how a zone counts, as text to compare.
func countsBy(b *block, name string) string {
	s := b.settings[name]
	switch {
	case s != nil && s.value != nil:
		return s.row.kind.print(s.value)
	case name == "burst":
		return strconv.FormatInt(value[requestRate](b, "rate").count, 10)
	}
	return b.schema.row(name).def
}

func (f *freezing) rateLimit(b *block) *RateLimit {
	r := value[requestRate](b, "rate")
	return &RateLimit{
		Block:   f.block(b),
		Count:   r.count,
		Per:     max(r.per, time.Millisecond),
		Burst:   b.integer("burst"),
		Key:     b.template("key"),
		Zone:    b.text("zone"),
		Status:  b.integer("status"),
		Methods: b.texts("methods"),
		DryRun:  b.flag("dry_run"),
	}
}

// rateLimits are those of a location, or of its site when it says none.
func (f *freezing) rateLimits(b *block, outer []*RateLimit) []*RateLimit {
	if !b.says("rate_limit") {
		return outer
	}
	var limits []*RateLimit
	for _, child := range b.all("rate_limit") {
		limits = append(limits, f.rateLimit(child))
	}
	return limits
}
