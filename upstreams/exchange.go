package upstreams

import (
	"net/http"
	"os"
	"time"
)

// Exchange is what the handler asks of the listening side. The ResponseWriter
// of a request is one, or unwraps to one.
type Exchange interface {
	RequestID() string
	Scheme() string                                                // "http" or "https"
	Mount() (scriptName, pathInfo string)                          // decoded
	UpstreamTarget() string                                        // the request target to send, with its query
	ForwardedPrefix() string                                       // the value of X-Forwarded-Prefix; "" for none
	ServerName() string                                            // of the listening side
	ServerPort() string                                            // of the listening side
	RemoteAddr() (host, port string)                               // of the client; empty on a unix socket
	RemoteUser() string                                            // whose password was checked; empty: nobody's
	AcceptsTrailers() bool                                         // the client takes trailer fields
	HeadWritten() bool                                             // whether the final head has left
	Fail(status int, reason string)                                // answers; only before the head
	Abort(reason string)                                           // cuts the connection; does not return
	SetReason(reason string)                                       // $reason
	SetAttempts(n int)                                             // $attempts
	ReleaseBody()                                                  // the request body is no longer needed
	BufferBody() (data []byte, file *os.File, size int64, ok bool) // the whole body; false: it has answered

	// ObserveUpstream records one attempt: the group's name, the server's
	// address, the status (0: none came) and how long it took.
	ObserveUpstream(name, addr string, status int, d time.Duration)
}

// find returns the outermost writer that is a T, following Unwrap.
func find[T any](w http.ResponseWriter) (T, bool) {
	for {
		if t, ok := w.(T); ok {
			return t, true
		}
		u, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			var none T
			return none, false
		}
		w = u.Unwrap()
	}
}
