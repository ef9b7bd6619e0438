package pool_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/appserve/appserve/pool"
)

const helloApp = `
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello"]
`

func TestPython_Hello(t *testing.T) {
	log := &logBuffer{}
	p := bootPython(t, pythonConfig(t, helloApp), log)
	h := p.Handler(pool.HandlerOptions{})
	for range 3 {
		x := serve(h, get("/"))
		if x.status != 200 || x.body.String() != "hello" || x.header.Get("Content-Length") != "5" || x.flushes != 0 {
			t.Fatalf("%d %q %v\n%s", x.status, x.body.String(), x.header, log)
		}
		if x.worker != "test/0" {
			t.Errorf("worker %q", x.worker)
		}
	}
	log.wait(t, "pool: worker ready:", "pool=test", "slot=0", "interface=wsgi", "boot=")
	if finished, cut := p.Retire(context.Background()); finished != 0 || cut != 0 {
		t.Errorf("%d finished, %d cut", finished, cut)
	}
	log.wait(t, "pool: retired:", "generation=1")
	if x := serve(h, get("/")); x.status != http.StatusServiceUnavailable {
		t.Errorf("after the end: %d", x.status)
	}
}
