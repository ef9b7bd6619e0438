package listeners

import (
	"sync/atomic"

	"github.com/appserve/appserve/listeners/exchange"
	"github.com/appserve/appserve/listeners/h1"
)

// engine serves connections of HTTP/1.1 that came under the same rows. They
// may live longer than the rows are configured.
type engine struct {
	rows  rows
	http  *h1.Engine
	stale atomic.Bool // its connections leave after their next response
}

// rows are those of a listener that hold for a whole connection of HTTP/1.1.
type rows struct {
	http h1.Rows
	pace exchange.Pace
}

func newEngine(r rows) *engine { return &engine{rows: r, http: h1.New(r.http)} }

func (l *Listener) rows() rows {
	return rows{
		http: h1.Rows{
			HeaderTimeout: l.HeaderTimeout, KeepaliveTimeout: l.KeepaliveTimeout, SendTimeout: l.SendTimeout,
			MaxHeaderSize: l.MaxHeaderSize, MaxHeaderCount: l.MaxHeaderCount,
		},
		pace: l.pace(),
	}
}

// pace is how fast request bodies have to come.
func (l *Listener) pace() exchange.Pace {
	return exchange.Pace{Timeout: l.BodyTimeout, MinRate: l.MinRate}
}
