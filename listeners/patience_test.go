package listeners

import (
	"io"
	"testing"
	"time"
)

// A body that stops coming is answered with 408, whoever reads it; how long it
// takes altogether does not matter.
func TestBodyTimeout(t *testing.T) {
	w := newWorld(t)
	w.rows.BodyTimeout = 300 * time.Millisecond
	w.commit(w.routes(at("/", echo)), w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	c := w.dial()
	c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n")
	for range 10 {
		time.Sleep(w.rows.BodyTimeout / 4)
		c.send("x")
	}
	c.want(200, "")
	c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nxxx")
	if a := c.want(408, ""); !a.Close {
		t.Error("the connection goes on")
	}
	c.ended()
	w.access.wait(t, " body_timeout\n")
}

// What a handler does not read has a moment to arrive, and does not become a
// request.
func TestUnreadBodyHasAMoment(t *testing.T) {
	w := start(t, says("/", "early"))
	c := w.dial()
	c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n")
	c.want(200, "early")
	began := time.Now()
	if _, err := io.ReadAll(c.r); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the connection was closed after %v", took)
	}
}
