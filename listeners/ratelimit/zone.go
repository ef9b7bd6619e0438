// Package ratelimit owns how often requests of one kind may come: zones that
// count, and the rule of a location that asks them. It refuses to know what a
// key means, and to remember more than a fixed number of them.
package ratelimit

import (
	"hash/maphash"
	"sync"
	"time"
)

// Rate is how many requests may come in what time, and how many at once.
type Rate struct {
	Count int64
	Per   time.Duration
	Burst int
}

// Zone counts requests by key, by the generic cell rate algorithm: for each
// key it keeps one moment, at which the requests so far would have come if they
// had come evenly. It is safe for concurrent use.
//
// A zone remembers at most keys of them. When there are more, those go first
// that have been quiet for so long that they do not count, then, of a few, the
// one that has asked least: whoever has used up a rate is remembered.
type Zone struct {
	interval int64 // nanoseconds between two requests of an even stream
	slack    int64 // how far requests may be ahead of it
	seed     maphash.Seed
	start    time.Time
	shards   [shards]shard
}

const (
	keys   = 64 << 10
	shards = 64
	sample = 8 // keys looked at when one has to go
)

// shard is a part of the keys, so that requests seldom wait for each other.
type shard struct {
	mu  sync.Mutex
	due map[uint64]int64 // key -> the moment, in nanoseconds since start
	_   [48]byte         // two shards do not share a cache line
}

// NewZone makes a zone. A rate of nothing is one request in a nanosecond.
func NewZone(r Rate) *Zone {
	interval := max(1, int64(r.Per)/max(1, r.Count))
	z := &Zone{interval: interval, slack: interval * int64(max(1, r.Burst)), seed: maphash.MakeSeed(), start: time.Now()}
	for i := range z.shards {
		z.shards[i].due = map[uint64]int64{}
	}
	return z
}

// Take counts a request of a key. When it comes too early it is not counted,
// and wait says when it might come.
func (z *Zone) Take(key []byte, now time.Time) (wait time.Duration, ok bool) {
	code := maphash.Bytes(z.seed, key)
	s, at := &z.shards[code%shards], int64(now.Sub(z.start))
	s.mu.Lock()
	defer s.mu.Unlock()
	due, known := s.due[code]
	due = max(due, at) + z.interval
	if ahead := due - at - z.slack; ahead > 0 {
		return time.Duration(ahead), false
	}
	if !known && len(s.due) >= keys/shards {
		s.forget(at)
	}
	s.due[code] = due
	return 0, true
}

// GiveBack undoes a Take: the request was refused for another reason.
func (z *Zone) GiveBack(key []byte) {
	code := maphash.Bytes(z.seed, key)
	s := &z.shards[code%shards]
	s.mu.Lock()
	defer s.mu.Unlock()
	if due, known := s.due[code]; known {
		s.due[code] = due - z.interval
	}
}

// forget makes room for one key at least. It looks at a few only: the order of
// a map is another one every time.
func (s *shard) forget(now int64) {
	var least uint64
	lowest, seen := int64(0), 0
	for code, due := range s.due {
		if seen == 0 || due < lowest {
			least, lowest = code, due
		}
		if due <= now {
			delete(s.due, code)
		}
		if seen++; seen == sample {
			break
		}
	}
	delete(s.due, least)
}
