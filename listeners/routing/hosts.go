// Package routing owns the choice of a site by host and of a location by path.
// A lookup allocates nothing. It refuses to interpret: hosts arrive in lower
// case without port, paths in canonical form.
package routing

import (
	"fmt"
	"strings"
)

// Hosts finds a value by host: an exact name first, then the longest wildcard, then "*".
type Hosts[T any] struct {
	exact    map[string]T
	wildcard map[string]T // ".example.com" for *.example.com
	rest     T
	hasRest  bool
}

// Add claims a host: "www.example.com", "*.example.com" or "*". It reports
// whether the host was free.
func (h *Hosts[T]) Add(host string, value T) bool {
	if host == "*" {
		if h.hasRest {
			return false
		}
		h.rest, h.hasRest = value, true
		return true
	}
	table := &h.exact
	if suffix, ok := strings.CutPrefix(host, "*"); ok {
		host, table = suffix, &h.wildcard
	}
	if _, taken := (*table)[host]; taken {
		return false
	}
	if *table == nil {
		*table = map[string]T{}
	}
	(*table)[host] = value
	return true
}

// Find gives the value for a host. A wildcard stands for one label or more:
// *.example.com matches a.b.example.com and not example.com.
func (h *Hosts[T]) Find(host string) (value T, ok bool) {
	if value, ok = h.exact[host]; ok {
		return value, true
	}
	if len(h.wildcard) > 0 {
		for i := 1; i < len(host); i++ {
			if host[i] != '.' {
				continue
			}
			if value, ok = h.wildcard[host[i:]]; ok {
				return value, true
			}
		}
	}
	return h.rest, h.hasRest
}

// CheckHost reports why a host cannot be claimed, nil when it can.
func CheckHost(host string) error {
	name := strings.TrimPrefix(host, "*.")
	if host == "*" || name != "" && !strings.ContainsAny(name, "*:/ ") {
		return nil
	}
	return fmt.Errorf("%q is no host, no *.host and no *", host)
}
