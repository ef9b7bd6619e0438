package listeners

import (
	"net/http"

	"github.com/appserve/appserve/listeners/accesslog"
)

// Site is a configured site: the hosts it answers on which listeners, and its locations.
type Site struct {
	Name      string
	Listeners []string // names
	Hosts     []string // lower case: exact, "*.example.com", or "*"
	Locations []Location
	AccessLog *accesslog.Log // of requests that match no location; nil: not logged
}

// Location is a configured location and what runs in it.
type Location struct {
	Name        string   // as configured, for logs; empty: Path
	Path        string   // canonical: "/", "/static" (a slash at the end is ignored)
	Also        []string // further paths
	Exact       bool     // the path alone, nothing beneath it
	StripPrefix bool
	ScriptName  *string // nil: not set
	MaxBodySize int64   // in bytes; 0: no limit
	AccessLog   *accesslog.Log
	Handler     http.Handler
}
