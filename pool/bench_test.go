package pool_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/appserve/appserve/pool"
	"golang.org/x/sys/unix"
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
	c := pythonConfig(b, helloApp)
	c.Processes = 2
	p := bootPython(b, c, &logBuffer{})
	h := p.Handler(pool.HandlerOptions{})
	r := get("/path?query=1")
	for name, value := range map[string]string{
		"Accept": "*/*", "Accept-Encoding": "gzip, br", "Accept-Language": "en", "Cookie": "sessionid=0123456789abcdef",
		"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "http", "X-Request-Id": "0123456789abcdef",
	} {
		r.Header.Set(name, value)
	}
	b.ReportAllocs()
	b.SetParallelism(4)
	before := cpuTime(b)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			x := &discard{newExchange(r)}
			h.ServeHTTP(x, r)
			if x.status != http.StatusOK {
				b.Error(x.status)
			}
		}
	})
	b.ReportMetric(float64(cpuTime(b)-before)/float64(b.N)/1000, "us-cpu/op")
}

// cpuTime is the CPU time of this process, without its workers.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(unix.TimevalToNsec(u.Utime) + unix.TimevalToNsec(u.Stime))
}
