package listeners

import (
	"bufio"
	"crypto/tls"
	"testing"
	"time"
)

// dialTLS is a connection with TLS that speaks a protocol.
func (w *world) dialTLS(c *tls.Config, protocol string) *client {
	w.t.Helper()
	c = c.Clone()
	c.NextProtos = []string{protocol}
	return dialWith(w.t, w.addr, c)
}

func dialWith(t *testing.T, addr string, c *tls.Config) *client {
	t.Helper()
	nc, err := tls.Dial("tcp", addr, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nc.Close() })
	if err := nc.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return &client{t, nc, bufio.NewReader(nc)}
}
