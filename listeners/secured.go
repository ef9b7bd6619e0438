package listeners

import (
	"crypto/tls"
	"net"
	"time"

	"github.com/appserve/appserve/listeners/certificates"
)

// secured is a connection with TLS. What is read and written is plain text;
// how long a write may take is the business of the wire below.
type secured struct {
	*tls.Conn
	wire  *wire
	terms *terms // that it came in under
}

// secure puts TLS on an accepted connection. The handshake is still to come.
func secure(by *certificates.Terminator, nc net.Conn, t *terms) *secured {
	w := &wire{Conn: nc, sending: progress{patience: patienceFor(t.http2.sendTimeout)}}
	return &secured{Conn: by.Server(w), wire: w, terms: t}
}

// SetDeadline implements net.Conn for the reading half.
func (s *secured) SetDeadline(t time.Time) error { return s.Conn.SetReadDeadline(t) }

// SetWriteDeadline implements net.Conn: a deadline here would end all of TLS,
// not one write.
func (s *secured) SetWriteDeadline(time.Time) error { return nil }

// SetLinger makes the end of the connection a reset, without the goodbye of
// TLS that would make half an answer look whole.
func (s *secured) SetLinger(seconds int) error {
	t, ok := s.wire.Conn.(interface{ SetLinger(int) error })
	if !ok {
		return nil
	}
	err := t.SetLinger(seconds)
	_ = s.wire.Conn.Close() // what TLS still wants to say fails
	return err
}
