package static

import (
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// valid is how long what was found is taken for true. After that the next
	// request looks again, as if there were no cache.
	valid = time.Second
	// idle is how long an open file waits for its next request: a deleted file
	// keeps its disk space, and a mounted disk stays busy, while one is open.
	idle = 2 * time.Second
	// forgotten is how long an entry waits for its next request.
	forgotten = time.Minute

	shards = 16
	// sampled is how many entries are compared to find one to give up.
	sampled = 8
)

// Limits bound a cache.
type Limits struct {
	Entries     int   // names that are files; as many that are not
	Bytes       int64 // of memory, content and what is around it; a quarter of that for names that are no files
	FileSize    int64 // a file up to this many bytes is kept in memory
	Descriptors int64 // open files that no request reads just now
}

// Cache remembers what names beneath folders are: what the file system says,
// header values, small contents, and open files. What it says was true a
// second ago at most. It serves all handlers of a process and is safe for
// concurrent use.
type Cache struct {
	limits      Limits
	now         func() time.Time
	epoch       time.Time // times are kept as distances from here, which no change of the clock touches
	seed        maphash.Seed
	shards      [shards]shard
	descriptors atomic.Int64 // kept open
	janitor     janitor
}

// name is a name beneath the folder of a handler.
type name struct {
	owner *Handler
	path  string
}

// weight is about how much memory the name takes, in bytes.
func (n name) weight() int64 { return 64 + int64(len(n.path)) }

// shard is a part of the cache with a lock of its own.
type shard struct {
	mu    sync.RWMutex
	files table
	// others are names that are no files. They have a table of their own, so
	// that somebody who asks for what is not there pushes no file out.
	others table
	_      [64]byte // the next lock is in another line of the processor's cache
}

// table is a part of a shard, under its lock.
type table struct {
	entries map[name]*entry
	bytes   int64
}

// NewCache makes an empty cache. Close ends its housekeeping.
func NewCache(limits Limits) *Cache {
	c := &Cache{limits: limits, now: time.Now, epoch: time.Now(), seed: maphash.MakeSeed()}
	for i := range c.shards {
		c.shards[i].files.entries = map[name]*entry{}
		c.shards[i].others.entries = map[name]*entry{}
	}
	c.janitor.sweep = c.sweep
	return c
}

// Close forgets everything and closes what is open. Handlers must not use the
// cache any more.
func (c *Cache) Close() error {
	c.janitor.close()
	c.dropIf(func(name) bool { return true })
	return nil
}

func (c *Cache) shard(path string) *shard {
	return &c.shards[maphash.String(c.seed, path)%shards]
}

// get returns what is known about a name, nil for nothing, and whether it can
// be taken for true.
func (c *Cache) get(n name, now time.Time) (e *entry, fresh bool) {
	s := c.shard(n.path)
	s.mu.RLock()
	e = s.files.entries[n]
	if e == nil {
		e = s.others.entries[n]
	}
	s.mu.RUnlock()
	if e == nil {
		return nil, false
	}
	at := now.Sub(c.epoch)
	e.touch(at)
	return e, at-time.Duration(e.checked.Load()) < valid
}

// put remembers e, which was found at now in place of old (nil: nothing was
// known), and returns what is to be used.
func (c *Cache) put(n name, e, old *entry, now time.Time) *entry {
	at := int64(now.Sub(c.epoch))
	if old != nil && e.sameFiles(old) {
		old.checked.Store(at)
		return old
	}
	e.checked.Store(at)
	e.used.Store(at)
	s := c.shard(n.path)
	s.mu.Lock()
	gone := s.put(n, e)
	most, bytes := max(1, c.limits.Entries/shards), c.limits.Bytes/shards
	gone = s.files.shrink(gone, n, most, bytes)
	gone = s.others.shrink(gone, n, most, bytes/4)
	s.mu.Unlock()
	c.retire(gone, e)
	c.janitor.wake()
	return e
}

// put returns the entry that e replaces, if any.
func (s *shard) put(n name, e *entry) (gone []*entry) {
	gone = s.remove(n, gone)
	if e.kind == regular {
		s.files.add(n, e)
	} else {
		s.others.add(n, e)
	}
	return gone
}

func (s *shard) remove(n name, gone []*entry) []*entry {
	return s.others.remove(n, s.files.remove(n, gone))
}

func (t *table) add(n name, e *entry) {
	t.entries[n] = e
	t.bytes += n.weight() + e.weight()
}

func (t *table) remove(n name, gone []*entry) []*entry {
	e := t.entries[n]
	if e == nil {
		return gone
	}
	delete(t.entries, n)
	t.bytes -= n.weight() + e.weight()
	return append(gone, e)
}

// shrink gives entries up until the table is within its bounds, each time the
// one of a sample that was not asked for the longest, but never the one of kept.
func (t *table) shrink(gone []*entry, kept name, most int, bytes int64) []*entry {
	for len(t.entries) > 1 && (len(t.entries) > most || t.bytes > bytes) {
		var oldest name
		var used int64
		looked := 0
		for n, e := range t.entries { // begins anywhere
			if n == kept {
				continue
			}
			if at := e.used.Load(); looked == 0 || at < used {
				oldest, used = n, at
			}
			if looked++; looked == sampled {
				break
			}
		}
		gone = t.remove(oldest, gone)
	}
	return gone
}

// drop forgets a name, because it is known to have changed.
func (c *Cache) drop(n name) {
	s := c.shard(n.path)
	s.mu.Lock()
	gone := s.remove(n, nil)
	s.mu.Unlock()
	c.retire(gone, nil)
}

// dropIf forgets all names that chosen says.
func (c *Cache) dropIf(chosen func(name) bool) {
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		var gone []*entry
		for _, t := range []*table{&s.files, &s.others} {
			for n := range t.entries {
				if chosen(n) {
					gone = t.remove(n, gone)
				}
			}
		}
		s.mu.Unlock()
		c.retire(gone, nil)
	}
}

// retire closes the open files of entries that were given up, but for those
// that the new one shares.
func (c *Cache) retire(gone []*entry, kept *entry) {
	for _, e := range gone {
		for _, f := range e.files() {
			if kept == nil || !kept.has(f) {
				f.handles.retire(&c.descriptors)
			}
		}
	}
}

// sweep closes open files that nobody wants any more, and forgets entries that
// nobody asks for. It reports whether there is something left.
func (c *Cache) sweep() bool {
	now := c.now()
	left := false
	for i := range c.shards {
		gone, resting := c.shards[i].sweep(now.Sub(c.epoch))
		c.retire(gone, nil)
		for _, e := range resting {
			left = true
			for _, f := range e.files() {
				f.handles.rest(now.Add(-idle), &c.descriptors)
			}
		}
	}
	return left
}

// sweep takes out the entries that nobody asks for, and lists the others.
func (s *shard) sweep(at time.Duration) (gone, resting []*entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range []*table{&s.files, &s.others} {
		for n, e := range t.entries {
			if at-time.Duration(e.used.Load()) > forgotten {
				gone = t.remove(n, gone)
			} else {
				resting = append(resting, e)
			}
		}
	}
	return gone, resting
}
