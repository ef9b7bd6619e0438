package exchange

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/appserve/appserve/listeners/body"
)

// requestBody is the body a handler reads: it ends with an *http.MaxBytesError
// at its limit, asks for progress, and remembers how it failed. It is not part
// of the reused exchange, because a client of an upstream may hold on to it.
type requestBody struct {
	inner   io.ReadCloser
	clock   *pacer        // nil: any pace will do
	engine  *http.Request // where the engine puts trailer fields
	trailer *http.Header  // where the handler looks for them
	limit   int64         // 0: none
	read    int64
	err     error // the first error; io.EOF at the end
}

func newRequestBody(r *http.Request, w http.ResponseWriter, trailer *http.Header, pace Pace, now func() time.Time) *requestBody {
	return &requestBody{inner: r.Body, clock: newPacer(pace, w, now), engine: r, trailer: trailer}
}

// Read implements io.Reader.
func (b *requestBody) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	b.clock.before(b.read)
	n, err := b.inner.Read(p)
	b.clock.after()
	b.read += int64(n)
	if b.limit > 0 && b.read > b.limit {
		n -= int(b.read - b.limit)
		err = &http.MaxBytesError{Limit: b.limit}
	}
	if err != nil {
		b.err = err
	}
	if err == io.EOF {
		*b.trailer = b.engine.Trailer
	}
	return n, err
}

// complete reports whether all of the body has been read.
func (b *requestBody) complete() bool { return b == nil || b.err == io.EOF }

// Close implements io.Closer.
func (b *requestBody) Close() error {
	if b.err == nil {
		b.err = http.ErrBodyReadAfterClose
	}
	return b.inner.Close()
}

// BufferBody takes the whole request body: into memory, or as a file whose
// offset is 0. When it cannot, it has answered (400, 408, 413 or 503) and ok is
// false. Only here, or at the first read of the request's Body, a client that
// waits for 100 Continue gets it. A second call gives the same body.
func (x *Exchange) BufferBody() (data []byte, file *os.File, size int64, ok bool) {
	if x.requestBody == nil {
		return nil, nil, 0, true
	}
	if x.buffer == nil {
		var limit int64
		if x.route != nil {
			limit = x.route.MaxBodySize
		}
		buffer, err := x.maker.bodies.Read(x.request.Context(), x.requestBody, x.request.ContentLength, limit)
		if err != nil {
			status, reason := bodyFailure(err)
			x.Fail(status, reason)
			return nil, nil, 0, false
		}
		x.buffer = buffer
	}
	return x.buffer.Bytes(), x.buffer.File(), x.buffer.Size(), true
}

// ReleaseBody gives back what BufferBody took. It may be called twice, and is
// called at the end of the exchange.
func (x *Exchange) ReleaseBody() {
	if x.buffer != nil {
		_ = x.buffer.Close() // nobody is left who could use the file
		x.buffer, x.request.Body = nil, http.NoBody
	}
}

// BodyFailure says how the request body failed a handler that read it itself,
// as Fail wants it; ok is false as long as it did not.
func (x *Exchange) BodyFailure() (status int, reason string, ok bool) {
	if x.requestBody == nil || x.requestBody.err == nil || x.requestBody.err == io.EOF {
		return 0, "", false
	}
	status, reason = bodyFailure(x.requestBody.err)
	return status, reason, true
}

func bodyFailure(err error) (status int, reason string) {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.Is(err, body.ErrTooLarge), errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge, ReasonBodyTooLarge
	case errors.Is(err, body.ErrSpoolFull):
		return http.StatusServiceUnavailable, ReasonSpoolFull
	case errors.Is(err, os.ErrDeadlineExceeded):
		return http.StatusRequestTimeout, ReasonBodyTimeout
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, context.Canceled):
		return http.StatusBadRequest, ReasonClientGone
	default:
		return http.StatusBadRequest, ReasonBadRequest
	}
}
