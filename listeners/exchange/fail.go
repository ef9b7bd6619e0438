package exchange

import (
	"net/http"
	"strconv"
)

// Fail answers the request ourselves: a small page, JSON or text as the client
// asks, never with a path, a version or a trace. What the handler put into the
// header about content it now does not send is removed. After the head was
// written there is nothing left to answer, so the connection ends instead, as
// with Abort.
func (x *Exchange) Fail(status int, reason string) {
	if x.HeadWritten() {
		x.Abort(reason)
	}
	x.reason = reason
	if !x.requestBody.complete() {
		x.close = true
	}
	header := x.inner.Header()
	for _, name := range [...]string{
		"Content-Encoding", "Content-Language", "Content-Range", "Content-Disposition", "Accept-Ranges",
		"Etag", "Last-Modified", "Expires", "Trailer", "Transfer-Encoding",
	} {
		delete(header, name)
	}
	kind := preferred(x.request.Header["Accept"])
	page := appendPage(make([]byte, 0, 1024), kind, status, reason, x.id)
	header["Content-Type"] = []string{kind.contentType()}
	header["Content-Length"] = []string{strconv.Itoa(len(page))}
	header["Cache-Control"] = []string{"no-store"}
	x.WriteHeader(status)
	if x.request.Method != http.MethodHead {
		_, _ = x.Write(page) // a client that is gone is seen by the engine
	}
}

// Abort remembers the reason and ends the connection without a clean end of
// the response, so that nobody takes half an answer for a whole one. It does
// not return: it panics with http.ErrAbortHandler.
func (x *Exchange) Abort(reason string) {
	x.reason = reason
	panic(http.ErrAbortHandler)
}
