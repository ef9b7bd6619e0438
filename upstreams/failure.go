package upstreams

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"

	"github.com/appserve/appserve/upstreams/conn"
	"github.com/appserve/appserve/upstreams/http1"
	"github.com/appserve/appserve/upstreams/uwsgi"
)

// Values of $reason (language.md section 9).
const (
	reasonRefused  = "upstream_refused"
	reasonReset    = "upstream_reset"
	reasonTimeout  = "upstream_timeout"
	reasonBusy     = "upstream_busy"
	reasonBad      = "bad_response"
	reasonGone     = "client_gone"
	reasonTooLarge = "body_too_large"
	reasonBody     = "body_timeout"
	reasonRequest  = "bad_request"
	reasonHeader   = "header_too_large"
)

// failure is why a request could not be served.
type failure struct {
	reason string
	status int // to answer, if nothing was answered yet
	err    error

	server *server // that was asked; nil: none was
	blame  bool    // the server is at fault: counted and logged
	unsent bool    // nothing was sent: another server may have the request
	stale  bool    // a kept connection had died: the same server may have it again
}

// clientError is a failure to read from or write to the client.
type clientError struct {
	reading bool
	err     error
}

func (e *clientError) Error() string {
	if e.reading {
		return "reading from the client: " + e.err.Error()
	}
	return "writing to the client: " + e.err.Error()
}

func (e *clientError) Unwrap() error { return e.err }

// classify says what an error on an established connection means.
func classify(err error) *failure {
	var client *clientError
	var timeout *conn.TimeoutError
	var bad *http1.BadResponse
	switch {
	case errors.Is(err, conn.ErrAbandoned):
		return &failure{reason: reasonGone, err: err}
	case errors.As(err, &client):
		return client.classify()
	case errors.As(err, &timeout):
		return &failure{reason: reasonTimeout, status: http.StatusGatewayTimeout, err: err, blame: true}
	case errors.As(err, &bad):
		return &failure{reason: reasonBad, status: http.StatusBadGateway, err: err, blame: true}
	}
	return &failure{reason: reasonReset, status: http.StatusBadGateway, err: err, blame: true}
}

// classify tells a client that went away from one that sends what it must not.
func (e *clientError) classify() *failure {
	var large *http.MaxBytesError
	switch {
	case errors.As(e.err, &large):
		return &failure{reason: reasonTooLarge, status: http.StatusRequestEntityTooLarge, err: e}
	case !e.reading || isGone(e.err):
		return &failure{reason: reasonGone, err: e}
	case errors.Is(e.err, os.ErrDeadlineExceeded):
		return &failure{reason: reasonBody, status: http.StatusRequestTimeout, err: e}
	}
	return &failure{reason: reasonRequest, status: http.StatusBadRequest, err: e}
}

func isGone(err error) bool {
	for _, gone := range [...]error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, syscall.ECONNRESET, syscall.EPIPE} {
		if errors.Is(err, gone) {
			return true
		}
	}
	return false
}

// connectFailure says what a failed connect means.
func connectFailure(err error) *failure {
	f := &failure{reason: reasonRefused, status: http.StatusBadGateway, err: err, blame: true, unsent: true}
	if isConnectTimeout(err) {
		f.reason, f.status = reasonTimeout, http.StatusGatewayTimeout
	}
	return f
}

// headFailure says why a request head could not be written.
func headFailure(err error) *failure {
	if errors.Is(err, uwsgi.ErrTooLarge) {
		return &failure{reason: reasonHeader, status: http.StatusRequestHeaderFieldsTooLarge, err: err}
	}
	return &failure{reason: reasonRequest, status: http.StatusBadRequest, err: err}
}
