package exchange

import (
	"github.com/appserve/appserve/listeners/accesslog"
	"github.com/appserve/appserve/listeners/cors"
	"github.com/appserve/appserve/listeners/errorpage"
	"github.com/appserve/appserve/listeners/headers"
	"github.com/appserve/appserve/listeners/routing"
)

// Route is the location a request reached, or the site when there is none. It
// is shared by all its requests.
type Route struct {
	Site     string
	Location string
	// Hosts are the names that a link back may have; nil: any.
	Hosts       *routing.Hosts[struct{}]
	Host        string // what $host is for a client that named none; empty: the address it connected to
	StripPrefix bool
	ScriptName  *string // nil: not set
	MaxBodySize int64   // in bytes; 0: no limit
	Log         *accesslog.Log
	Responses
}

// Responses are the rules for every response of a route, our own errors
// included; nil ones are none.
type Responses struct {
	CORS       *cors.Policy
	Headers    *headers.Edits // after CORS: what is configured by name has the last word
	ErrorPages *errorpage.Pages
}

// enter makes a route the one of the request.
func (x *Exchange) enter(route *Route) {
	x.route = route
	if route != nil && route.CORS != nil {
		x.origin = route.CORS.Allowed(x.request.Header) // before a rule takes the field away
	}
}

// editHead does what the route's rules say about every response.
func (x *Exchange) editHead() {
	if x.route == nil {
		return
	}
	if x.route.CORS != nil {
		x.route.CORS.Mark(x.inner.Header(), x.origin)
	}
	if x.route.Headers != nil {
		x.route.Headers.Apply(x.inner.Header(), x)
	}
	if x.special != nil {
		x.special.Apply(x.inner.Header(), x)
	}
}

// EditAfter changes the header of this response when its head is written,
// after what the route's rules say: what is said of few has the last word.
func (x *Exchange) EditAfter(edits *headers.Edits) { x.special = edits }
