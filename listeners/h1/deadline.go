package h1

import "time"

// after is the time a duration from now; 0 for none.
func (c *Conn) after(d time.Duration) int64 {
	if d <= 0 {
		return 0
	}
	return c.engine.watch.now() + int64(d)
}

// deadline is when waiting has to end as things stand; 0: never.
func (c *Conn) deadline() int64 {
	retired := c.retired.Load()
	switch in := &c.in; in.kind {
	case first:
		if retired == 0 {
			return in.until
		}
		return earlier(in.until, retired+int64(lastCall))
	case later:
		if retired != 0 {
			return past
		}
		if in.until == 0 && c.engine.rows.KeepaliveTimeout > 0 {
			in.until = c.engine.watch.clock.Load() + int64(c.engine.rows.KeepaliveTimeout+lookStep)
		}
		return in.until
	case inBody:
		return in.byHandler.Load()
	case reply:
		if c.turn.recalled.Load() || c.turn.state == owed {
			return past
		}
		return 0
	default:
		return in.until
	}
}

// earlier of two deadlines.
func earlier(a, b int64) int64 {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// arm gives the socket its deadline, because reading is about to wait. One
// that comes too early stays: moving it costs more than looking again, since
// most connections have something to read before. Whoever changes what
// deadline gives calls wake after it; either arm or wake sees the other.
func (c *Conn) arm() {
	in := &c.in
	switch in.kind {
	case inBody:
		in.blocked.Store(true)
	case reply:
		return // whatever the deadline is, it wakes us up too early at worst
	}
	for {
		want := c.deadline()
		if in.armed != 0 && in.armed <= want && in.armed > c.engine.watch.clock.Load() || want == in.armed && want == 0 {
			return
		}
		c.setArmed(want)
		if c.deadline() == want {
			return
		}
	}
}

func (c *Conn) setArmed(want int64) {
	c.in.armed = want
	at := time.Time{}
	if want != 0 {
		at = c.engine.watch.base.Add(time.Duration(want))
	}
	_ = c.nc.SetReadDeadline(at) // it fails on a closed connection, and so will reading
}

// wake makes a reader look at its deadline again.
func (c *Conn) wake() { _ = c.nc.SetReadDeadline(time.Unix(1, 0)) }

// lateInTurn is late where nobody else works on the connection.
func (c *Conn) lateInTurn() error {
	c.turn.mu.Lock()
	defer c.turn.mu.Unlock()
	return c.late()
}

// late decides what a deadline means that passed: nil reads again.
func (c *Conn) late() error {
	want := c.deadline()
	if want != 0 && want <= c.engine.watch.now() {
		if c.in.kind >= rest || !c.pending() {
			return errTimeOver
		}
		// A request has arrived just as the connection was asked to leave.
		c.await(rest, c.after(c.engine.rows.HeaderTimeout))
		want = c.in.until
	}
	c.setArmed(want)
	if again := c.deadline(); again != want && again != 0 && again <= c.engine.watch.now() {
		c.wake()
	}
	return nil
}
