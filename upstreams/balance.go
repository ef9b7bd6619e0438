package upstreams

import (
	"slices"
	"time"
)

// acquire chooses a server for a request and counts the request there; what
// is in tried is left out. nil: there is none, and busy says whether one was
// passed over only because of its max_connections.
func (g *Group) acquire(tried []*server) (chosen *server, busy bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	for _, c := range [...]candidates{
		{},             // servers
		{backup: true}, // then backups
		{aside: true},  // then, rather than give up, those that were set aside
		{aside: true, backup: true},
	} {
		c.now, c.tried = now, tried
		if s := g.best(&c); s != nil {
			s.active++
			s.health.choose(now)
			return s, false
		}
		busy = busy || c.sawFull
	}
	return nil, busy
}

// release ends a request that acquire counted.
func (g *Group) release(s *server) {
	g.mu.Lock()
	s.active--
	s.health.trying = false
	g.mu.Unlock()
}

// candidates says which servers may be chosen.
type candidates struct {
	backup, aside bool
	now           time.Time
	tried         []*server
	sawFull       bool
}

func (c *candidates) admit(s *server) bool {
	if s.Backup != c.backup || slices.Contains(c.tried, s) || (!c.aside && !s.health.usable(c.now)) {
		return false
	}
	if s.full() {
		c.sawFull = true
		return false
	}
	return true
}

// best chooses among the candidates: those with the fewest requests for their
// weight with least_conn, all with round_robin; and among these by smooth
// weighted round robin, which spreads a heavy server's turns.
func (g *Group) best(c *candidates) *server {
	var least *server
	if g.config.Balance == LeastConn {
		for _, s := range g.servers {
			if c.admit(s) && (least == nil || s.active*least.Weight < least.active*s.Weight) {
				least = s
			}
		}
		if least == nil {
			return nil
		}
	}
	var best *server
	total := 0
	for _, s := range g.servers {
		if !c.admit(s) || (least != nil && s.active*least.Weight != least.active*s.Weight) {
			continue
		}
		total += s.Weight
		s.turn += s.Weight
		if best == nil || s.turn > best.turn {
			best = s
		}
	}
	if best != nil {
		best.turn -= total
	}
	return best
}
