// Package exchange owns one request and its response while a location's
// handler works on them: the http.ResponseWriter the handler gets, what the
// location means for the request (mount, target, limits), the request body,
// the error answers that are ours, and what the access log will say. It
// refuses to route and to touch connections.
package exchange

import (
	"net/http"
	"sync/atomic"
	"time"

	"github.com/appserve/appserve/listeners/accesslog"
	"github.com/appserve/appserve/listeners/body"
	"github.com/appserve/appserve/listeners/headers"
	"github.com/appserve/appserve/listeners/hygiene"
	"github.com/appserve/appserve/listeners/identity"
	"github.com/appserve/appserve/listeners/routing"
)

// Peer is what all requests of a connection share.
type Peer struct {
	Scheme     string // "http" or "https"
	RemoteHost string // the client's IP address; empty on a unix socket
	RemotePort string
	ServerHost string // the address the client connected to, as it stands in a URL; empty on a unix socket
	ServerPort string // the port the client connected to; "80" on a unix socket
	// Leaving reports whether the connection has to end; it is asked when a
	// head is written. Nil: it has not.
	Leaving func() bool
	// Pace is how fast request bodies have to come.
	Pace Pace
	// Trust says what the peer may claim about its clients; it is looked up
	// for each request. Nil, or a nil value: nothing.
	Trust *atomic.Pointer[identity.Trust]
	// TLS is what the handshake found out; nil: there was none.
	TLS *TLS
	// Multiplexed says that requests share the connection (HTTP/2): none of
	// them ends it.
	Multiplexed bool
}

// Exchange is a request, its response, and what is known about both. It is the
// http.ResponseWriter of the location's handler, and like one it must not be
// used after the handler has returned, because it is reused. It belongs to the
// handler's goroutine, or, once it is detached, to whoever resumes the request.
type Exchange struct {
	maker   *Maker
	inner   http.ResponseWriter
	engine  detachable   // nil: the handler has not detached the request
	request http.Request // ours to change; the engine keeps its own
	peer    *Peer
	client  client
	route   *Route
	special *headers.Edits // of this response alone; nil: none
	log     *accesslog.Log

	id      string
	host    string // as routing compares it
	target  string // origin-form
	path    string // canonical
	matched int    // length of the location's path in path
	groups  *routing.Groups
	origin  []string // that may read the response (CORS)

	start, end time.Time
	status     int
	answering  int   // the status of an error answer while its content is made
	body       int64 // bytes of the response's content
	sent       int64 // bytes on the wire, known at the end
	received   int64
	close      bool // this response ends the connection
	hijacked   bool
	trailers   bool
	// The peer says that its client came by https, trusted or not.
	claimsHTTPS bool
	swallow     bool // the answer is complete; what else the handler writes goes nowhere
	reason      string

	requestBody *requestBody
	buffer      *body.Buffer

	queue, app   time.Duration // negative: not observed
	pool, worker string
	upstream     upstreamReport
	attempts     int

	values [6]string // of the header fields we set
	text   [1]string // of Connection: close
}

// Begin starts an exchange on a request as the engine parsed it.
func (m *Maker) Begin(w http.ResponseWriter, r *http.Request, peer *Peer) *Exchange {
	x := m.get()
	x.inner, x.peer = w, peer
	x.request = *r
	x.believe()
	if r.Body != http.NoBody && r.Body != nil {
		x.requestBody = newRequestBody(r, w, &x.request.Trailer, peer.Pace, m.now)
		x.request.Body = x.requestBody
	}
	return x
}

// Refused is the exchange of a request that the engine itself answered with a
// status, because it could not be understood. Only its log line is left to write.
func (m *Maker) Refused(peer *Peer, status int, reason string) *Exchange {
	x := m.get()
	x.peer, x.status, x.reason = peer, status, reason
	return x
}

// Request is the request as the location's handler gets it.
func (x *Exchange) Request() *http.Request { return &x.request }

// Understand takes what hygiene found out, the canonical path, and cleans the
// header; from here on the request is fit for an application.
func (x *Exchange) Understand(q hygiene.Request, path string) {
	x.host, x.target, x.path = q.Host, q.Target, path
	x.request.URL.Path, x.request.URL.RawPath = path, ""
	cleaned := hygiene.Clean(x.request.Header)
	x.trailers, x.claimsHTTPS = cleaned.Trailers, cleaned.ClaimsHTTPS
	x.identify()
}

// Locate says which location the request reached, how much of the path it
// takes, and the groups of the expression that found it (nil: none). False:
// the request is too large for it, and has been answered.
func (x *Exchange) Locate(route *Route, matched int, groups *routing.Groups) bool {
	x.matched, x.groups, x.log = matched, groups, route.Log
	x.enter(route)
	if route.MaxBodySize > 0 && x.requestBody != nil {
		if x.request.ContentLength > route.MaxBodySize {
			x.Fail(http.StatusRequestEntityTooLarge, ReasonBodyTooLarge)
			return false
		}
		x.requestBody.limit = route.MaxBodySize
	}
	return true
}

// LogTo chooses the access log of a request that reached no location, and what
// its site says if it got that far.
func (x *Exchange) LogTo(log *accesslog.Log, route *Route) {
	x.log = log
	x.enter(route)
}

// End is due when the handler has returned: it sends a head that nobody wrote.
// What is left of the request's body is the engine's business.
func (x *Exchange) End() {
	defer x.ReleaseBody()
	if !x.hijacked && x.status == 0 {
		x.WriteHeader(http.StatusOK)
	}
}

// Finish writes the access log and ends the life of the exchange. The counts
// are the bytes on the wire that belong to it.
func (x *Exchange) Finish(sent, received int64) {
	x.sent, x.received = sent, received
	x.lose()
	if x.hijacked {
		x.body = sent
	}
	x.ReleaseBody()
	x.end = x.maker.now()
	x.log.Write(x)
	x.maker.put(x)
}

// CloseAfter makes this response the last one of its connection.
func (x *Exchange) CloseAfter() { x.close = true }

// From finds the exchange behind a writer that handlers may have wrapped; nil
// when there is none.
func From(w http.ResponseWriter) *Exchange {
	for {
		if x, ok := w.(*Exchange); ok {
			return x
		}
		u, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return nil
		}
		w = u.Unwrap()
	}
}
