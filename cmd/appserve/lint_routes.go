package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/listeners/routing"
)

// siteRoutes finds locations of a site with the server's own code.
type siteRoutes struct {
	config *config.Config
	site   *config.Site
	paths  routing.Paths[*config.Location]
}

// newSiteRoutes is nil when a pattern cannot be used, which the assembly of the server says.
func newSiteRoutes(c *config.Config, site *config.Site) *siteRoutes {
	r := &siteRoutes{config: c, site: site}
	for _, l := range site.Locations {
		for _, path := range append([]string{l.Name}, l.Also...) {
			if err := r.paths.Add(routing.Rule{Kind: matchKind(l), Pattern: path, Priority: l.Priority}, l); err != nil {
				return nil
			}
		}
	}
	return r
}

// samplesOf are some paths that a location takes when it is asked alone.
func samplesOf(l *config.Location) []string {
	var samples []string
	for _, path := range append([]string{l.Name}, l.Also...) {
		expression := path
		switch matchKind(l) {
		case routing.Exact:
			samples = append(samples, path)
			continue
		case routing.Prefix:
			beneath := strings.TrimSuffix(path, "/")
			samples = append(samples, path, beneath+"/q7", beneath+"/q7/w9.zz")
			continue
		case routing.Glob:
			expression = globExpression(path)
		}
		for _, prefer := range []string{"", "7", "Z", "."} {
			if sample, ok := witness(expression, "/", prefer); ok {
				samples = append(samples, sample)
			}
		}
	}
	return samples
}

// lintShadowed warns of locations that no request reaches.
func (r *siteRoutes) lintShadowed(loaded *config.Loaded) {
	for _, l := range r.site.Locations {
		var taker *config.Location
		var taken string
		reached := false
		for _, sample := range samplesOf(l) {
			found, ok := r.paths.Find(sample)
			if ok && found.Value == l {
				reached = true
				break
			}
			if ok && taker == nil {
				taker, taken = found.Value, sample
			}
		}
		if reached || taker == nil {
			continue
		}
		loaded.Warn("shadowed-location", l.Source, fmt.Sprintf("No request reaches location %q", l.Name),
			fmt.Sprintf("Others take its paths: %q goes to location %q (%s). Narrow that one, or leave this one out.", taken, taker.Name, taker.Source))
	}
}

// lintAccess warns of patterns that take paths of a location with access
// rules and do not have those rules.
func (r *siteRoutes) lintAccess(loaded *config.Loaded) {
	for _, l := range r.site.Locations {
		for _, pattern := range r.site.Locations {
			lacks := lackingRules(l, pattern)
			kind := matchKind(pattern)
			if pattern == l || lacks == "" || kind != routing.Glob && kind != routing.Regex || givesNothingAway(pattern) {
				continue
			}
			path, overlaps := r.overlap(l, pattern)
			if !overlaps {
				continue
			}
			loaded.Warn("pattern-over-access-rule", pattern.Source, fmt.Sprintf("This %s lets requests past the rules of location %q", kind, l.Name),
				fmt.Sprintf("%q goes here, without the %s of that location (%s). Repeat it here, put it into the site, or narrow the pattern.", path, lacks, l.Source))
		}
	}
}

// lackingRules names the access rules that l has and other has not.
func lackingRules(l, other *config.Location) string {
	var lacks []string
	for name, missing := range map[string]bool{
		"allow":              l.Allow != nil && other.Allow == nil,
		"deny":               l.Deny != nil && other.Deny == nil,
		"basic_auth":         l.BasicAuth != nil && other.BasicAuth == nil,
		"client_certificate": l.ClientCertificate != "" && other.ClientCertificate == "",
	} {
		if missing {
			lacks = append(lacks, name)
		}
	}
	slices.Sort(lacks)
	return strings.Join(lacks, " and ")
}

// givesNothingAway reports whether a location only turns requests away.
func givesNothingAway(l *config.Location) bool {
	return l.Redirect != nil || l.Respond != nil && l.Respond.Status >= 300
}

// overlap is a path of l that a pattern takes instead.
func (r *siteRoutes) overlap(l, pattern *config.Location) (string, bool) {
	for _, own := range append([]string{l.Name}, l.Also...) {
		for _, other := range append([]string{pattern.Name}, pattern.Also...) {
			expression := other
			if matchKind(pattern) == routing.Glob {
				expression = globExpression(other)
			}
			var candidates []string
			switch matchKind(l) {
			case routing.Exact:
				candidates = []string{own}
			case routing.Prefix:
				for _, prefer := range []string{"", "/"} {
					if path, ok := witness(expression, strings.TrimSuffix(own, "/")+"/", prefer); ok {
						candidates = append(candidates, path)
					}
				}
				candidates = append(candidates, own)
			default:
				candidates = samplesOf(l)
			}
			for _, path := range candidates {
				if found, ok := r.paths.Find(path); ok && found.Value == pattern {
					return path, true
				}
			}
		}
	}
	return "", false
}
