package listeners

import (
	"net/http"
	"runtime/debug"

	"github.com/appserve/appserve/listeners/exchange"
	"github.com/appserve/appserve/listeners/h1"
)

// serveStream takes one request of HTTP/2 to its location. The generation is
// chosen here, once.
func (s *Server) serveStream(w http.ResponseWriter, r *http.Request) {
	c := r.Context().Value(http2ConnKey{}).(*http2Conn)
	st := newStream(c.engine, w, r)
	l := s.acquire()
	x := s.maker.Begin(st, r, &c.peer)
	defer s.streamed(st, x, l.routes)
	if detail := c.engine.settings.headTooLarge(st.head, st.fields); detail != "" {
		x.LogTo(l.routes.unmatched, nil)
		s.logRefusal(&c.peer, c.door, x.RequestID(), h1.Refusal{
			Status: http.StatusRequestHeaderFieldsTooLarge, Detail: detail, Size: st.head, Fields: st.fields,
		})
		x.Fail(http.StatusRequestHeaderFieldsTooLarge, exchange.ReasonHeaderTooLarge)
	} else {
		s.dispatch(l, c.door, x, r)
	}
	x.End()
}

// headTooLarge says which limit a head is over; "" when it is over none. Its
// size is what it would have in HTTP/1.1.
func (s *http2Settings) headTooLarge(size int64, fields int) string {
	switch {
	case size > s.maxHeaderSize:
		return "head over max_header_size"
	case s.maxHeaderCount > 0 && fields > s.maxHeaderCount:
		return "more field lines than max_header_count"
	}
	return ""
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
