package main

import (
	"fmt"
	"net/http"

	"github.com/appserve/appserve/config"
)

// rule wraps what a location does in one of its rules; a location that does
// not have the rule gets next back.
type rule struct {
	name string
	wrap func(g *generation, l *config.Location, next http.Handler) (http.Handler, error)
}

// rules are all rules of a location from the outside in: the first one sees
// the request first.
func (a *App) rules() []rule {
	return []rule{
		{name: "rate_limit", wrap: a.limitRate},
		{name: "cors", wrap: preflight},
		{name: "methods", wrap: onlyMethods},
		{name: "access", wrap: a.restrict},
		{name: "client_certificate", wrap: clientCertificate},
		{name: "request_headers", wrap: requestHeaders},
		{name: "compress", wrap: a.compressed},
	}
}

// guard puts a location's action behind its rules.
func (a *App) guard(g *generation, l *config.Location, action http.Handler) (http.Handler, error) {
	rules := a.rules()
	for i := len(rules) - 1; i >= 0; i-- {
		guarded, err := rules[i].wrap(g, l, action)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", rules[i].name, err)
		}
		action = guarded
	}
	return action, nil
}
