package static

import (
	"strconv"
	"time"
)

// forever is how long a file that never changes may be kept, in seconds; a
// year is what RFC 9111 lets everybody understand as that.
const forever = "31536000"

// cacheControls are the values of Cache-Control of a static block.
type cacheControls struct {
	plain     []string // of what can change; nil: none
	immutable []string // of what cannot
	listing   []string // of a folder's listing, which changes with any of its files
}

// newCacheControls decides what is said of how long a file may be kept. What
// cache_control says goes for every file, hashed name or not; max_age goes for
// the files that can change.
func newCacheControls(c Config) cacheControls {
	plain := c.CacheControl
	if c.MaxAge != nil {
		age := "max-age=" + strconv.FormatInt(int64(*c.MaxAge/time.Second), 10)
		if plain != "" {
			age = ", " + age
		}
		plain += age
	}
	var all cacheControls
	if plain != "" {
		all.plain = []string{plain}
	}
	reach := "public"
	if c.Restricted {
		reach = "private"
	}
	all.listing = []string{"no-cache"}
	if c.CacheControl != "" {
		all.listing = all.plain
	}
	if all.immutable = []string{reach + ", max-age=" + forever + ", immutable"}; c.CacheControl != "" {
		all.immutable = all.plain
	}
	return all
}

// cacheControlOf is the Cache-Control of a file; nil: none.
func (h *Handler) cacheControlOf(path string, r *rule) []string {
	switch {
	case r != nil && r.cacheControl != nil:
		return r.cacheControl
	case h.config.Immutable == ImmutableOn, h.config.Immutable == ImmutableAuto && hashed(path):
		return h.caching.immutable
	default:
		return h.caching.plain
	}
}
