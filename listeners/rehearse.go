package listeners

import (
	"net/http"

	"github.com/appserve/appserve/listeners/exchange"
)

// Rehearse takes a request the way of one that came in on a listener, with the
// code that serves, but without a socket: site, gate, location and its handler.
// The answer goes to w. seen is called with the exchange once it is answered,
// and must not keep it.
func (r *Routes) Rehearse(listener string, peer *exchange.Peer, w http.ResponseWriter, request *http.Request, seen func(*exchange.Exchange)) {
	s := NewServer(Options{})
	d := newDoor(s, nil)
	d.label.Store(&listener)
	x := s.maker.Begin(w, request, peer)
	s.dispatch(&live{routes: r}, d, x, request)
	x.End()
	seen(x)
	x.Finish(0, 0)
}
