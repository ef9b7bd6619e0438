package pool_test

import (
	"strings"
	"testing"

	"github.com/appserve/appserve/pool"
)

// reporting is an application that fails in ways that cost no response.
const reporting = `
class Body:
    def __init__(self, error):
        self.error = error
    def __iter__(self):
        return iter([b"whole"])
    def close(self):
        raise self.error

def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/close":
        start_response("200 OK", [("Content-Length", "5")])
        return Body(ValueError("no closing time"))
    if path == "/exit":
        start_response("200 OK", [("Content-Length", "5")])
        return Body(SystemExit(3))
    if path == "/status":
        start_response("200 OK\r\nX-Injected: yes", [])
        return [b""]
    if path == "/length":
        start_response("200 OK", [("Content-Length", "9" * 40)])
        return [b"short"]
    start_response("200 OK", [])
    return [b"fine"]
`

// An exception after the response is the application's error like any other:
// the client has its answer, the log names the request.
func TestPython_AnExceptionAfterTheResponseIsAnError(t *testing.T) {
	log := &logBuffer{}
	h := bootPython(t, pythonConfig(t, reporting), log).Handler(pool.HandlerOptions{})
	x := serve(h, get("/close"))
	if x.status != 200 || x.body.String() != "whole" {
		t.Errorf("%d %q %q", x.status, x.reason, x.body.String())
	}
	log.wait(t, "[ERROR]", "application error after the response", "pool=test", "slot=0", "request=", "path=/close")
	log.wait(t, "ValueError: no closing time")
	if log.has("stream=stderr") {
		t.Errorf("it is said twice:\n%s", log)
	}
	if x := serve(h, get("/")); x.body.String() != "fine" {
		t.Errorf("afterwards: %d %q\n%s", x.status, x.reason, log)
	}
	if x := serve(h, get("/exit")); x.status != 200 {
		t.Errorf("%d %q", x.status, x.reason)
	}
	log.wait(t, "SystemExit: 3")
	log.wait(t, "app_exit")
}

func TestPython_HeadsThatCannotBeSent(t *testing.T) {
	for path, says := range map[string]string{
		"/status": "the status holds a line break or a NUL",
		"/length": "the Content-Length is too large",
	} {
		log := &logBuffer{}
		h := bootPython(t, pythonConfig(t, reporting), log).Handler(pool.HandlerOptions{})
		x := serve(h, get(path))
		if x.status != 500 || x.header.Get("X-Injected") != "" {
			t.Errorf("%s: %d %q %v", path, x.status, x.reason, x.header)
		}
		log.wait(t, "[ERROR]", "the application broke its interface", "path="+path)
		log.wait(t, says)
		if n := strings.Count(log.String(), "[ERROR]"); n != 1 {
			t.Errorf("%s: %d errors for one mistake:\n%s", path, n, log)
		}
		if strings.Contains(log.String(), "|\n") || strings.Contains(log.String(), "| \n") {
			t.Errorf("%s: a blank line at the end of a traceback:\n%s", path, log)
		}
	}
}
