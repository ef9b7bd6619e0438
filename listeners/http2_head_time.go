package listeners

import "time"

// headTime bounds how long a request's head may take to arrive on a connection
// of HTTP/2. The socket keeps a deadline that has become needless, because most
// heads are complete by the next read, and setting one costs more than looking
// again when it has passed.
type headTime struct {
	since time.Time // when the head that arrives began; zero: there is none
	armed time.Time // deadline of the socket that is ours; zero: none
}

// arm is due before a read.
func (t *headTime) arm(c *http2Conn) {
	patience := c.engine.settings.headerTimeout
	switch {
	case patience == 0 || !c.settled: // before, the preface has a deadline
		return
	case !c.in.inHead():
		t.since = time.Time{}
		return
	case t.since.IsZero():
		t.since = time.Now()
	}
	switch {
	case !t.armed.IsZero():
	case c.parting: // nobody else sets deadlines any more
		t.armed = t.since.Add(patience)
		_ = c.Conn.SetReadDeadline(t.armed) // it fails only on a closed connection, and so will the read
	case !c.retired.Load():
		t.armed = t.since.Add(patience)
		_ = c.SetReadDeadline(t.armed) // as above
	}
}

// over reports, after a deadline has passed, whether a head has taken too long.
func (t *headTime) over(c *http2Conn) bool {
	patience := c.engine.settings.headerTimeout
	return !t.since.IsZero() && patience > 0 && time.Since(t.since) >= patience && c.in.inHead()
}

// passed takes away a deadline of ours that has passed, and reports whether
// there was one: then reading goes on.
func (t *headTime) passed(c *http2Conn) bool {
	if t.armed.IsZero() || time.Now().Before(t.armed) {
		return false
	}
	t.armed = time.Time{}
	_ = c.SetReadDeadline(time.Time{})
	return true
}
