package h1

import (
	"testing"
	"time"
)

// The time for the first head passes while the connection idles after its
// first answer: the socket's deadline is looked at again, and the next request
// is read into a buffer of this connection's own.
func TestARequestAfterADeadlineThatWasNone(t *testing.T) {
	rows := testRows
	rows.HeaderTimeout = 50 * time.Millisecond
	c := serve(t, rows, echo)
	for range 3 {
		c.send("GET /again HTTP/1.1\r\nHost: x\r\n\r\n")
		c.want(200, "GET /again x|||")
		time.Sleep(2 * rows.HeaderTimeout) // a client that thinks
	}
}
