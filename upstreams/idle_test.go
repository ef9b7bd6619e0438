package upstreams

import (
	"net"
	"testing"
	"time"

	"github.com/appserve/appserve/upstreams/conn"
)

// idlePair returns a connection to put, and its other end.
func idlePair(t *testing.T) (*conn.Conn, net.Conn) {
	near, far := net.Pipe()
	t.Cleanup(func() { _ = near.Close(); _ = far.Close() })
	return conn.New(near, new(conn.Buffers)), far
}

func isClosed(far net.Conn) bool {
	_ = far.SetReadDeadline(time.Now().Add(time.Millisecond))
	_, err := far.Read(make([]byte, 1))
	ne, ok := err.(net.Error)
	return !ok || !ne.Timeout()
}

func TestIdle_LastInFirstOutAndTheOldestGoes(t *testing.T) {
	i := idle{keep: 2, now: time.Now}
	defer i.close()
	a, farA := idlePair(t)
	b, _ := idlePair(t)
	c, _ := idlePair(t)
	i.put(a)
	i.put(b)
	i.put(c)
	if !isClosed(farA) {
		t.Error("the oldest was not closed")
	}
	if i.take(true) != c || i.take(true) != b || i.take(true) != nil {
		t.Error("not last in, first out")
	}
}

func TestIdle_Expires(t *testing.T) {
	now := time.Now()
	i := idle{keep: 9, now: func() time.Time { return now }}
	defer i.close()
	old, farOld := idlePair(t)
	young, farYoung := idlePair(t)
	i.put(old)
	now = now.Add(idleLimit / 2)
	i.put(young)
	now = now.Add(idleLimit / 2)
	i.expire()
	if !isClosed(farOld) || isClosed(farYoung) {
		t.Error("not exactly the old one was closed")
	}
	if i.take(false) != nil {
		t.Error("a request that cannot be repeated got an old connection")
	}
	now = now.Add(idleLimit)
	if i.take(true) != nil {
		t.Error("an expired connection was taken")
	}
	i.expire()
	if !isClosed(farYoung) || i.sweep != nil {
		t.Error("the last one was not closed, or the timer runs on")
	}
}

func TestIdle_Closed(t *testing.T) {
	i := idle{keep: 9, now: time.Now}
	a, farA := idlePair(t)
	b, farB := idlePair(t)
	i.put(a)
	i.close()
	i.put(b)
	i.close()
	i.expire()
	if !isClosed(farA) || !isClosed(farB) || i.take(true) != nil {
		t.Error("a closed stack keeps connections")
	}
}
