package config

import (
	"fmt"
	"strings"
)

// siteSchema is the site block: which hosts it answers for, and its locations.
func siteSchema() *schema {
	rows := []row{
		{name: "listeners", kind: listOf(referenceTo("listener")), def: "the only listener; required when there are two", computed: onlyListener, example: "[listener.sample]", bad: `["listener.sample"]`,
			doc: "Listeners that the site answers on."},
		{name: "hosts", kind: listOf(hostPattern()), def: `["*"]`,
			doc: "Hosts that it answers for: exact, `*.example.com`, or `*`. An exact name wins over a wildcard, a longer wildcard over a shorter one, `*` takes the rest."},
		{name: "canonical_host", kind: plainHost(), doc: "The one host that the site goes by: requests for its other hosts are redirected to it (308), with path and query."},
		{name: "require_https", kind: boolean(), def: "false",
			doc: "Requests that did not come by https are redirected to it (308); what counts is the scheme after `trusted_proxies`. Paths beneath `/.well-known/acme-challenge/` are exempt."},
	}
	return &schema{
		name: "site", phrase: "a site", label: "NAME",
		doc:  "What is served under which host names. Rows and blocks that a location takes besides its action may stand in the site as the default of all its locations.",
		rows: append(rows, ruleRows()...),
		blocks: append([]*schema{
			locationSchema(),
			laterBlock("maintenance", "", stageOperate, "Answers while the application is away."),
		}, ruleBlocks()...),
		sample: `location "/" {
  respond { body = "hello" }
}`,
		check: checkSite,
	}
}

func onlyListener(c *completion, _ *block) any {
	items := []item{}
	for _, listener := range c.listeners {
		items = append(items, item{value: reference{Target: Target{"listener", listener.label}}})
	}
	return items
}

// checkSite looks at the site's locations as a whole.
func checkSite(c *checking, b *block) {
	if len(c.listeners) > 1 && b.written("listeners") == nil && !b.refused["listeners"] {
		c.errorAt(b.at, "Site "+quote(b.label)+" must say its listeners",
			fmt.Sprintf("There are %d. Write: listeners = [listener.%s]", len(c.listeners), c.listeners[0].label))
	}
	if s := b.written("listeners"); s != nil && !s.placeholder && len(b.list("listeners")) == 0 {
		c.errorAt(s.at, "Site "+quote(b.label)+" has no listener", "It could never be reached. Leave the line out, or write enabled = false.")
	}
	if s := b.written("hosts"); s != nil && !s.placeholder && len(b.list("hosts")) == 0 {
		c.errorAt(s.at, "Site "+quote(b.label)+" has no host", `It could never be reached. Leave the line out for every host, or write: hosts = ["*"]`)
	}
	c.canonicalHost(b)
	c.locationPaths(b)
	c.priorities(b)
	c.accessRules(b)
}

// canonicalHost wants the one host to be among those of the site.
func (c *checking) canonicalHost(b *block) {
	s := b.written("canonical_host")
	if s == nil || s.placeholder || b.refused["hosts"] {
		return
	}
	host := b.text("canonical_host")
	for _, pattern := range hostsOf(b) {
		if hostCovers(pattern.value.(string), host) {
			return
		}
	}
	c.errorAt(s.at, "The canonical host is none of the site's", quote(host)+" is not among its hosts, so the redirect would lead elsewhere. Add it to hosts; to send a whole site elsewhere, write: redirect { to = "+quote("https://"+host+"$request_uri")+" }")
}

// hostCovers reports whether a host pattern stands for a host.
func hostCovers(pattern, host string) bool {
	if tail, wild := strings.CutPrefix(pattern, "*"); wild {
		return strings.HasSuffix(host, tail)
	}
	return pattern == host
}

func (f *freezing) site(b *block) *Site {
	s := &Site{
		Block:         f.block(b),
		Hosts:         b.texts("hosts"),
		CanonicalHost: b.text("canonical_host"),
		RequireHTTPS:  b.flag("require_https"),
		Defaults:      f.rules(b, LocationRules{}),
	}
	for _, r := range itemsAs[reference](b.list("listeners")) {
		s.Listeners = append(s.Listeners, r.Name)
	}
	for _, location := range b.all("location") {
		s.Locations = append(s.Locations, f.location(location, s.Defaults))
	}
	return s
}
