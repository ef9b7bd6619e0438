package ratelimit

import (
	"fmt"
	"sync"
	"weak"
)

// Zones finds zones again: a reload that does not change a zone's rate goes on
// counting where it was. A zone that no generation uses any more is forgotten.
type Zones struct {
	mu    sync.Mutex
	known map[string]weak.Pointer[Zone]
}

// Zone gives the zone of a name and a rate, made if there is none. The caller
// keeps it for as long as it counts.
func (z *Zones) Zone(name string, r Rate) *Zone {
	identity := fmt.Sprintf("%s\x00%d\x00%d\x00%d", name, r.Count, r.Per, r.Burst)
	z.mu.Lock()
	defer z.mu.Unlock()
	if found := z.known[identity].Value(); found != nil {
		return found
	}
	for old, pointer := range z.known {
		if pointer.Value() == nil {
			delete(z.known, old)
		}
	}
	if z.known == nil {
		z.known = map[string]weak.Pointer[Zone]{}
	}
	made := NewZone(r)
	z.known[identity] = weak.Make(made)
	return made
}
