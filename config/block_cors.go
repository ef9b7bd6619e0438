package config

import (
	"net/url"
	"strings"
	"time"
)

// corsSchema is the cors block.
func corsSchema() *schema {
	return &schema{
		name: "cors", phrase: "a cors block", single: true, rule: true,
		doc: "Lets pages of other origins call this one (CORS): answers their preflight requests, and names their origin in the response.",
		rows: []row{
			{name: "origins", kind: listOf(webOrigin()), required: true, doc: "Origins that may: `\"https://app.example.com\"`, or `\"*\"` for every one."},
			{name: "headers", kind: listOf(corsHeader()), def: "[]", example: `["Content-Type"]`, doc: "Request headers that they may send; `\"*\"` for any."},
			{name: "methods", kind: listOf(method()), def: `["GET", "HEAD", "POST"]`, doc: "Methods that they may use."},
			{name: "credentials", kind: boolean(), def: "false", doc: "Lets browsers send cookies and passwords along. Not with `\"*\"`."},
			{name: "max_age", kind: duration(), def: `"10m"`, min: time.Duration(0), max: 24 * time.Hour, doc: "How long browsers may remember a preflight's answer."},
		},
		sample: `origins = ["https://app.example.com"]`,
		check:  checkCORS,
	}
}

// webOrigin is "*", or a scheme and a host as browsers send them.
func webOrigin() kind {
	return ofString("origin", `"https://app.example.com"`, `"app.example.com"`, func(c *cell, s string) (any, *fault) {
		const summary = "This is no origin"
		switch {
		case s == "*":
			return s, nil
		case s == "null":
			return nil, c.fault("This origin is nobody's", `Any page can send "null", so it cannot be let in alone. Write the origins, or "*".`)
		case !strings.Contains(s, "://"):
			return nil, c.fault(summary, "An origin is a scheme and a host. %s", c.write(quote("https://"+s)))
		}
		u, err := url.Parse(s)
		switch {
		case err != nil || u.Host == "":
			return nil, c.fault(summary, "%s is not a URL. %s", quote(s), c.write(`"https://app.example.com"`))
		case u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
			return nil, c.fault(summary, "An origin has no path, and nothing behind the host. %s", c.write(quote(u.Scheme+"://"+u.Host)))
		case strings.Contains(u.Host, "*"):
			return nil, c.fault("An origin has no wildcards", "Origins are listed one by one, or all of them as \"*\".")
		}
		host, why := asciiHost(u.Hostname())
		if strings.Contains(u.Hostname(), ":") {
			host, why = "["+strings.ToLower(u.Hostname())+"]", ""
		}
		if why != "" {
			return nil, c.fault(summary, "%s %s. %s", quote(u.Hostname()), why, c.write(`"https://app.example.com"`))
		}
		return originOf(strings.ToLower(u.Scheme), host, u.Port()), nil
	}, printText)
}

// originOf writes an origin as browsers do: the usual port is left out.
func originOf(scheme, host, port string) string {
	if port == "" || scheme == "http" && port == "80" || scheme == "https" && port == "443" {
		return scheme + "://" + host
	}
	return scheme + "://" + host + ":" + port
}

// corsHeader is the name of a header, or "*".
func corsHeader() kind {
	inner := headerName(`"Content-Type"`, nil)
	return ofString("header name or *", `"Content-Type"`, `"X Note"`, func(c *cell, s string) (any, *fault) {
		if s == "*" {
			return s, nil
		}
		return inner.read(c, ctyString(s))
	}, printText).called("header names")
}

func checkCORS(c *checking, b *block) {
	origins := b.list("origins")
	if s := b.written("origins"); s != nil && !s.placeholder && len(origins) == 0 {
		c.errorAt(s.at, "This cors block lets nobody in", "Write the origins, or: cors { enabled = false }")
	}
	for _, one := range origins {
		if one.value.(string) == "*" && len(origins) > 1 {
			c.errorAt(one.at, `"*" stands alone`, "It lets every origin in. Leave the others out, or the star.")
		}
	}
	c.listedTwice(b, "origins", "headers", "methods")
	if !b.flag("credentials") {
		return
	}
	for _, name := range []string{"origins", "headers"} {
		for _, one := range b.list(name) {
			if one.value.(string) == "*" {
				c.errorAt(one.at, `"credentials" and "*" exclude each other`, "Browsers refuse it: any page could act in the visitor's name. List the "+name+" one by one.",
					related{"credentials are let in here", b.written("credentials").at})
			}
		}
	}
}

func (f *freezing) cors(b *block) *CORS {
	return &CORS{
		Block:       f.block(b),
		Origins:     b.texts("origins"),
		Headers:     b.texts("headers"),
		Methods:     b.texts("methods"),
		Credentials: b.flag("credentials"),
		MaxAge:      b.duration("max_age"),
	}
}
