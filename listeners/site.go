package listeners

import (
	"net/http"
	"strings"

	"github.com/appserve/appserve/listeners/accesslog"
	"github.com/appserve/appserve/listeners/exchange"
	"github.com/appserve/appserve/listeners/routing"
)

// Site is a configured site: the hosts it answers on which listeners, and its locations.
type Site struct {
	Name      string
	Listeners []string // names
	Hosts     []string // lower case: exact, "*.example.com", or "*"
	Locations []Location
	AccessLog *accesslog.Log     // of requests that match no location; nil: not logged
	Responses exchange.Responses // to requests that match no location

	// CanonicalHost, if not empty, is where requests for other hosts are sent
	// (308); lower case, without a port.
	CanonicalHost string
	// RequireHTTPS sends requests that did not come by https there (308).
	RequireHTTPS bool
	// HTTPSPort is the port of that, for clients that name one; empty: the usual one.
	HTTPSPort string
}

// Location is a configured location and what runs in it.
type Location struct {
	Name        string       // as configured, for logs; empty: Path
	Path        string       // canonical: "/", "/static" (a slash at the end is ignored); or the pattern
	Also        []string     // further paths; none for a regex, whose priority is its own
	Match       routing.Kind // how Path and Also are compared
	Priority    int          // of a regex: the lower one is tried first
	StripPrefix bool         // means nothing for a regex, and only the head for a glob
	ScriptName  *string      // nil: not set
	MaxBodySize int64        // in bytes; 0: no limit
	AccessLog   *accesslog.Log
	Responses   exchange.Responses
	Handler     http.Handler
}

// names are the hosts of a site, to look one up.
func (s *Site) names() *routing.Hosts[struct{}] {
	names := new(routing.Hosts[struct{}])
	for _, host := range s.Hosts {
		names.Add(host, struct{}{})
	}
	return names
}

// ownHost is the name of a site for a client that named none; empty: it has none.
func (s *Site) ownHost() string {
	if s.CanonicalHost != "" {
		return s.CanonicalHost
	}
	for _, host := range s.Hosts {
		if !strings.HasPrefix(host, "*") {
			return host
		}
	}
	return ""
}
