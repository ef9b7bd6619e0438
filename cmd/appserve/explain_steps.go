package main

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/listeners/canonical"
	"github.com/appserve/appserve/listeners/exchange"
	"github.com/appserve/appserve/listeners/h1"
	"github.com/appserve/appserve/listeners/hygiene"
	"github.com/appserve/appserve/listeners/routing"
)

// explanation is a request and what the server would make of it.
type explanation struct {
	config   *config.Config
	asked    asked
	listener *config.Listener
	address  config.Address
	why      string // the listener does not fit; empty: it does
	refused  bool   // in the handshake

	request   *http.Request
	malformed *h1.Refusal // it could not even be read
	site      *config.Site
	location  *config.Location // nil: none, or the site sent the request away before
	host      string           // as routing compares it
	path      string           // canonical; empty: it has none
	bad       string           // what is wrong with it; empty: nothing
	rehearsal *rehearsal
}

// newExplanation sends the request through the server's own code.
func newExplanation(c *config.Config, a asked) (*explanation, error) {
	e := &explanation{config: c, asked: a}
	if e.listener, e.address, e.why = chooseListener(c, a); e.listener == nil {
		return nil, fmt.Errorf("there is no listener %q", a.listener)
	}
	var err error
	if e.rehearsal, err = newRehearsal(c); err != nil {
		return nil, err
	}
	routes, err := e.rehearsal.routes()
	if err != nil {
		return nil, err
	}
	if e.request, e.malformed = a.read(e.listener); e.malformed != nil {
		return e, nil
	}
	if q, refusal := hygiene.Check(e.request); refusal.Status != 0 {
		e.bad = refusal.Detail
	} else if e.path, err = canonical.Path(q.Target); err != nil {
		e.bad = err.Error()
	} else {
		e.host = q.Host
		e.site = e.findSite(q.Host)
	}
	host, _ := hygiene.Host(a.authority)
	e.rehearsal.run(routes, e.listener.Name, peerOf(e.listener, e.address, a, host), e.request)
	e.location = e.findLocation()
	return e, nil
}

// findSite is the site of a host on the listener; nil when there is none.
func (e *explanation) findSite(host string) *config.Site {
	var hosts routing.Hosts[*config.Site]
	for _, site := range e.config.Sites {
		if slices.Contains(site.Listeners, e.listener.Name) {
			for _, pattern := range site.Hosts {
				hosts.Add(pattern, site)
			}
		}
	}
	found, _ := hosts.Find(host)
	return found
}

// findLocation is the location that the request reached. One whose body is too
// large for it does not get as far as its rules.
func (e *explanation) findLocation() *config.Location {
	if e.rehearsal.entered != nil || e.site == nil || e.sentAway() {
		return e.rehearsal.entered
	}
	found, _ := newSiteRoutes(e.config, e.site).paths.Find(e.path)
	return found.Value
}

// sentAway reports whether the site redirected the request before it looked for a location.
func (e *explanation) sentAway() bool {
	return e.rehearsal.entered == nil && (e.rehearsal.status == http.StatusPermanentRedirect || e.rehearsal.reason == exchange.ReasonUntrustedProxy)
}

// report tells everything in the order in which it happens.
func (e *explanation) report() *report {
	r := &report{Request: e.asked.method + " " + e.asked.scheme + "://" + e.asked.authority + e.asked.target}
	e.listenerSection(r)
	if e.refused {
		return r
	}
	e.requestSection(r)
	if e.malformed == nil && e.bad == "" {
		e.siteSection(r)
		if e.site != nil {
			e.locationSection(r)
		}
		if e.location != nil {
			e.ruleSection(r, e.location)
		}
	}
	e.answerSection(r)
	if e.location != nil {
		e.applicationSection(r, e.location)
	}
	e.limitSection(r)
	return r
}

// requestSection says who asks for what.
func (e *explanation) requestSection(r *report) {
	s := r.section("request", "")
	switch {
	case e.malformed != nil:
		s.line("head", "", "cannot be understood: %s", e.malformed.Detail)
		return
	case e.bad != "":
		s.line("head", "", "is refused: %s", e.bad)
		return
	}
	peer := e.asked.from
	if peer == "" {
		peer = "a unix socket"
	}
	believed := trust(e.listener)
	switch client := e.rehearsal.client; {
	case believed != nil && client != e.asked.from:
		s.line("client", place(e.listener.Block, "trusted_proxies"), "%s, which the trusted proxy %s says in %s", client, peer, e.listener.ClientIPHeader)
	case client == "":
		s.line("client", "", "%s, without an address", peer)
	default:
		s.line("client", "", "%s", client)
	}
	if e.rehearsal.scheme != "http" || e.listener.TLS != nil {
		s.line("scheme", "", "%s", e.rehearsal.scheme)
	}
	if raw, _, _ := strings.Cut(e.asked.target, "?"); raw != e.path {
		s.line("path", "", "%s, of %s as it was written", e.path, raw)
	} else {
		s.line("path", "", "%s", e.path)
	}
}

// siteSection says which site answers, and whether it sends the client elsewhere.
func (e *explanation) siteSection(r *report) {
	if e.site == nil {
		s := r.section("site: none", "")
		s.line("hosts", "", "%s is no host of a site on this listener", quoted(e.host))
		for _, site := range e.config.Sites {
			if slices.Contains(site.Listeners, e.listener.Name) {
				s.line("", place(site.Block, "hosts"), "site %s has %s", quoted(site.Name), strings.Join(site.Hosts, ", "))
			}
		}
		return
	}
	s := r.section("site "+quoted(e.site.Name), e.site.Source.String())
	s.line("hosts", place(e.site.Block, "hosts"), "%s is %s", e.host, quoted(e.matchedHost()))
	stopped := e.sentAway()
	to := e.rehearsal.recorder.header.Get("Location")
	if e.site.RequireHTTPS {
		text := "the request is https"
		switch {
		case e.rehearsal.reason == exchange.ReasonUntrustedProxy:
			text = "the proxy says https, and is not among trusted_proxies: redirecting would never end"
		case stopped && strings.HasPrefix(to, "https://") && e.rehearsal.scheme != "https":
			text = "sends it to " + to
		case e.rehearsal.scheme != "https" && e.location != nil:
			text = "this path is exempt"
		case e.rehearsal.scheme != "https":
			text = "the request is not https"
		}
		s.line("require_https", place(e.site.Block, "require_https"), "%s", text)
	}
	if e.site.CanonicalHost != "" && (!stopped || e.rehearsal.scheme == "https" || !e.site.RequireHTTPS) {
		text := e.host + " is the one"
		switch {
		case stopped:
			text = "sends it to " + to
		case e.host != e.site.CanonicalHost:
			text = "this path is exempt"
		}
		s.line("canonical_host", place(e.site.Block, "canonical_host"), "%s", text)
	}
}

// matchedHost is the pattern by which the site was found.
func (e *explanation) matchedHost() string {
	best := "*"
	for _, pattern := range e.site.Hosts {
		if hostMatches(pattern, e.host) && (pattern == e.host || len(pattern) > len(best)) {
			best = pattern
		}
		if pattern == e.host {
			break
		}
	}
	return best
}

// locationSection lists every location that was tried, in order.
func (e *explanation) locationSection(r *report) {
	if e.sentAway() {
		return
	}
	routes := newSiteRoutes(e.config, e.site)
	steps := routes.paths.Explain(e.path)
	title, at := "location: none", ""
	for _, step := range steps {
		if step.Verdict == routing.Chosen {
			title, at = "location "+quoted(step.Value.Name), step.Value.Source.String()
		}
	}
	s := r.section(title, at)
	for _, step := range steps {
		s.line(step.Rule.String(), step.Value.Source.String(), "%s: %s", step.Verdict, step.Why)
	}
	if len(steps) == 0 {
		s.line("", "", "the site has no location")
	}
}

func quoted(s string) string { return strconv.Quote(s) }

// place is where a row of a block was set: "shop.hcl:12", or "default".
func place(b config.Block, row string) string {
	if source, set := b.Sources[row]; set {
		return source.String()
	}
	return "default"
}
