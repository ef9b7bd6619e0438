package config

import (
	"fmt"
	"net"

	"github.com/hashicorp/hcl/v2"
)

// checking is the seventh phase: relations between rows and between blocks.
type checking struct {
	*diagnostics
	root      *block
	listeners []*block
	scope     *scope
}

func (l *loading) check() {
	c := &checking{diagnostics: l.diags, root: l.root, listeners: l.root.all("listener"), scope: l.scope}
	l.eachEnabled(l.root, func(b *block) {
		if b.schema.check != nil {
			b.schema.check(c, b)
		}
	})
	c.hosts()
	c.zones()
	c.matchVariables()
	c.addresses()
	if !l.diags.has(SeverityError) {
		c.unused()
		c.unusedVariables()
		c.lintListeners()
		c.lintTimeouts()
	}
}

// requireBlocks answers a configuration that serves nothing.
func (l *loading) requireBlocks() {
	for _, b := range l.root.blocks {
		if b.schema.name == "listener" && b.enabled() {
			return
		}
	}
	if !l.diags.has(SeverityError) {
		l.diags.errorAt(l.root.at, "There is no listener", `Nothing could be reached. Write: listener "http" { address = ":8000" }`)
	}
}

// hosts answers hosts that two sites claim on one listener.
func (c *checking) hosts() {
	type claim struct{ listener, host string }
	type claimant struct {
		site *block
		at   hcl.Range
	}
	first := map[claim]claimant{}
	for _, site := range c.root.all("site") {
		for _, listener := range c.listenersOf(site) {
			for _, host := range hostsOf(site) {
				key, here := claim{listener, host.value.(string)}, claimant{site, host.at}
				before, again := first[key]
				switch {
				case !again:
					first[key] = here
				case before.site == site:
					c.errorAt(host.at, "The host "+quote(key.host)+" is listed twice", "Leave one of them out.", related{"first listed here", before.at})
				default:
					c.claimedTwice(key.listener, key.host, host.at, before.site, before.at)
				}
			}
		}
	}
}

func (c *checking) claimedTwice(listener, host string, at hcl.Range, before *block, beforeAt hcl.Range) {
	summary := "Two sites claim the host " + quote(host) + " on listener " + quote(listener)
	if host == "*" {
		summary = "Two sites claim every host on listener " + quote(listener)
	}
	c.errorAt(at, summary, fmt.Sprintf("The first claim is in %s, %s line %d. A host belongs to one site per listener.",
		before.title(), beforeAt.Filename, beforeAt.Start.Line))
}

// listenersOf names the listeners of a site; the only one when it names none.
func (c *checking) listenersOf(site *block) []string {
	var names []string
	for _, r := range itemsAs[reference](site.list("listeners")) {
		names = append(names, r.Name)
	}
	if len(names) == 0 && len(c.listeners) == 1 {
		return []string{c.listeners[0].label}
	}
	return names
}

func hostsOf(site *block) []item {
	if s := site.written("hosts"); s != nil {
		return site.list("hosts")
	}
	if site.refused["hosts"] {
		return nil
	}
	return []item{{"*", site.at}}
}

// addresses answers sockets that cannot be bound side by side.
func (c *checking) addresses() {
	type bound struct {
		address  Address
		listener *block
		at       hcl.Range
	}
	var taken []bound
	for _, listener := range c.listeners {
		for _, one := range listener.list("address") {
			here := bound{one.value.(Address), listener, one.at}
			for _, there := range taken {
				if !collide(here.address, there.address) {
					continue
				}
				detail := "One socket belongs to one listener. Several sites can share it: listeners = [listener." + there.listener.label + "]"
				if here.address.Text != there.address.Text {
					detail = "The wider address takes the port on every interface. Choose another port, or leave one of them out."
				}
				c.errorAt(here.at, "The address "+quote(here.address.Text)+" is taken", detail, related{"taken here", there.at})
				break
			}
			taken = append(taken, here)
		}
	}
}

// collide reports whether the system would refuse to bind both.
func collide(a, b Address) bool {
	if a.Text == b.Text {
		_, port, err := net.SplitHostPort(a.Target)
		return a.Network == "unix" || a.Network == "systemd" || err != nil || port != "0"
	}
	if a.Network != "tcp" && a.Network != "tcp4" || b.Network != "tcp" && b.Network != "tcp4" {
		return false
	}
	hostA, portA, _ := net.SplitHostPort(a.Target)
	hostB, portB, _ := net.SplitHostPort(b.Target)
	if portA != portB || portA == "0" {
		return false
	}
	return hostA == "" || hostB == "" || a.Network == b.Network && (hostA == "0.0.0.0" || hostB == "0.0.0.0")
}

// unused warns of blocks that nothing leads to, or that lead nowhere.
func (c *checking) unused() {
	for _, b := range c.root.blocks {
		if !b.enabled() {
			continue
		}
		switch b.schema.name {
		case "pool", "upstream":
			if len(c.root.usedBy[Target{b.schema.name, b.label}]) == 0 {
				c.warnAt(b.at, "unused-"+b.schema.name, sentence(b.title())+" is used by no location", "Write: pass = "+b.schema.name+"."+b.label+" in a location, or enabled = false here.")
			}
		case "site":
			if len(b.all("location")) == 0 {
				c.warnAt(b.at, "empty-site", sentence(b.title())+" has no location", `Every request gets 404. Write: location "/" { pass = pool.NAME }`)
			}
		case "listener":
			used := false
			for _, site := range c.root.all("site") {
				used = used || contains(c.listenersOf(site), b.label)
			}
			if !used {
				c.warnAt(b.at, "unused-listener", sentence(b.title())+" is used by no site", "Every request gets 404. Write: listeners = [listener."+b.label+"] in a site, or enabled = false here.")
			}
		}
	}
}
