package main

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/listeners/routing"
)

// mostHops is how many redirects are followed; browsers give up after about twenty.
const mostHops = 10

// visit is a request as a redirect sees it.
type visit struct {
	scheme string
	host   string
	path   string
}

func (v visit) String() string { return v.scheme + "://" + v.host + v.path }

// lintLoops warns of redirects that lead back to themselves.
func (r *siteRoutes) lintLoops(loaded *config.Loaded) {
	for _, l := range r.site.Locations {
		if l.Redirect == nil {
			continue
		}
		if from, to, loops := r.loop(l); loops {
			loaded.Warn("redirect-loop", placeOf(l.Redirect.Block, "to"), "This redirect leads back to itself",
				fmt.Sprintf("%s is sent to %s, which ends up here again. Change the target, or the path of the location.", from, to))
		}
	}
}

// loop follows the redirect of a location from some of its paths.
func (r *siteRoutes) loop(l *config.Location) (from, to visit, loops bool) {
	for _, scheme := range r.schemes() {
		for _, path := range samplesOf(l) {
			start := visit{scheme, r.ownHost(), path}
			if found, ok := r.paths.Find(path); !ok || found.Value != l {
				continue
			}
			at := start
			for hop := range mostHops {
				found, ok := r.paths.Find(at.path)
				if !ok || found.Value.Redirect == nil {
					break
				}
				next, known := r.follow(at, found)
				if !known {
					break
				}
				if hop == 0 {
					to = next
				}
				at = next
				if again, ok := r.paths.Find(at.path); ok && again.Value == l && (at == start || hop == mostHops-1 || at == to && hop > 0) {
					return start, to, true
				}
			}
		}
	}
	return from, to, false
}

// follow is where a redirect leads; false when it leaves the site, or when it
// draws on what only a real request has.
func (r *siteRoutes) follow(at visit, found routing.Found[*config.Location]) (visit, bool) {
	var b strings.Builder
	for _, part := range found.Value.Redirect.To.Parts {
		switch part.Variable {
		case "":
			b.WriteString(part.Literal)
		case "host":
			b.WriteString(at.host)
		case "scheme":
			b.WriteString(at.scheme)
		case "path", "request_uri":
			b.WriteString(at.path)
		case "rest":
			b.WriteString(at.path[found.Matched:])
		case "args":
		case "match_":
			b.WriteString(found.Groups.Get(part.Argument))
		default:
			return at, false
		}
	}
	target, err := url.Parse(b.String())
	if err != nil {
		return at, false
	}
	if target.Host != "" {
		if !r.answersFor(target.Hostname()) {
			return at, false
		}
		at.host = target.Hostname()
		if target.Scheme != "" {
			at.scheme = target.Scheme
		}
	}
	for _, scheme := range r.schemes() {
		if at.scheme == scheme && strings.HasPrefix(target.Path, "/") {
			at.path = target.Path
			return at, true
		}
	}
	return at, false
}

// schemes are those that requests of the site can have.
func (r *siteRoutes) schemes() []string {
	plain, secure := false, false
	for _, listener := range r.config.Listeners {
		for _, name := range r.site.Listeners {
			if name != listener.Name {
				continue
			}
			plain = plain || listener.TLS == nil
			secure = secure || listener.TLS != nil
		}
	}
	var schemes []string
	if plain && !r.site.RequireHTTPS {
		schemes = append(schemes, "http")
	}
	if secure {
		schemes = append(schemes, "https")
	}
	return schemes
}

// ownHost is a host that the site answers for.
func (r *siteRoutes) ownHost() string {
	if r.site.CanonicalHost != "" {
		return r.site.CanonicalHost
	}
	for _, host := range r.site.Hosts {
		if !strings.HasPrefix(host, "*") {
			return host
		}
	}
	return "www" + strings.TrimPrefix(r.site.Hosts[0], "*") // "*" is any host, so www is one
}

// answersFor reports whether a host is one of the site's.
func (r *siteRoutes) answersFor(host string) bool {
	var hosts routing.Hosts[bool]
	for _, pattern := range r.site.Hosts {
		hosts.Add(pattern, true)
	}
	_, ok := hosts.Find(strings.ToLower(host))
	return ok
}
