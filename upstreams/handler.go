package upstreams

import (
	"net/http"
	"time"
)

// handler is a location's way to a group.
type handler struct {
	group       *Group
	readTimeout time.Duration // 0: no limit
}

// ServeHTTP forwards the request. It panics with http.ErrAbortHandler, through
// Abort, when the response was cut, and when w leads to no Exchange.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x, ok := find[Exchange](w)
	if !ok {
		panic("upstreams: the ResponseWriter leads to no Exchange")
	}
	f := h.group.newForward(w, r, x, h.readTimeout)
	failed := f.run()
	f.free()
	if failed != nil {
		conclude(x, failed)
	}
}

// conclude answers what can still be answered.
func conclude(x Exchange, failed *failure) {
	switch {
	case failed.status == 0 || x.HeadWritten():
		x.Abort(failed.reason)
	default:
		x.Fail(failed.status, failed.reason)
	}
}
