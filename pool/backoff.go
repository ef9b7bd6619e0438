package pool

import (
	"math/rand/v2"
	"time"
)

// Back-off between attempts to start a worker.
const (
	firstDelay = 500 * time.Millisecond
	lastDelay  = 30 * time.Second
	// A worker that lived this long or served this many requests was sound:
	// its death is the first again.
	soundLife     = 60 * time.Second
	soundRequests = 100
)

// backoff counts failures in a row.
type backoff struct {
	failures int
}

// failed counts one more.
func (b *backoff) failed() { b.failures++ }

// succeeded forgets them.
func (b *backoff) succeeded() { b.failures = 0 }

// delay is how long to wait after the failures beyond those that are free:
// doubling, up to lastDelay, with a jitter of a quarter to both sides so that
// pools do not try in step.
func (b *backoff) delay(free int) time.Duration {
	n := b.failures - free
	if n <= 0 {
		return 0
	}
	d := lastDelay
	if n <= 6 {
		d = firstDelay << (n - 1)
	}
	return d*3/4 + rand.N(d/2)
}
