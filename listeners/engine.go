package listeners

import (
	"sync/atomic"

	"github.com/appserve/appserve/listeners/h1"
)

// engine serves connections of HTTP/1.1 that came under the same rows. They
// may live longer than the rows are configured.
type engine struct {
	rows  h1.Rows
	http  *h1.Engine
	stale atomic.Bool // its connections leave after their next response
}

func newEngine(rows h1.Rows) *engine {
	return &engine{rows: rows, http: h1.New(rows)}
}

// rows are those of a listener that hold for a whole connection of HTTP/1.1.
func (l *Listener) rows() h1.Rows {
	return h1.Rows{
		HeaderTimeout: l.HeaderTimeout, KeepaliveTimeout: l.KeepaliveTimeout, SendTimeout: l.SendTimeout,
		MaxHeaderSize: l.MaxHeaderSize, MaxHeaderCount: l.MaxHeaderCount,
	}
}
