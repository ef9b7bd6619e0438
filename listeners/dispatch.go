package listeners

import (
	"net/http"
	"runtime/debug"

	"github.com/appserve/appserve/listeners/canonical"
	"github.com/appserve/appserve/listeners/exchange"
	"github.com/appserve/appserve/listeners/h1"
	"github.com/appserve/appserve/listeners/hygiene"
)

// handle takes one request from the engine to its location. The generation is
// chosen here, once.
func (s *Server) handle(c *conn, w http.ResponseWriter, r *http.Request) {
	l := s.acquire()
	x := s.maker.Begin(w, r, &c.peer)
	c.begin(x, l.routes)
	defer s.handled(x)
	returned := false
	defer func() {
		if !returned {
			x.Attach() // it panics, and nobody else may answer any more
		}
	}()
	s.dispatch(l, c.door, x, r)
	returned = true
	if !x.Detached() {
		x.End()
	}
}

// resume does what is left of a request whose handler has returned before.
func (s *Server) resume(x *exchange.Exchange, left h1.Task) {
	defer s.handled(x)
	left.Resume()
	x.End()
}

func (s *Server) dispatch(l *live, d *door, x *exchange.Exchange, r *http.Request) {
	x.LogTo(l.routes.unmatched, nil)
	check := hygiene.Check
	if x.Multiplexed() {
		check = hygiene.CheckStream
	}
	q, refusal := check(r)
	if refusal.Status != 0 {
		s.refuse(d, x, refusal)
		return
	}
	if q.Target == "*" {
		answerServerWide(x)
		return
	}
	path, err := canonical.Path(q.Target)
	if err != nil {
		s.refuse(d, x, hygiene.Refusal{Status: http.StatusBadRequest, Reason: exchange.ReasonBadRequest, Detail: err.Error()})
		return
	}
	x.Understand(q, path)
	if d.misdirected(x, q.Host) {
		return
	}
	found := l.site(d, q.Host)
	if found == nil {
		x.Fail(http.StatusNotFound, exchange.ReasonNoSite)
		return
	}
	if found.gate != nil {
		x.LogTo(found.route.Log, found.route)
		if s.stopAtGate(found, x) {
			return
		}
	}
	target, ok := found.paths.Find(path)
	if !ok {
		x.LogTo(found.route.Log, found.route)
		x.Fail(http.StatusNotFound, exchange.ReasonNoLocation)
		return
	}
	if x.Locate(&target.Value.route, target.Matched, target.Groups) {
		target.Value.handler.ServeHTTP(x, x.Request())
	}
}

// site finds the site of a request. On a socket that is gone the listener of
// the same name speaks for it, if there is one.
func (l *live) site(d *door, host string) *site {
	table, ok := l.tables[d]
	if !ok {
		table = l.routes.hosts[d.name()]
	}
	if table == nil {
		return nil
	}
	found, _ := table.Find(host)
	return found
}

// refuse answers what is not worth a connection.
func (s *Server) refuse(d *door, x *exchange.Exchange, refusal hygiene.Refusal) {
	if s.logger.IsDebug() {
		remote, _ := x.RemoteAddr()
		s.logger.Debug("request refused", "listener", d.name(), "remote", remote,
			"status", refusal.Status, "reason", refusal.Detail, "request", x.RequestID())
	}
	if refusal.Status == http.StatusMethodNotAllowed {
		x.Header().Set("Allow", hygiene.AllowedMethods)
	}
	x.CloseAfter()
	x.Fail(refusal.Status, refusal.Reason)
}

// answerServerWide answers OPTIONS * (RFC 9110, section 9.3.7).
func answerServerWide(x *exchange.Exchange) {
	x.Header().Set("Allow", hygiene.AllowedMethods)
	x.Header().Set("Content-Length", "0")
	x.WriteHeader(http.StatusOK)
}

// handled is deferred around a request. A handler that ended the connection
// on purpose (http.ErrAbortHandler) is passed on, unless its answer was
// intercepted and the client has all it gets; any other panic is a bug of
// ours: 500 while that is possible, the stack once, and the connection ends.
func (s *Server) handled(x *exchange.Exchange) {
	p := recover()
	switch p {
	case nil:
		return
	case http.ErrAbortHandler:
		if x.Intercepted() {
			x.End()
			return
		}
		panic(p)
	}
	s.logger.Error("handler panicked", "request", x.RequestID(), "path", x.Path(), "panic", p, "stack", string(debug.Stack()))
	if x.HeadWritten() {
		x.SetReason(exchange.ReasonInternalError)
		panic(http.ErrAbortHandler)
	}
	x.CloseAfter()
	x.Fail(http.StatusInternalServerError, exchange.ReasonInternalError)
	x.End()
}
