package listeners

import (
	"net"
	"net/http"
	"time"

	"github.com/appserve/appserve/listeners/exchange"
	"github.com/appserve/appserve/listeners/h1"
)

const (
	// lastCall is what a new connection has left to say what it wants when its
	// listener goes.
	lastCall = time.Second
	// A client that was refused has this much time, and may send this much, so
	// that it sees the answer and not a reset (RFC 9112, section 9.6).
	lingerTime  = time.Second
	lingerBytes = 256 << 10
)

// conn is an accepted connection that speaks HTTP/1.1, on its way through the
// engine. It gives the engine's refusals our form, and knows the request that
// runs.
type conn struct {
	server *Server
	door   *door
	engine *engine
	terms  *terms // that it came in under
	http   *h1.Conn
	peer   exchange.Peer

	running running // only the engine's goroutine's
}

// running is the request that a connection is busy with.
type running struct {
	exchange *exchange.Exchange
	routes   *Routes
}

func newConn(s *Server, d *door, e *engine, nc net.Conn) *conn {
	c := &conn{server: s, door: d, engine: e, terms: d.termsOf(nc), peer: newPeer(d, nc)}
	c.peer.Leaving = c.leaving
	c.http = e.http.NewConn(nc, c)
	return c
}

// serve is the goroutine of a connection. It ends when that is closed.
func (c *conn) serve() { c.http.Serve() }

// retire implements connection: leave at once when idle, after the request
// otherwise.
func (c *conn) retire() { c.http.Retire() }

// cut implements connection: it closes the connection whatever it is doing.
func (c *conn) cut() { c.http.Cut() }

// leaving reports whether a response has to be the last one: the listener is
// gone, its rows changed, or the server stops.
func (c *conn) leaving() bool {
	return c.door.gone.Load() || c.engine.stale.Load() || c.door.outdated(c.terms) || c.server.stopping.Load() || c.http.Retired()
}

// Serve implements h1.Owner.
func (c *conn) Serve(w http.ResponseWriter, r *http.Request) { c.server.handle(c, w, r) }

// Resume implements h1.Owner.
func (c *conn) Resume(left h1.Task) { c.server.resume(c.running.exchange, left) }

// Refuse implements h1.Owner: it answers a request that no handler will see.
func (c *conn) Refuse(r h1.Refusal) []byte {
	s := c.server
	reason := ReasonFor(r.Status)
	x := s.maker.Refused(&c.peer, r.Status, reason)
	routes := s.acquire().routes
	x.LogTo(routes.unmatched, nil)
	c.begin(x, routes)
	s.logRefusal(&c.peer, c.door, x.RequestID(), r)
	return exchange.AppendRawAnswer(nil, r.Status, reason, x.RequestID(), time.Now())
}

// logRefusal says why a request was answered without a handler.
func (s *Server) logRefusal(peer *exchange.Peer, d *door, request string, r h1.Refusal) {
	log := s.logger.Debug
	if ReasonFor(r.Status) == exchange.ReasonHeaderTooLarge {
		log = s.logger.Info // an operator has to know the sizes to change a limit
	}
	log("request refused", "listener", d.name(), "remote", peer.RemoteHost, "status", r.Status, "reason", r.Detail,
		"request", request, "head_size", r.Size, "header_count", r.Fields)
}

// ReasonFor is the $reason of a request that the engine refused with a status.
func ReasonFor(status int) string {
	switch status {
	case http.StatusRequestTimeout:
		return exchange.ReasonHeaderTimeout
	case http.StatusRequestHeaderFieldsTooLarge, http.StatusRequestURITooLong:
		return exchange.ReasonHeaderTooLarge
	default:
		return exchange.ReasonBadRequest
	}
}

// begin and Finish frame a request.
func (c *conn) begin(x *exchange.Exchange, routes *Routes) {
	c.running = running{exchange: x, routes: routes}
}

// Finish implements h1.Owner.
func (c *conn) Finish(sent, received int64) {
	if c.running.exchange == nil {
		return
	}
	c.running.exchange.Finish(sent, received)
	c.running.routes.release()
	c.running = running{}
}

// Panicked implements h1.Owner. Handlers' panics do not come this far.
func (c *conn) Panicked(value any, stack []byte) {
	c.server.logger.Error("serving a request panicked", "listener", c.door.name(), "panic", value, "stack", string(stack))
}

// Closed implements h1.Owner.
func (c *conn) Closed() { c.server.conns.remove(c) }
