package conn

import (
	"context"
	"errors"
	"os"
	"time"
)

// paused stands in Conn.since while the peer may be silent.
const paused = -1

// deadline remembers what was told to the kernel, so that a busy connection
// does not set a timer for every read. It is set a little late, never early.
type deadline struct {
	limit time.Duration // 0: none is set
	at    time.Time     // when it passes
}

// slack is how much later than asked a deadline may pass.
func slack(limit time.Duration) time.Duration { return min(limit/16, time.Second) }

// next says when the deadline must pass for a wait that starts now, and
// whether the one that is set will not do.
func (d *deadline) next(now time.Time, limit time.Duration) (time.Time, bool) {
	if limit == 0 {
		stale := d.limit != 0
		*d = deadline{}
		return time.Time{}, stale
	}
	if d.limit == limit && d.at.Sub(now) >= limit {
		return d.at, false
	}
	*d = deadline{limit: limit, at: now.Add(limit + slack(limit))}
	return d.at, true
}

func (c *Conn) armRead() error {
	return c.arm(&c.read, c.limits.Read, c.nc.SetReadDeadline)
}

func (c *Conn) armWrite() error {
	return c.arm(&c.write, c.limits.Write, c.nc.SetWriteDeadline)
}

// arm makes sure that a wait which starts now ends after limit. A Cancel that
// came in between wins: it stores its cause first, and is looked for last.
func (c *Conn) arm(d *deadline, limit time.Duration, set func(time.Time) error) error {
	at, stale := d.next(time.Now(), limit)
	if stale {
		if err := set(at); err != nil {
			return c.blame(err)
		}
	}
	if cause := c.cause.Load(); cause != nil {
		return *cause
	}
	return nil
}

// extend decides what a passed read deadline means: nothing while the
// connection is paused or was resumed lately, else the end.
func (c *Conn) extend() error {
	if cause := c.cause.Load(); cause != nil {
		return *cause
	}
	now := time.Now()
	left := c.limits.Read
	if since := c.since.Load(); since != paused {
		left -= now.Sub(c.birth.Add(time.Duration(since)))
	}
	if left <= 0 {
		return &TimeoutError{After: c.limits.Read}
	}
	c.read = deadline{limit: left, at: now.Add(left)}
	if err := c.nc.SetReadDeadline(c.read.at); err != nil {
		return c.blame(err)
	}
	if cause := c.cause.Load(); cause != nil {
		return *cause
	}
	return nil
}

// Pause stops the read limit: the peer waits for us.
func (c *Conn) Pause() { c.since.Store(paused) }

// Resume starts the read limit anew.
func (c *Conn) Resume() { c.since.Store(int64(time.Since(c.birth))) }

// Cancel ends every read and write, now and later, with cause. The first
// cause stays. The connection is good for Close only.
func (c *Conn) Cancel(cause error) {
	c.cause.CompareAndSwap(nil, &cause)
	// A connection that is closed already needs no deadline.
	_ = c.nc.SetDeadline(time.Unix(1, 0))
}

// Watch cancels the connection with ErrAbandoned when ctx ends. The returned
// function stops that; false means that it was too late.
func (c *Conn) Watch(ctx context.Context) (stop func() bool) {
	return context.AfterFunc(ctx, c.abandon)
}

// blame returns the cause of a cancelled connection in place of what it did to err.
func (c *Conn) blame(err error) error {
	if cause := c.cause.Load(); cause != nil {
		return *cause
	}
	return err
}

func isTimeout(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }
