package config

import "strings"

// redirectSchema is the redirect block.
func redirectSchema() *schema {
	return &schema{
		name: "redirect", phrase: "a redirect block", single: true,
		doc: "Sends the client elsewhere.",
		rows: []row{
			{name: "to", kind: redirectTarget(), required: true, example: `"https://$host$request_uri"`,
				doc: "Where to: a path or URL, with request variables."},
			{name: "status", kind: redirectStatus(), def: "307",
				doc: "301 and 308 are remembered by browsers, 302, 303 and 307 are not; 307 and 308 keep the method."},
		},
		sample: `to = "/elsewhere"`,
		check:  checkRedirect,
	}
}

// redirectTarget is the template of a Location header.
func redirectTarget() kind {
	inner := template()
	return ofString("template", `"https://$host$request_uri"`, `"www.example.com"`, func(c *cell, s string) (any, *fault) {
		switch {
		case strings.ContainsAny(s, " \t") || strings.ContainsFunc(s, isControl):
			return nil, c.fault("A redirect has no spaces", `A space is written "%%20".`)
		case !strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "$") && !strings.Contains(s, "://"):
			return nil, c.fault("A redirect is a path or a URL", "%s would be taken relative to the page. %s", quote(s), c.write(quote("https://"+s)))
		}
		return inner.read(c, ctyString(s))
	}, printTemplate)
}

// checkRedirect warns of open redirects: in a site for every host, $host is
// whatever the client wrote.
func checkRedirect(c *checking, b *block) {
	s := b.written("to")
	if s == nil || s.value == nil {
		return
	}
	text := b.template("to")
	for _, part := range text.Parts {
		if part.Variable != "host" {
			continue
		}
		site := b.parent.parent
		if hosts := site.texts("hosts"); site.written("hosts") == nil || contains(hosts, "*") {
			c.warnAt(s.at, "open-redirect", "This redirect goes wherever the client says", `In a site for every host, $host is not checked. Write hosts = [...] in `+site.title()+", or a fixed name here.")
		}
		return
	}
}

func contains(list []string, s string) bool {
	for _, one := range list {
		if one == s {
			return true
		}
	}
	return false
}

func (f *freezing) redirect(b *block) *Redirect {
	return &Redirect{Block: f.block(b), To: b.template("to"), Status: b.integer("status")}
}
