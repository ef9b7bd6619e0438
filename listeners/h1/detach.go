package h1

import (
	"io"
	"sync"
	"sync/atomic"
)

// Task is what is left to do of a request that was detached.
type Task = interface {
	// Resume goes on as the handler would have.
	Resume()
}

// turnState says who has the turn to work on a connection's request.
type turnState int

const (
	attached turnState = iota // the connection's goroutine
	detached                  // whoever claims it first
	answered                  // nobody: it is over
	owed                      // the connection's goroutine: what the answerer could not do
)

// turn is between the goroutine of a connection, which reads, and somebody who
// may answer its request meanwhile. Who holds mu has the request, and all of
// the connection that is not read by others anyway; the one who answers never
// waits for it.
type turn struct {
	mu       sync.Mutex
	state    turnState
	task     Task
	clean    bool        // owed: the task did not give the response up
	recalled atomic.Bool // the connection's goroutine has to resume the task
}

// takeBack makes a detached request that of the connection's goroutine again.
func (t *turn) takeBack() {
	if t.state == detached {
		t.state = attached
	}
}

// Detach lets the handler return before its response is there. Then whoever
// gets hold of the response answers the client: by Claim, and, if that says
// so, Complete. Where that is not possible, by Recall, which has the
// connection's goroutine do it; that also does it by itself when the client
// says or does anything. False: the handler must not return. Between Detach
// and its return it must not wait for anything.
//
// It spares a connection the change of goroutines between the one that has the
// response and its own, and with it the waking of a thread.
func (w *response) Detach(left Task) bool {
	c := w.conn
	if c.raw == nil || c.body != nil || w.final || w.status != 0 || w.hijacked || c.desk.in.unread() > 0 {
		return false
	}
	c.turn.mu.Lock() // until attend
	c.turn.state, c.turn.task = detached, left
	c.turn.recalled.Store(false)
	c.away = true
	return true
}

// Attach takes Detach back, before the handler has returned.
func (w *response) Attach() {
	c := w.conn
	c.away, c.turn.state = false, attached
	c.turn.mu.Unlock()
}

// Unsent is how much of what was written the client never took although that
// was not known then, in bytes.
func (w *response) Unsent() int64 { return w.conn.out.unsent }

// Claim reports whether the caller may answer the request that was detached;
// then it must call Complete. Else it may call Recall. Both belong to a request
// whose task was not resumed yet: they are called under a lock that Resume
// takes first.
func (w *response) Claim() bool {
	t := &w.conn.turn
	if !t.mu.TryLock() {
		return false
	}
	if t.state != detached || t.recalled.Load() {
		t.mu.Unlock()
		return false
	}
	return true
}

// Complete runs what is left of the request and ends it. It does not wait for
// the client: what that does not take at once, the connection's goroutine sends.
func (w *response) Complete() {
	c, d := w.conn, w.conn.desk
	defer c.turn.mu.Unlock()
	c.out.once = true
	clean := c.call(d, c.turn.task)
	done := clean && w.finish() && len(c.out.rest) == 0
	c.out.once = false
	if !done {
		c.turn.state, c.turn.clean = owed, clean
		c.wake()
		return
	}
	c.engine.watch.end(c)
	c.owner.Finish(c.out.sent, c.in.received)
	c.idle(d)
	c.engine.desks.give(d)
	c.desk = nil
	c.turn.state, c.turn.task = answered, nil
	c.arm()
}

// Recall has the connection's goroutine resume the request that was detached.
func (w *response) Recall() {
	if c := w.conn; c.turn.recalled.CompareAndSwap(false, true) {
		c.wake()
	}
}

// attend waits, in the place of a handler that has returned, until the request
// is answered, or there is a reason to go on with it here; that is done then.
// False: the response was given up, or the request was answered and the
// connection has ended since.
func (c *Conn) attend() (clean bool) {
	c.away = false
	c.await(reply, 0)
	c.turn.mu.Unlock()
	n, err := c.read(nil)
	c.turn.mu.Lock()
	c.turn.takeBack()
	state, left := c.turn.state, c.turn.task
	c.turn.task = nil
	c.turn.mu.Unlock()
	if n > 0 {
		c.desk.in.w += n
	}
	switch state {
	case answered:
		return err == nil
	case owed:
		c.turn.state = attached
		return c.writeRest(&c.desk.response) && c.turn.clean
	default:
		if err == io.EOF {
			c.context.closeHalf()
		}
		return c.call(c.desk, left)
	}
}
