package config

import "strings"

// accessRules looks at who may reach a site and its locations.
func (c *checking) accessRules(site *block) {
	for _, b := range append([]*block{site}, site.all("location")...) {
		for _, name := range []string{"allow", "deny"} {
			c.networksTwice(b, name)
		}
		if s := b.written("allow"); s != nil && !s.placeholder && len(b.list("allow")) == 0 {
			c.errorAt(s.at, "This list lets nobody in", `Leave the line out to let everybody in; in a location, where the site has a list: allow = ["0.0.0.0/0", "::/0", "unix"]`)
		}
		c.listedTwice(b, "methods")
		c.satisfy(b)
		c.clientCertificate(site, b)
	}
}

// networksTwice answers a network that a list holds twice.
func (c *checking) networksTwice(b *block, name string) {
	first := map[network]item{}
	for _, one := range b.list(name) {
		n := one.value.(network)
		if before, again := first[n]; again {
			c.errorAt(one.at, printNetwork(n)+" is listed twice", "Leave one of them out.", related{"first listed here", before.at})
			continue
		}
		first[n] = one
	}
}

// satisfy refuses a choice between two things of which one is not there: the
// other would then guard nothing.
func (c *checking) satisfy(b *block) {
	s := b.written("satisfy")
	if s == nil && b.schema.name == "location" {
		s = b.parent.written("satisfy")
	}
	if s == nil || s.value != "any" || b.schema.name == "site" {
		return
	}
	_, allows := ruleOf[[]item](b, "allow")
	_, denies := ruleOf[[]item](b, "deny")
	password := b.one("basic_auth") != nil || !b.says("basic_auth") && b.parent.one("basic_auth") != nil
	switch {
	case !allows && !denies && !b.refused["allow"] && !b.refused["deny"]:
		c.errorAt(s.at, "There is nothing to choose between", `satisfy = "any" is about address or password, and no address is asked for. Write allow = [...] beside it, or leave it out.`)
	case !password && !b.refused["basic_auth"]:
		c.errorAt(s.at, "There is nothing to choose between", `satisfy = "any" is about address or password, and no password is asked for. Write basic_auth { ... } beside it, or leave it out.`)
	}
}

// clientCertificate wants a listener that asks for certificates.
func (c *checking) clientCertificate(site, b *block) {
	s := b.written("client_certificate")
	if s == nil || s.placeholder {
		return
	}
	var names []string
	for _, listener := range c.listeners {
		if !contains(c.listenersOf(site), listener.label) {
			continue
		}
		tls := listener.one("tls")
		if tls != nil && (tls.text("client_auth") == "optional" || tls.text("client_auth") == "required" || tls.refused["client_auth"]) {
			return
		}
		names = append(names, listener.title())
	}
	if len(names) > 0 {
		c.errorAt(s.at, "No listener asks for certificates", "Nobody could get in: "+strings.Join(names, ", ")+` asks for none. Write in its tls block: client_auth = "optional" and client_ca = "/etc/ssl/clients.pem"`)
	}
}
