package listeners

import (
	"sync/atomic"
	"time"
)

// What a client of HTTP/2 may do within floodWindow. More than that is no use
// of the protocol: a client that resets what it asks for makes the server work
// for nothing (CVE-2023-44487), also when it makes us do the reset
// (CVE-2025-8671); and frames that carry nothing cost as much as others.
const (
	floodWindow = 10 * time.Second
	maxResets   = 200
	maxControls = 10_000
)

// tally counts what happens within a window of time.
type tally struct {
	limit int64
	count atomic.Int64
	begin atomic.Int64 // of the window, in nanoseconds
}

// add counts one, and reports whether that is too many.
func (t *tally) add(now time.Time) bool {
	nanoseconds, begin := now.UnixNano(), t.begin.Load()
	if nanoseconds-begin >= int64(floodWindow) && t.begin.CompareAndSwap(begin, nanoseconds) {
		t.count.Store(0)
	}
	return t.count.Add(1) > t.limit
}
