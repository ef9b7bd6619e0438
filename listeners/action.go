package listeners

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/appserve/appserve/listeners/exchange"
	"github.com/appserve/appserve/listeners/variable"
)

// Redirect answers every request with a status and the rendered target in
// Location. Values are encoded for a URL, so that none can break out of the field.
func Redirect(status int, to *variable.Template) http.Handler {
	return &redirect{status: status, to: to, host: strings.HasPrefix(to.Head(), "//")}
}

type redirect struct {
	status int
	to     *variable.Template
	host   bool // the target is written as //host
}

// ServeHTTP implements http.Handler.
func (a *redirect) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := exchange.From(w)
	header := w.Header()
	header.Set("Location", string(a.location(x)))
	header.Set("Content-Length", "0")
	w.WriteHeader(a.status)
}

// location renders the target. A path of the client's that begins with two
// slashes must not become the name of another host.
func (a *redirect) location(x *exchange.Exchange) []byte {
	to := a.to.Append(make([]byte, 0, 256), x, variable.URL)
	if a.host {
		return to
	}
	for len(to) > 1 && to[0] == '/' && to[1] == '/' {
		to = to[1:]
	}
	return to
}

// Respond answers every request with a fixed text. Variables are escaped as
// contentType needs it: markup, JSON, or not at all.
func Respond(status int, contentType string, body *variable.Template) http.Handler {
	return &respond{status: status, contentType: contentType, body: body, escape: variable.EscapeFor(contentType)}
}

type respond struct {
	status      int
	contentType string
	body        *variable.Template
	escape      variable.Escape
}

// ServeHTTP implements http.Handler.
func (a *respond) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text := a.body.Append(nil, exchange.From(w), a.escape)
	header := w.Header()
	if a.status != http.StatusNoContent && a.status != http.StatusNotModified {
		header.Set("Content-Type", a.contentType)
		header.Set("Content-Length", strconv.Itoa(len(text)))
	}
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead && len(text) > 0 && header.Get("Content-Length") != "" {
		_, _ = w.Write(text) // a client that is gone is seen by the engine
	}
}
