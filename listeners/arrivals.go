package listeners

import (
	"time"

	"github.com/appserve/appserve/listeners/exchange"
	"github.com/appserve/appserve/listeners/identity"
	"github.com/appserve/appserve/listeners/networks"
)

// arrivals are the rows of a listener that concern who comes in through it.
// They change with a swap and touch no connection that is open.
type arrivals struct {
	trust       *identity.Trust // nil: nobody
	introduced  *networks.Set   // peers that have to send a PROXY head; nil: none
	patience    time.Duration   // with a PROXY head; 0: no limit
	connections int             // at once; 0: no limit
	pace        exchange.Pace   // of request bodies
}

// arrivals gives the rows of a listener, one of several.
func (l *Listener) arrivals(listeners int) *arrivals {
	a := &arrivals{trust: l.Trust, patience: l.HeaderTimeout, connections: l.MaxConnections, pace: l.pace()}
	if !l.ProxyProtocol.Empty() {
		a.introduced = l.ProxyProtocol
	}
	if a.connections == 0 {
		a.connections = shareOfDescriptors(listeners)
	}
	return a
}

// follow makes the rows those of the door. The listener's quota is that of its
// name, so that several addresses share one and a reload goes on counting.
func (d *door) follow(a *arrivals, q *quota) {
	q.set(a.connections)
	d.arrivals.Store(a)
	d.trust.Store(a.trust)
	if before := d.quota.Swap(q); before != nil && before != q {
		before.set(0) // nobody has to wait for room in it any more
	}
}
