package upstreams

import "time"

// health is what the requests of the past say about a server. A server that
// failed too often is set aside for a while; then one request at a time tries
// it, until one succeeds.
type health struct {
	fails  int
	first  time.Time // when the first of fails happened
	until  time.Time // when it may be tried again; zero: it is not set aside
	trying bool      // a request tries it now
}

func (h *health) aside() bool { return !h.until.IsZero() }

func (h *health) usable(now time.Time) bool {
	return !h.aside() || (!h.trying && !now.Before(h.until))
}

// choose notes that a request goes to the server.
func (h *health) choose(now time.Time) {
	h.trying = h.aside() && !now.Before(h.until)
}

// fail notes a failure and says whether there are enough to set the server aside.
func (h *health) fail(now time.Time, most int, window time.Duration) bool {
	h.trying = false
	if most == 0 {
		return false
	}
	if h.aside() {
		h.until = now.Add(window)
		return false
	}
	if h.fails == 0 || now.Sub(h.first) > window {
		h.fails, h.first = 0, now
	}
	h.fails++
	return h.fails >= most
}

// succeed forgets every failure and says whether the server was set aside.
func (h *health) succeed() (back bool) {
	back = h.aside()
	*h = health{}
	return back
}

// failed counts a failure of s. The last server that is not set aside stays.
func (g *Group) failed(s *server) {
	g.mu.Lock()
	now := g.now()
	enough := s.health.fail(now, g.config.MaxFails, g.config.FailTimeout)
	if enough = enough && g.hasAnother(s); enough {
		s.health.until = now.Add(g.config.FailTimeout)
	}
	fails := s.health.fails
	g.mu.Unlock()
	if enough {
		g.logger.Warn("server set aside", "upstream", g.config.Name, "server", s.Name, "address", s.label,
			"failures", fails, "for", g.config.FailTimeout)
	}
}

// hasAnother says whether a server other than s is not set aside.
func (g *Group) hasAnother(s *server) bool {
	for _, other := range g.servers {
		if other != s && !other.health.aside() {
			return true
		}
	}
	return false
}

// succeeded notes that s answered.
func (g *Group) succeeded(s *server) {
	g.mu.Lock()
	back := s.health.succeed()
	g.mu.Unlock()
	if back {
		g.logger.Info("server is back", "upstream", g.config.Name, "server", s.Name, "address", s.label)
	}
}
