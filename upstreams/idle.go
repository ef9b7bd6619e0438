package upstreams

import (
	"sync"
	"time"

	"github.com/appserve/appserve/upstreams/conn"
)

const (
	// idleLimit is how long a connection may lie idle.
	idleLimit = 60 * time.Second

	// freshLimit is how long one may have lain idle for a request that must
	// not be sent twice: below the keep-alive time of every server that has one
	// (Gunicorn 2 s, uvicorn 5 s), so that it cannot be closing just now.
	freshLimit = time.Second
)

// idle keeps the idle connections of one server, the last used on top.
type idle struct {
	keep int
	now  func() time.Time

	mu     sync.Mutex
	stack  []idleConn
	sweep  *time.Timer // runs expire while the stack is not empty
	closed bool
}

type idleConn struct {
	conn  *conn.Conn
	since time.Time
}

// take returns a connection that can be used now, or nil. A request that
// cannot be repeated gets one only if it was in use a moment ago.
func (i *idle) take(repeatable bool) *conn.Conn {
	limit := idleLimit
	if !repeatable {
		limit = freshLimit
	}
	for {
		c := i.pop(limit)
		if c == nil || c.Alive() {
			return c
		}
		_ = c.Close()
	}
}

func (i *idle) pop(limit time.Duration) *conn.Conn {
	i.mu.Lock()
	defer i.mu.Unlock()
	top := len(i.stack) - 1
	if top < 0 || i.now().Sub(i.stack[top].since) > limit {
		return nil
	}
	c := i.stack[top].conn
	i.stack[top] = idleConn{}
	i.stack = i.stack[:top]
	return c
}

// put keeps c, or closes it. When there are too many, the longest idle goes.
func (i *idle) put(c *conn.Conn) {
	if drop := i.push(c); drop != nil {
		_ = drop.Close()
	}
}

func (i *idle) push(c *conn.Conn) (drop *conn.Conn) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.closed || i.keep == 0 {
		return c
	}
	if len(i.stack) == i.keep {
		drop = i.removeOldest(1)[0].conn
	}
	i.stack = append(i.stack, idleConn{c, i.now()})
	if i.sweep == nil {
		i.sweep = time.AfterFunc(idleLimit, i.expire)
	}
	return drop
}

// removeOldest takes the n longest idle off the bottom.
func (i *idle) removeOldest(n int) []idleConn {
	oldest := append([]idleConn(nil), i.stack[:n]...)
	rest := copy(i.stack, i.stack[n:])
	clear(i.stack[rest:])
	i.stack = i.stack[:rest]
	return oldest
}

// expire closes what lay idle for too long. It runs on a timer that close stops.
func (i *idle) expire() {
	for _, c := range i.expired() {
		_ = c.conn.Close()
	}
}

func (i *idle) expired() []idleConn {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.closed {
		return nil
	}
	n, now := 0, i.now()
	for n < len(i.stack) && now.Sub(i.stack[n].since) >= idleLimit {
		n++
	}
	gone := i.removeOldest(n)
	if len(i.stack) == 0 {
		i.sweep = nil
	} else {
		i.sweep.Reset(max(idleLimit-now.Sub(i.stack[0].since), time.Second))
	}
	return gone
}

// close closes all, and everything that comes back later.
func (i *idle) close() {
	i.mu.Lock()
	stack := i.stack
	i.stack, i.closed = nil, true
	if i.sweep != nil {
		i.sweep.Stop()
	}
	i.mu.Unlock()
	for _, c := range stack {
		_ = c.conn.Close()
	}
}
