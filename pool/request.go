package pool

import (
	"sync/atomic"
	"time"
)

// request is one HTTP request on its way through the pool, from the moment it
// asks for a slot. The goroutine of its connection owns it; others reach it
// through the queue or its slot, under the pool's lock, and through its response.
type request struct {
	// For log lines.
	name   string // the request id
	method string
	path   string

	message *message      // what is sent for it; the owner's, also after it was sent
	timeout time.Duration // how long the application may stay silent; 0: no limit
	asked   time.Time     // when it asked for a slot
	wake    chan struct{} // room for one; any change that the owner waits for

	loan *loan

	// pool is where it waits or runs: it changes when the queue is handed over.
	pool atomic.Pointer[Pool]

	// Under the lock of that pool.
	before, after *request  // its neighbours in the queue
	waiting       bool      // it stands in the queue
	slot          *slot     // where it was placed; nil while it waits
	id            uint32    // on the slot's link
	placed        time.Time // when it was given its slot
	started       time.Time
	answered      time.Time // when the application was done with the response; zero: it is not
	behind        bool      // it was placed behind another one
	abandoned     bool      // nobody waits for the response, but the worker may begin it
	unsent        bool      // its message did not leave, and who tried takes it out of its slot; under slot.sending too

	response response
}

// signal wakes the owner; it never waits.
func signal(wake chan<- struct{}) {
	select {
	case wake <- struct{}{}:
	default:
	}
}
