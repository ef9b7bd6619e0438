package static

import "time"

// UseWalk makes a handler open files as on a kernel without openat2.
func UseWalk(h *Handler) { h.folder.beyond = walk }

// SetMostListed says how many names a listing looks at.
func SetMostListed(h *Handler, n int) { h.mostListed = n }

// SetClock replaces the clock of a cache.
func SetClock(c *Cache, now func() time.Time) { c.now, c.epoch = now, now() }

// Sweep does what the janitor does.
func Sweep(c *Cache) (left bool) { return c.sweep() }

// Kept is what a cache holds.
func Kept(c *Cache) (entries int, bytes, descriptors int64) {
	for i := range c.shards {
		for _, t := range []*table{&c.shards[i].files, &c.shards[i].others} {
			entries += len(t.entries)
			bytes += t.bytes
		}
	}
	return entries, bytes, c.descriptors.Load()
}
