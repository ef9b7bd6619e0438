package main

import (
	"fmt"
	"net/http"

	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/listeners/ratelimit"
)

// limitRate puts a location behind its rate limits.
func (a *App) limitRate(g *generation, l *config.Location, next http.Handler) (http.Handler, error) {
	var limits []ratelimit.Limit
	for i, block := range l.RateLimits {
		key, err := template(block.Key)
		if err != nil {
			return nil, err
		}
		name := zoneName(g.config, l, i)
		limits = append(limits, ratelimit.Limit{
			Name:    name,
			Zone:    a.zones.Zone(name, ratelimit.Rate{Count: block.Count, Per: block.Per, Burst: block.Burst}),
			Key:     key,
			Status:  block.Status,
			Methods: block.Methods,
			DryRun:  block.DryRun,
		})
	}
	return ratelimit.Wrap(ratelimit.Options{Limits: limits, Logger: a.logs.named("rate_limit")}, next), nil
}

// zoneName names what counts together, the same in every generation: a zone,
// or a block by where it stands. What a site says is one block for all its
// locations.
func zoneName(c *config.Config, l *config.Location, number int) string {
	block := l.RateLimits[number]
	if block.Zone != "" {
		return fmt.Sprintf("zone %q", block.Zone)
	}
	for _, site := range c.Sites {
		for i, own := range site.Defaults.RateLimits {
			if own == block {
				return fmt.Sprintf("site %q rate_limit %d", site.Name, i+1)
			}
		}
		for _, location := range site.Locations {
			if location == l {
				return fmt.Sprintf("site %q location %q rate_limit %d", site.Name, l.Name, number+1)
			}
		}
	}
	panic("a location is in no site")
}
