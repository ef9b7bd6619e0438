package exchange

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/appserve/appserve/listeners/body"
	"github.com/appserve/appserve/listeners/variable"
)

// Maker makes exchanges and takes them back. It is safe for concurrent use.
type Maker struct {
	bodies *body.Store
	now    func() time.Time
	clock  variable.Clock
	free   sync.Pool
}

// NewMaker makes a Maker. bodies keeps request bodies; now is the clock.
func NewMaker(bodies *body.Store, now func() time.Time) *Maker {
	return &Maker{bodies: bodies, now: now}
}

func (m *Maker) get() *Exchange {
	x, ok := m.free.Get().(*Exchange)
	if !ok {
		x = &Exchange{}
	}
	x.maker, x.id, x.start = m, requestID(), m.now()
	x.queue, x.app, x.upstream.duration = -1, -1, -1
	x.text[0] = "close"
	return x
}

// put forgets everything, so that nothing of one request reaches another.
func (m *Maker) put(x *Exchange) {
	*x = Exchange{}
	m.free.Put(x)
}

// requestID is 64 random bits in hexadecimal: enough to find one request in a log.
func requestID() string {
	const hex = "0123456789abcdef"
	var id [16]byte
	n := rand.Uint64()
	for i := range id {
		id[i] = hex[n&15]
		n >>= 4
	}
	return string(id[:])
}
