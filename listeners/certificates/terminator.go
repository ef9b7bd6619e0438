package certificates

import (
	"crypto/tls"
	"errors"
	"net"
	"sync/atomic"
)

// Terminator ends TLS for one socket. It outlives generations, and with it the
// keys of session tickets: a reload does not make every client shake hands
// anew. crypto/tls rotates the keys daily and takes old ones for a week.
type Terminator struct {
	current atomic.Pointer[Set]
	base    *tls.Config
}

var errNoTLS = errors.New("the listener has no TLS")

// NewTerminator makes a Terminator that has no Set yet.
func NewTerminator() *Terminator {
	t := &Terminator{}
	t.base = &tls.Config{MinVersion: tls.VersionTLS12, GetConfigForClient: t.forClient}
	return t
}

// Use makes further handshakes those of a Set. Connections that exist are not
// touched.
func (t *Terminator) Use(s *Set) { t.current.Store(s) }

// Current is the Set in use; nil when there is none.
func (t *Terminator) Current() *Set { return t.current.Load() }

// Server puts TLS on an accepted connection; the handshake is still to come.
func (t *Terminator) Server(nc net.Conn) *tls.Conn { return tls.Server(nc, t.base) }

func (t *Terminator) forClient(hello *tls.ClientHelloInfo) (*tls.Config, error) {
	s := t.current.Load()
	if s == nil {
		return nil, errNoTLS
	}
	return s.forClient(hello), nil
}
