package main

import (
	"fmt"
	"net"
	"net/http"
	"slices"

	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/listeners"
	"github.com/appserve/appserve/listeners/accesslog"
	"github.com/appserve/appserve/listeners/routing"
	"github.com/appserve/appserve/pool"
	"github.com/appserve/appserve/upstreams"
)

// buildRoutes makes the sites of a generation with their locations' handlers.
func (a *App) buildRoutes(g *generation) error {
	logs := &accessLogs{app: a, made: map[string]*accesslog.Log{}}
	unmatched, err := logs.open(g, g.config.Log.AccessLog)
	if err != nil {
		return err
	}
	var sites []listeners.Site
	for _, block := range g.config.Sites {
		site, err := a.site(g, logs, block)
		if err != nil {
			return fmt.Errorf("building site %q: %w", block.Name, err)
		}
		sites = append(sites, site)
	}
	g.routes, err = listeners.NewRoutes(sites, unmatched)
	return err
}

func (a *App) site(g *generation, logs *accessLogs, block *config.Site) (listeners.Site, error) {
	site := listeners.Site{
		Name: block.Name, Listeners: block.Listeners, Hosts: block.Hosts,
		CanonicalHost: block.CanonicalHost, RequireHTTPS: block.RequireHTTPS, HTTPSPort: httpsPort(g.config, block),
	}
	var err error
	if site.AccessLog, err = logs.open(g, block.Defaults.AccessLog); err != nil {
		return site, err
	}
	if site.Responses, err = responses(&block.Defaults); err != nil {
		return site, err
	}
	for _, l := range block.Locations {
		location, err := a.location(g, logs, block, l)
		if err != nil {
			return site, fmt.Errorf("location %q: %w", l.Name, err)
		}
		site.Locations = append(site.Locations, location)
	}
	return site, nil
}

func (a *App) location(g *generation, logs *accessLogs, site *config.Site, l *config.Location) (listeners.Location, error) {
	location := listeners.Location{
		Path:        l.Name,
		Also:        l.Also,
		Match:       matchKind(l),
		Priority:    l.Priority,
		StripPrefix: l.StripPrefix,
		ScriptName:  l.ScriptName,
		MaxBodySize: l.MaxBodySize,
	}
	var err error
	if location.AccessLog, err = logs.open(g, l.AccessLog); err != nil {
		return location, err
	}
	if location.Responses, err = responses(&l.LocationRules); err != nil {
		return location, err
	}
	action, err := a.action(g, site, l)
	if err != nil {
		return location, err
	}
	location.Handler, err = a.guard(g, l, action)
	return location, err
}

// httpsPort is the port of a site's listeners with TLS; empty when one of them
// has the usual port, or when there is none: then somebody in front of us has it.
func httpsPort(c *config.Config, site *config.Site) string {
	first := ""
	for _, l := range c.Listeners {
		if l.TLS == nil || !slices.Contains(site.Listeners, l.Name) {
			continue
		}
		for _, address := range l.Addresses {
			_, port, err := net.SplitHostPort(address.Target)
			switch {
			case err != nil: // no TCP port
			case port == "443":
				return ""
			case first == "":
				first = port
			}
		}
	}
	return first
}

// matchKind translates how a location compares its paths.
func matchKind(l *config.Location) routing.Kind {
	switch {
	case l.Match == "regex":
		return routing.Regex
	case l.Match == "glob":
		return routing.Glob
	case l.Match == "exact":
		return routing.Exact
	default:
		return routing.Prefix
	}
}

// action is the handler of a location: exactly one of its kinds is configured.
func (a *App) action(g *generation, site *config.Site, l *config.Location) (http.Handler, error) {
	switch {
	case l.Pass != nil:
		return g.target(l.Pass, l.LocationRules)
	case l.Static != nil:
		return a.static(g, site, l)
	case l.Redirect != nil:
		to, err := template(l.Redirect.To)
		if err != nil {
			return nil, err
		}
		return listeners.Redirect(l.Redirect.Status, to), nil
	case l.Respond != nil:
		body, err := template(l.Respond.Body)
		if err != nil {
			return nil, err
		}
		return listeners.Respond(l.Respond.Status, l.Respond.ContentType, body), nil
	}
	panic("config let a location without an action pass")
}

// target is the handler of a pool or an upstream under the rules of one location.
func (g *generation) target(t *config.Target, rules config.LocationRules) (http.Handler, error) {
	switch t.Kind {
	case "pool":
		return g.pools[t.Name].Handler(pool.HandlerOptions{RequestTimeout: rules.RequestTimeout}), nil
	case "upstream":
		return g.upstreams[t.Name].Handler(upstreams.HandlerOptions{RequestTimeout: rules.RequestTimeout}), nil
	}
	panic("config let a target of kind " + t.Kind + " pass")
}
