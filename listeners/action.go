package listeners

import (
	"net/http"

	"github.com/appserve/appserve/listeners/variable"
)

// Redirect answers every request with a status and the rendered target in Location.
func Redirect(status int, to *variable.Template) http.Handler { return http.NotFoundHandler() }

// Respond answers every request with a fixed text. Variables are escaped when
// contentType says HTML.
func Respond(status int, contentType string, body *variable.Template) http.Handler {
	return http.NotFoundHandler()
}
