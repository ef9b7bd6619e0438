package listeners

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/appserve/appserve/listeners/accesslog"
	"github.com/appserve/appserve/listeners/exchange"
	"github.com/appserve/appserve/listeners/routing"
)

// Routes is the routing of one generation. It is immutable but for the count
// of its requests.
type Routes struct {
	hosts     map[string]*routing.Hosts[*site] // by listener name
	unmatched *accesslog.Log
	users     atomic.Int64 // its requests, and one while it is the current one
	idle      chan struct{}
	once      sync.Once // of idle
}

// site is a compiled Site.
type site struct {
	name  string
	paths routing.Paths[*location]
	route *exchange.Route // of requests that match no location
	gate  *gate           // nil: open
}

// location is a compiled Location.
type location struct {
	route   exchange.Route
	handler http.Handler
}

// NewRoutes checks and compiles sites. unmatched logs requests that reach no
// site, and those that could not be understood; nil: not logged.
func NewRoutes(sites []Site, unmatched *accesslog.Log) (*Routes, error) {
	r := &Routes{hosts: map[string]*routing.Hosts[*site]{}, unmatched: unmatched, idle: make(chan struct{})}
	r.users.Store(1)
	for i := range sites {
		compiled, err := compileSite(&sites[i])
		if err != nil {
			return nil, fmt.Errorf("site %q: %w", sites[i].Name, err)
		}
		if err := r.claim(&sites[i], compiled); err != nil {
			return nil, fmt.Errorf("site %q: %w", sites[i].Name, err)
		}
	}
	return r, nil
}

func (r *Routes) claim(s *Site, compiled *site) error {
	for _, listener := range s.Listeners {
		hosts := r.hosts[listener]
		if hosts == nil {
			hosts = &routing.Hosts[*site]{}
			r.hosts[listener] = hosts
		}
		for _, host := range s.Hosts {
			if err := routing.CheckHost(host); err != nil {
				return err
			}
			if !hosts.Add(host, compiled) {
				return fmt.Errorf("another site has the host %q on listener %q", host, listener)
			}
		}
	}
	return nil
}

func compileSite(s *Site) (*site, error) {
	compiled := &site{name: s.Name, gate: newGate(s)}
	hosts := s.names()
	compiled.route = &exchange.Route{Site: s.Name, Hosts: hosts, Host: s.ownHost(), Log: s.AccessLog, Responses: s.Responses}
	for i := range s.Locations {
		l := &s.Locations[i]
		if l.Handler == nil {
			return nil, fmt.Errorf("location %q has no handler", l.Path)
		}
		name := l.Name
		if name == "" {
			name = l.Path
		}
		at := &location{handler: l.Handler, route: exchange.Route{
			Site: s.Name, Location: name, Hosts: hosts, Host: s.ownHost(), StripPrefix: l.StripPrefix, ScriptName: l.ScriptName,
			MaxBodySize: l.MaxBodySize, Log: l.AccessLog, Responses: l.Responses,
		}}
		for _, path := range append([]string{l.Path}, l.Also...) {
			if err := compiled.paths.Add(routing.Rule{Kind: l.Match, Pattern: path, Priority: l.Priority}, at); err != nil {
				return nil, fmt.Errorf("location %q: %w", l.Path, err)
			}
		}
	}
	return compiled, nil
}

// Idle is closed once the routes were replaced (or the server ended) and their
// last request is finished.
func (r *Routes) Idle() <-chan struct{} { return r.idle }

// acquire counts a request in, unless the routes are idle already.
func (r *Routes) acquire() bool {
	for {
		n := r.users.Load()
		if n == 0 {
			return false
		}
		if r.users.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

func (r *Routes) release() {
	if r.users.Add(-1) == 0 {
		r.once.Do(func() { close(r.idle) })
	}
}
