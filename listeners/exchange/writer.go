package exchange

import (
	"bufio"
	"io"
	"net"
	"net/http"
)

// Header is the header of the response.
func (x *Exchange) Header() http.Header { return x.inner.Header() }

// HeadWritten reports whether the response's status is decided; only before that Fail can answer.
func (x *Exchange) HeadWritten() bool { return x.status != 0 || x.hijacked }

// Status is the status of the response, 0 before it is decided.
func (x *Exchange) Status() int { return x.status }

// WriteHeader sends the head of the response, or an interim one (1xx) before
// it. For a status whose page takes the place of the handler's answer, the page
// is sent instead, and what the handler writes then is swallowed.
func (x *Exchange) WriteHeader(status int) {
	if x.HeadWritten() {
		return
	}
	if status < 200 && status != http.StatusSwitchingProtocols {
		if x.request.ProtoAtLeast(1, 1) {
			x.inner.WriteHeader(status)
		}
		return
	}
	if x.intercept(status) {
		return
	}
	x.writeHead(status)
}

// writeHead sends a final head as it is, but for what the route's rules change.
func (x *Exchange) writeHead(status int) {
	x.status = status
	x.editHead()
	header := x.inner.Header()
	if _, ok := header["Content-Type"]; !ok {
		header["Content-Type"] = nil // net/http must not guess one
	}
	if (x.close && !x.peer.Multiplexed || x.peer.Leaving != nil && x.peer.Leaving()) && status != http.StatusSwitchingProtocols {
		header["Connection"] = x.text[:1:1]
	}
	x.inner.WriteHeader(status)
}

// Write sends a piece of the response's content.
func (x *Exchange) Write(p []byte) (int, error) {
	if x.status == 0 {
		x.WriteHeader(http.StatusOK)
	}
	if x.swallow {
		return len(p), nil
	}
	n, err := x.inner.Write(p)
	x.count(int64(n), err)
	return n, err
}

// WriteString sends a piece of the response's content.
func (x *Exchange) WriteString(s string) (int, error) {
	if x.status == 0 {
		x.WriteHeader(http.StatusOK)
	}
	if x.swallow {
		return len(s), nil
	}
	n, err := io.WriteString(x.inner, s)
	x.count(int64(n), err)
	return n, err
}

// ReadFrom sends all of src; a file goes out by sendfile.
func (x *Exchange) ReadFrom(src io.Reader) (int64, error) {
	if x.status == 0 {
		x.WriteHeader(http.StatusOK)
	}
	if x.swallow {
		return io.Copy(io.Discard, src)
	}
	var n int64
	var err error
	if to, ok := x.inner.(io.ReaderFrom); ok {
		n, err = to.ReadFrom(src)
	} else {
		n, err = io.Copy(struct{ io.Writer }{x.inner}, src)
	}
	x.count(n, err)
	return n, err
}

func (x *Exchange) count(n int64, err error) {
	if x.request.Method != http.MethodHead {
		x.body += n
	}
	if err != nil && x.reason == "" && x.request.Context().Err() != nil {
		x.reason = ReasonClientGone
	}
}

// Flush sends what is buffered; an undecided status becomes 200.
func (x *Exchange) Flush() { _ = x.FlushError() }

// FlushError is Flush with its error, for http.ResponseController.
func (x *Exchange) FlushError() error {
	if x.status == 0 {
		x.WriteHeader(http.StatusOK)
	}
	return http.NewResponseController(x.inner).Flush()
}

// Hijack hands the connection over to the handler. The listeners still count
// its bytes, and end it when the time of a stop is over.
func (x *Exchange) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(x.inner).Hijack()
	if err == nil {
		x.hijacked = true
		if x.status == 0 {
			x.status = http.StatusSwitchingProtocols
		}
	}
	return conn, buffered, err
}

// Unwrap is the engine's writer, for http.ResponseController: deadlines, full duplex.
func (x *Exchange) Unwrap() http.ResponseWriter { return x.inner }
