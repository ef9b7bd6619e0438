package ratelimit

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Five in a second, three at once.
func TestZone_Take(t *testing.T) {
	z := NewZone(Rate{Count: 5, Per: time.Second, Burst: 3})
	now := z.start.Add(time.Hour)
	for _, c := range []struct {
		after time.Duration
		key   string
		ok    bool
		wait  time.Duration
	}{
		{0, "a", true, 0}, {0, "a", true, 0}, {0, "a", true, 0},
		{0, "a", false, 200 * time.Millisecond},
		{0, "b", true, 0},
		{50 * time.Millisecond, "a", false, 150 * time.Millisecond},
		{150 * time.Millisecond, "a", true, 0},
		{0, "a", false, 200 * time.Millisecond},
		{400 * time.Millisecond, "a", true, 0}, {0, "a", true, 0}, {0, "a", false, 200 * time.Millisecond},
		{time.Hour, "a", true, 0}, {0, "a", true, 0}, {0, "a", true, 0}, {0, "a", false, 200 * time.Millisecond},
	} {
		now = now.Add(c.after)
		if wait, ok := z.Take([]byte(c.key), now); ok != c.ok || wait != c.wait {
			t.Errorf("%s after %v: %v, %v; want %v, %v", c.key, now.Sub(z.start), wait, ok, c.wait, c.ok)
		}
	}
}

func TestZone_GiveBack(t *testing.T) {
	z := NewZone(Rate{Count: 1, Per: time.Minute, Burst: 1})
	for range 3 {
		if _, ok := z.Take([]byte("a"), z.start); !ok {
			t.Fatal("what was given back is not there")
		}
		z.GiveBack([]byte("a"))
	}
	z.GiveBack([]byte("never seen"))
}

// A zone remembers so many keys and no more, and not at the expense of the one
// that has used up its rate.
func TestZone_IsBounded(t *testing.T) {
	z := NewZone(Rate{Count: 10, Per: time.Minute, Burst: 10})
	now := z.start
	for range 10 {
		z.Take([]byte("greedy"), now)
	}
	for i := range 4 * keys {
		now = now.Add(time.Microsecond)
		if _, ok := z.Take(fmt.Appendf(nil, "%d", i), now); !ok {
			t.Fatal("a key that is new is refused")
		}
	}
	n := 0
	for i := range z.shards {
		n += len(z.shards[i].due)
	}
	if n > keys {
		t.Errorf("%d keys are remembered", n)
	}
	if _, ok := z.Take([]byte("greedy"), now); ok {
		t.Error("the greedy one was forgotten")
	}
}

// Many at once get no more than the rate.
func TestZone_Concurrent(t *testing.T) {
	z := NewZone(Rate{Count: 100, Per: time.Hour, Burst: 100})
	var passed atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 100 {
				if _, ok := z.Take([]byte("a"), z.start); ok {
					passed.Add(1)
				}
			}
		})
	}
	all.Wait()
	if passed.Load() != 100 {
		t.Errorf("%d passed", passed.Load())
	}
}

func TestZones(t *testing.T) {
	var zones Zones
	rate := Rate{Count: 1, Per: time.Minute, Burst: 1}
	before := zones.Zone("login", rate)
	if zones.Zone("login", rate) != before {
		t.Error("the same zone is another one")
	}
	faster := zones.Zone("login", Rate{Count: 2, Per: time.Minute, Burst: 1})
	if faster == before || zones.Zone("other", rate) == before {
		t.Error("another zone is the same")
	}
	runtime.KeepAlive(before)
	runtime.KeepAlive(faster)
	for range 100 {
		runtime.GC()
		zones.Zone("new", rate)
		if len(zones.known) <= 2 {
			return
		}
		zones.mu.Lock()
		delete(zones.known, "new\x001\x0060000000000\x001")
		zones.mu.Unlock()
	}
	t.Errorf("%d zones are remembered that nobody uses", len(zones.known))
}

func BenchmarkZone(b *testing.B) {
	z := NewZone(Rate{Count: 1 << 40, Per: time.Second, Burst: 1 << 30})
	key, now := []byte("203.0.113.7"), z.start.Add(time.Hour)
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := z.Take(key, now); !ok {
			b.Fatal("refused")
		}
	}
}

func BenchmarkZone_Full(b *testing.B) {
	z := NewZone(Rate{Count: 1, Per: time.Hour, Burst: 10})
	key, n := make([]byte, 8), uint64(0)
	b.ReportAllocs()
	for b.Loop() {
		n++
		for i := range key {
			key[i] = byte(n >> (8 * i))
		}
		z.Take(key, z.start)
	}
}
