package main

import (
	"fmt"
	"net/http"

	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/listeners/cors"
)

// corsPolicy is nil without a cors block.
func corsPolicy(c *config.CORS) (*cors.Policy, error) {
	if c == nil {
		return nil, nil
	}
	policy, err := cors.New(cors.Config{
		Origins: c.Origins, Headers: c.Headers, Methods: c.Methods, Credentials: c.Credentials, MaxAge: c.MaxAge,
	})
	if err != nil {
		return nil, fmt.Errorf("cors: %w (%s)", err, c.Source)
	}
	return policy, nil
}

// preflight answers preflight requests; what every response says is among its
// responses.
func preflight(_ *generation, l *config.Location, next http.Handler) (http.Handler, error) {
	policy, err := corsPolicy(l.CORS)
	if policy == nil || err != nil {
		return next, err
	}
	return policy.Preflight(next), nil
}
