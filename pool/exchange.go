package pool

import (
	"net/http"
	"os"
	"time"
)

// exchange is what the pool uses of the listener's side of a request. The
// http.ResponseWriter of a location is one, or wraps one.
type exchange interface {
	http.ResponseWriter
	RequestID() string
	Scheme() string
	Mount() (scriptName, pathInfo string)
	ServerName() string
	ServerPort() string
	RemoteAddr() (host, port string)
	RemoteUser() string // whose password was checked; empty: nobody's
	BufferBody() (data []byte, file *os.File, size int64, ok bool)
	ReleaseBody()
	Fail(status int, reason string)
	Abort(reason string)
	HeadWritten() bool
	ObserveQueue(time.Duration)
	ObserveApp(time.Duration)
	ObserveWorker(pool, worker string)
}

// exchangeOf finds the exchange behind a ResponseWriter. A location without
// one is a bug of whoever built it.
func exchangeOf(w http.ResponseWriter) exchange {
	for {
		if x, ok := w.(exchange); ok {
			return x
		}
		wrapper, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			panic("pool: the ResponseWriter is no exchange")
		}
		w = wrapper.Unwrap()
	}
}
