package listeners

import (
	"net/http"
	"runtime/debug"

	"github.com/appserve/appserve/listeners/exchange"
)

// serveStream takes one request of HTTP/2 to its location. The generation is
// chosen here, once.
func (s *Server) serveStream(w http.ResponseWriter, r *http.Request) {
	c := r.Context().Value(http2ConnKey{}).(*http2Conn)
	st := newStream(c.engine, w, r)
	l := s.acquire()
	x := s.maker.Begin(st, r, &c.peer)
	defer s.streamed(st, x, l.routes)
	if most := c.engine.settings.maxHeaderCount; most > 0 && fieldCount(r.Header) > most {
		x.LogTo(l.routes.unmatched, nil)
		x.Fail(http.StatusRequestHeaderFieldsTooLarge, exchange.ReasonHeaderTooLarge)
	} else {
		s.dispatch(l, c.door, x, r)
	}
	x.End()
}

func fieldCount(header http.Header) (n int) {
	for _, values := range header {
		n += len(values)
	}
	return n
}

// streamed is deferred around a request of HTTP/2. A handler that ended the
// stream on purpose (http.ErrAbortHandler) is passed on, and the stream is
// reset; any other panic is a bug of ours: 500 while that is possible, and the
// stack once. Nothing of it touches other streams.
func (s *Server) streamed(st *stream, x *exchange.Exchange, routes *Routes) {
	p := recover()
	if p == http.ErrAbortHandler && x.Intercepted() {
		x.End()
		p = nil
	}
	if p != nil && p != http.ErrAbortHandler {
		s.logger.Error("handler panicked", "request", x.RequestID(), "path", x.Path(), "panic", p, "stack", string(debug.Stack()))
		if x.HeadWritten() {
			x.SetReason(exchange.ReasonInternalError)
			p = http.ErrAbortHandler
		} else {
			x.Fail(http.StatusInternalServerError, exchange.ReasonInternalError)
			x.End()
			p = nil
		}
	}
	st.end()
	x.Finish(st.sent, st.received)
	routes.release()
	if p != nil {
		panic(p)
	}
}
