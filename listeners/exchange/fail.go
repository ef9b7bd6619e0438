package exchange

import (
	"net/http"
	"strconv"

	"github.com/appserve/appserve/listeners/errorpage"
)

// Fail answers the request ourselves: with the page that the location has for
// the status, else a small one, JSON or text as the client asks, never with a
// path, a version or a trace. What the handler put into the header about
// content it now does not send is removed. After the head was written there is
// nothing left to answer, so the connection ends instead, as with Abort.
func (x *Exchange) Fail(status int, reason string) {
	if x.HeadWritten() {
		x.Abort(reason)
	}
	x.reason = reason
	if !x.requestBody.complete() {
		x.close = true
	}
	x.inner.Header()["Cache-Control"] = []string{"no-store"}
	var page *errorpage.Page
	if x.route != nil {
		page = x.route.ErrorPages.Find(status)
	}
	x.answer(status, page)
}

// answer sends an error answer; page is nil for the built-in one.
func (x *Exchange) answer(status int, page *errorpage.Page) {
	header := x.inner.Header()
	dropContent(header)
	if status != http.StatusRequestedRangeNotSatisfiable { // there it is the answer (RFC 9110, section 15.5.17)
		delete(header, "Content-Range")
	}
	if page != nil {
		status = page.Status(status)
	}
	x.answering = status
	var content []byte
	var contentType string
	if page == nil || page.Builtin() {
		kind := preferred(x.request.Header["Accept"])
		content, contentType = appendPage(make([]byte, 0, 1024), kind, status, x.reason, x.id), kind.contentType()
	} else {
		content, contentType = page.Content(x)
	}
	header["Content-Type"] = []string{contentType}
	header["Content-Length"] = []string{strconv.Itoa(len(content))}
	x.writeHead(status)
	if x.request.Method != http.MethodHead {
		n, err := x.inner.Write(content)
		x.count(int64(n), err) // a client that is gone is seen by the engine
	}
}

// dropContent removes what a header says about content that is not sent.
func dropContent(header http.Header) {
	for _, name := range [...]string{
		"Content-Encoding", "Content-Language", "Content-Disposition", "Content-Location", "Content-Md5",
		"Content-Digest", "Repr-Digest", "Digest", "Accept-Ranges", "Etag", "Last-Modified", "Expires", "Trailer", "Transfer-Encoding",
	} {
		delete(header, name)
	}
}

// intercept answers in place of an application when the location has a page
// for that; what the application goes on to send is swallowed, so that neither
// it nor the connection notices.
func (x *Exchange) intercept(status int) bool {
	if x.route == nil || status < 400 {
		return false
	}
	page := x.route.ErrorPages.Intercepting(status)
	if page == nil {
		return false
	}
	x.reason = ReasonIntercepted
	x.swallow = true
	if header := x.inner.Header(); len(header["Cache-Control"]) == 0 {
		header["Cache-Control"] = []string{"no-store"}
	}
	x.answer(status, page)
	return true
}

// Intercepted reports that a page took the place of the application's answer,
// and is complete, whatever becomes of the application.
func (x *Exchange) Intercepted() bool { return x.swallow }

// Abort remembers the reason and ends the connection without a clean end of
// the response, so that nobody takes half an answer for a whole one. It does
// not return: it panics with http.ErrAbortHandler.
func (x *Exchange) Abort(reason string) {
	x.reason = reason
	panic(http.ErrAbortHandler)
}
