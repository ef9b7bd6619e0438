package pool_test

import (
	"net/http"
	"testing"

	"github.com/appserve/appserve/pool"
)

// discard is an exchange that keeps nothing, so that a benchmark measures the
// pool's own path.
type discard struct {
	*testExchange
}

func (d *discard) Write(p []byte) (int, error) { return len(p), nil }

// BenchmarkHello is a request and its response through a real worker: dispatch,
// the link both ways, Python, the answer. Without net/http.
func BenchmarkHello(b *testing.B) {
	p := bootPython(b, pythonConfig(b, helloApp), &logBuffer{})
	h := p.Handler(pool.HandlerOptions{})
	r := get("/path?query=1")
	for name, value := range map[string]string{
		"Accept": "*/*", "Accept-Encoding": "gzip, br", "Accept-Language": "en", "Cookie": "sessionid=0123456789abcdef",
		"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "http", "X-Request-Id": "0123456789abcdef",
	} {
		r.Header.Set(name, value)
	}
	b.ReportAllocs()
	for b.Loop() {
		x := &discard{newExchange(r)}
		h.ServeHTTP(x, r)
		if x.status != http.StatusOK {
			b.Fatal(x.status)
		}
	}
}
