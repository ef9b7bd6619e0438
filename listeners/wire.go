package listeners

import (
	"net"
	"time"
)

// lastWord is how long the end of TLS may take: less than a packet that a
// client with room for it takes at once, and one without never would.
const lastWord = 250 * time.Millisecond

// endless is the patience of a listener without a send_timeout.
const endless = 365 * 24 * time.Hour

func patienceFor(sendTimeout time.Duration) time.Duration {
	if sendTimeout == 0 {
		return endless
	}
	return sendTimeout
}

// wire is the connection under TLS. It goes on with a write as long as the
// client takes something of it, because TLS could not resume one that a
// deadline has ended.
type wire struct {
	net.Conn
	sending progress // only the writer's
	ending  bool     // TLS says goodbye under a deadline of its own; only the writer's
}

// NetConn is the connection itself.
func (w *wire) NetConn() net.Conn { return w.Conn }

// Write implements net.Conn.
func (w *wire) Write(p []byte) (n int, err error) {
	if w.ending {
		return w.Conn.Write(p)
	}
	var seen look
	for {
		w.sending.extend(w.Conn)
		m, err := w.Conn.Write(p[n:])
		n += m
		if err == nil || seen.stalled(w.Conn, int64(m), err) {
			return n, err
		}
	}
}

// SetWriteDeadline implements net.Conn. Only TLS calls it, around its end.
func (w *wire) SetWriteDeadline(t time.Time) error {
	w.ending = true
	if latest := time.Now().Add(lastWord); t.After(latest) {
		t = latest
	}
	return w.Conn.SetWriteDeadline(t)
}
