package main

import (
	"io"
	"net/http"

	"github.com/hashicorp/go-hclog"

	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/listeners"
	"github.com/appserve/appserve/listeners/basicauth"
	"github.com/appserve/appserve/listeners/exchange"
	"github.com/appserve/appserve/listeners/static"
	"github.com/appserve/appserve/listeners/variable"
)

// rehearsal is one request on its way through the rules of the server, with
// notes on how far it got. Files are looked up as the server does; no worker
// and no upstream is behind them.
type rehearsal struct {
	app *App
	g   *generation

	entered  *config.Location // nil: no location was reached
	keys     []string         // of its rate limits
	passed   map[string]bool  // names of rules that let the request through
	arrived  *arrival         // nil: a rule answered
	found    bool             // files answered, and nobody behind them
	recorder recorder
	reason   string
	status   int
	client   string // as it is believed to be
	scheme   string
	id       string // that this run made up
}

// arrival is what an action gets to see.
type arrival struct {
	header                       http.Header
	scriptName, pathInfo, rest   string
	upstreamTarget, prefix       string
	host, serverName, serverPort string
	remoteAddr, remoteUser       string
	scheme, query                string
}

// newRehearsal prepares the parts of an App that rules are made of.
func newRehearsal(c *config.Config) (*rehearsal, error) {
	logs, err := newLogging(io.Discard, io.Discard)
	if err != nil {
		return nil, err
	}
	app := &App{logs: logs, logger: logs.named("appserve"), passwords: basicauth.NewGate(1)}
	return &rehearsal{
		app: app, g: &generation{config: c, logger: app.logger},
		passed: map[string]bool{}, recorder: recorder{header: http.Header{}},
	}, nil
}

// routes are all sites, as the server would build them, with actions that only take notes.
func (r *rehearsal) routes() (*listeners.Routes, error) {
	var sites []listeners.Site
	for _, block := range r.g.config.Sites {
		site := listeners.Site{
			Name: block.Name, Listeners: block.Listeners, Hosts: block.Hosts,
			CanonicalHost: block.CanonicalHost, RequireHTTPS: block.RequireHTTPS, HTTPSPort: httpsPort(r.g.config, block),
		}
		var err error
		if site.Responses, err = responses(&block.Defaults); err != nil {
			return nil, err
		}
		for _, l := range block.Locations {
			location := listeners.Location{
				Path: l.Name, Also: l.Also, Match: matchKind(l), Priority: l.Priority,
				StripPrefix: l.StripPrefix, ScriptName: l.ScriptName, MaxBodySize: l.MaxBodySize,
			}
			if location.Responses, err = responses(&l.LocationRules); err != nil {
				return nil, err
			}
			if location.Handler, err = r.handler(block, l); err != nil {
				return nil, err
			}
			site.Locations = append(site.Locations, location)
		}
		sites = append(sites, site)
	}
	return listeners.NewRoutes(sites, nil)
}

// handler is a location's rules, each followed by a note that it was passed.
func (r *rehearsal) handler(site *config.Site, l *config.Location) (http.Handler, error) {
	var next http.Handler = http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) { r.arrive(site, l, w, request) })
	rules := r.app.rules()
	for i := len(rules) - 1; i >= 0; i-- {
		behind, name := next, rules[i].name
		noted := http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
			r.passed[name] = true
			behind.ServeHTTP(w, request)
		})
		var err error
		if next, err = rules[i].wrap(r.g, l, noted); err != nil {
			return nil, err
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		r.enter(l, exchange.From(w))
		next.ServeHTTP(w, request)
	}), nil
}

func (r *rehearsal) enter(l *config.Location, x *exchange.Exchange) {
	r.entered = l
	for _, limit := range l.RateLimits {
		key, err := template(limit.Key)
		if err != nil {
			continue // wrapping the rule failed already
		}
		r.keys = append(r.keys, string(key.Append(nil, x, variable.Plain)))
	}
}

// arrive notes what the action gets. Redirects, fixed answers and files are
// given.
func (r *rehearsal) arrive(site *config.Site, l *config.Location, w http.ResponseWriter, request *http.Request) {
	x := exchange.From(w)
	a := &arrival{
		header: request.Header.Clone(), rest: x.Rest(), upstreamTarget: x.UpstreamTarget(), prefix: x.ForwardedPrefix(),
		host: request.Host, serverName: x.ServerName(), serverPort: x.ServerPort(), remoteUser: x.RemoteUser(), scheme: x.Scheme(),
		query: request.URL.RawQuery,
	}
	a.scriptName, a.pathInfo = x.Mount()
	a.remoteAddr, _ = x.RemoteAddr()
	r.arrived = a
	if l.Static != nil {
		r.serveFile(site, l, w, request)
		return
	}
	if l.Pass != nil {
		w.WriteHeader(http.StatusOK)
		return
	}
	action, err := r.app.action(r.g, nil, l)
	if err != nil {
		x.Fail(http.StatusInternalServerError, exchange.ReasonInternalError)
		return
	}
	action.ServeHTTP(w, request)
}

// serveFile answers with files as they are now. What cannot be opened would
// keep the server from starting, and is a diagnostic there.
func (r *rehearsal) serveFile(site *config.Site, l *config.Location, w http.ResponseWriter, request *http.Request) {
	c, err := staticConfig(site, l)
	if err != nil {
		w.WriteHeader(http.StatusOK)
		return
	}
	r.found = true
	if l.Static.Fallback != nil {
		c.Fallback = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			r.found = false
			w.WriteHeader(http.StatusOK)
		})
	}
	files, err := static.New(c, hclog.NewNullLogger())
	if err != nil {
		r.found = false
		w.WriteHeader(http.StatusOK)
		return
	}
	defer files.Close()
	files.ServeHTTP(w, request)
}

// run takes a request through the routes.
func (r *rehearsal) run(routes *listeners.Routes, listener string, peer *exchange.Peer, request *http.Request) {
	routes.Rehearse(listener, peer, &r.recorder, request, func(x *exchange.Exchange) {
		r.reason, r.status, r.scheme, r.id = x.Reason(), x.Status(), x.Scheme(), x.RequestID()
		r.client, _ = x.RemoteAddr()
		r.recorder.header = r.recorder.header.Clone() // values may live in the exchange, which is reused
	})
}

// recorder is a response that goes nowhere.
type recorder struct {
	header http.Header
	status int
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

func (r *recorder) Write(p []byte) (int, error) { return len(p), nil }
