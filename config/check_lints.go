package config

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// unusedVariables warns of variables that no expression draws on. A name in a
// comment counts as use: nobody is warned of what they are about to need.
func (c *checking) unusedVariables() {
	for _, name := range slices.Sorted(maps.Keys(c.scope.declared)) {
		if !c.scope.sources.mentions("var." + name) {
			c.warnAt(c.scope.declared[name], "unused-variable", "Variable "+quote(name)+" is used nowhere", "Write var."+name+" where its value is meant, or leave the block out.")
		}
	}
}

// mentions reports whether a file that was read holds a dotted name, or asks
// for all names of its kind at once.
func (s *sources) mentions(name string) bool {
	root, _, _ := strings.Cut(name, ".")
	for _, file := range s.files {
		text := string(file.Bytes)
		if strings.Contains(text, root+"[") || strings.Contains(text, "("+root+")") || strings.Contains(text, "in "+root+" ") {
			return true
		}
		for rest := text; ; {
			_, after, found := strings.Cut(rest, name)
			if !found {
				break
			}
			if after == "" || !isNameStart(rune(after[0])) && (after[0] < '0' || after[0] > '9') {
				return true
			}
			rest = after
		}
	}
	return false
}

// lintListeners warns of listeners that believe everybody, and of sites that
// can never be reached by https.
func (c *checking) lintListeners() {
	for _, listener := range c.listeners {
		for _, one := range listener.list("trusted_proxies") {
			if n := one.value.(network); !n.unix && n.prefix.Bits() == 0 {
				c.warnAt(one.at, "trusts-everybody", "This listener believes everybody", "Any client can say who it is, so addresses in logs and rules prove nothing. Write the addresses of the proxies in front.")
			}
		}
	}
	for _, site := range c.root.all("site") {
		s := site.written("require_https")
		if s == nil || !site.flag("require_https") || c.reachedByHTTPS(site) {
			continue
		}
		c.warnAt(s.at, "redirect-loop", "No request of this site is https", "Its listeners have no TLS, and trust no proxy that could say so, so no request gets past the redirect. Write a tls block, or the proxies in front: trusted_proxies = [\"10.0.0.0/8\"]")
	}
}

// reachedByHTTPS reports whether a request of a site can be https. A site that
// shares its hosts with one on another listener sends its visitors there.
func (c *checking) reachedByHTTPS(site *block) bool {
	if len(c.listeners) > 1 {
		for _, listener := range c.listeners {
			if listener.one("tls") != nil {
				return true
			}
		}
	}
	for _, listener := range c.listeners {
		if !contains(c.listenersOf(site), listener.label) {
			continue
		}
		trusted := listener.written("trusted_proxies")
		unix := slices.ContainsFunc(itemsAs[Address](listener.list("address")), func(a Address) bool { return a.Network == "unix" || a.Network == "systemd" })
		if listener.one("tls") != nil || trusted == nil && unix || trusted != nil && len(listener.list("trusted_proxies")) > 0 {
			return true
		}
	}
	return false
}

// lintTimeouts warns of timeouts of which one makes the other mean nothing.
func (c *checking) lintTimeouts() {
	server := c.root.one("appserve")
	for _, pool := range c.root.all("pool") {
		graceful := pool.written("graceful_timeout")
		if server == nil || server.written("shutdown_timeout") == nil || graceful == nil {
			continue
		}
		// Longer than any request may take, so somebody wants it for something.
		own := pool.duration("graceful_timeout")
		if bound := server.duration("shutdown_timeout"); bound < own && own > longestTimeout(c.root, pool) {
			c.warnAt(graceful.at, "contradicting-timeouts", "A stop ends before this time is over",
				"When appserve stops, everything ends after shutdown_timeout, "+unquoted(printDuration(bound))+". Write in the appserve block: shutdown_timeout = "+printDuration(own),
				related{"it is set here", server.written("shutdown_timeout").at})
		}
	}
	for _, upstream := range c.root.all("upstream") {
		read := upstream.written("read_timeout")
		if read == nil {
			continue
		}
		for _, location := range c.root.usedBy[Target{"upstream", upstream.label}] {
			own := location.written("request_timeout")
			if own != nil && location.duration("request_timeout") != value[time.Duration](upstream, "read_timeout") {
				c.warnAt(own.at, "contradicting-timeouts", "This time never counts", sentence(upstream.title())+" has a read_timeout of its own, which wins. Leave one of them out.",
					related{"the read_timeout is here", read.at})
			}
		}
	}
}
