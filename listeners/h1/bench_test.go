package h1

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The benchmark runs the server in a process of its own, so that its CPU time
// is its own: the test binary starts itself with this variable set.
const engineVariable = "APPSERVE_BENCH_ENGINE"

const benchRequest = "GET /polls/2026/results/?page=2 HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n" +
	"Accept: text/html,application/xhtml+xml\r\nAccept-Language: de,en\r\nAccept-Encoding: gzip, br\r\nCookie: sessionid=abcdef; csrftoken=012345\r\n" +
	"Referer: http://www.example.com/polls/\r\nConnection: keep-alive\r\nUpgrade-Insecure-Requests: 1\r\n\r\n"

// constant answers with 5 bytes; /cpu with the CPU time of the process so far,
// in nanoseconds, and how many objects it has allocated.
func constant(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/cpu" {
		_, _ = fmt.Fprintf(w, "%d", cpuTime())
		return
	}
	h := w.Header()
	h["Content-Type"] = contentType
	h["Content-Length"] = contentLength
	_, _ = io.WriteString(w, "hello")
}

var contentType, contentLength = []string{"text/plain"}, []string{"5"}

func cpuTime() int64 {
	var usage unix.Rusage
	_ = unix.Getrusage(unix.RUSAGE_SELF, &usage)
	return usage.Utime.Nano() + usage.Stime.Nano()
}

// simple owns connections that only a handler function serves.
type simple struct {
	handler func(http.ResponseWriter, *http.Request)
}

func (s simple) Serve(w http.ResponseWriter, r *http.Request) { s.handler(w, r) }
func (s simple) Resume(left Task)                             { left.Resume() }
func (s simple) Refuse(r Refusal) []byte {
	return []byte("HTTP/1.1 " + strconv.Itoa(r.Status) + " No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
}
func (s simple) Finish(int64, int64)  {}
func (s simple) Panicked(any, []byte) {}
func (s simple) Closed()              {}

var benchRows = Rows{
	HeaderTimeout: 15 * time.Second, KeepaliveTimeout: 75 * time.Second, SendTimeout: time.Minute,
	MaxHeaderSize: 32 << 10, MaxHeaderCount: 100,
}

// serveEngine serves on l with the engine of a name.
func serveEngine(name string, l net.Listener, handler func(http.ResponseWriter, *http.Request)) {
	if name == "net/http" {
		s := &http.Server{Handler: http.HandlerFunc(handler), ReadHeaderTimeout: 15 * time.Second, IdleTimeout: 75 * time.Second}
		_ = s.Serve(l) // ends with the process
		return
	}
	e := New(benchRows)
	for {
		nc, err := l.Accept()
		if err != nil {
			return
		}
		go e.NewConn(nc, simple{handler}).Serve()
	}
}

func TestMain(m *testing.M) {
	if name := os.Getenv(engineVariable); name != "" {
		l, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(l.Addr())
		go serveEngine(name, l, constant)
		_, _ = io.Copy(io.Discard, os.Stdin) // until the benchmark lets go
		return
	}
	os.Exit(m.Run())
}

// startEngine starts a server process and gives its address.
func startEngine(tb testing.TB, name string) (addr string, pid int) {
	tb.Helper()
	server := exec.Command(os.Args[0])
	server.Env = append(os.Environ(), engineVariable+"="+name)
	server.Stderr = os.Stderr
	in, err := server.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	out, err := server.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := server.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		in.Close()
		_ = server.Wait()
	})
	addr, err = bufio.NewReader(out).ReadString('\n')
	if err != nil {
		tb.Fatal(err)
	}
	return strings.TrimSpace(addr), server.Process.Pid
}

// BenchmarkEngine compares the engine with net/http: a constant answer to 64
// connections that are kept alive, alone and beside many that say nothing.
// cpu-us is the server's CPU time per request.
func BenchmarkEngine(b *testing.B) {
	for _, name := range []string{"h1", "net/http"} {
		for _, idle := range []int{0, 9000} {
			b.Run(fmt.Sprintf("%s idle=%d", name, idle), func(b *testing.B) { benchmarkEngine(b, name, idle) })
		}
	}
}

func benchmarkEngine(b *testing.B, name string, idle int) {
	const active = 64
	addr, _ := startEngine(b, name)
	clients := make([]net.Conn, active+idle)
	for i := range clients {
		c, err := net.Dial("tcp4", addr)
		if err != nil {
			b.Skipf("%d connections are open: %v", i, err)
		}
		defer c.Close()
		clients[i] = c
	}
	ask(b, clients[active:], idle)
	ask(b, clients[:active], 100*active) // warm
	before := askCPU(b, addr)
	b.ResetTimer()
	ask(b, clients[:active], b.N)
	b.StopTimer()
	b.ReportMetric(float64(askCPU(b, addr)-before)/1e3/float64(b.N), "cpu-us")
}

// ask sends n requests over the connections and reads the answers.
func ask(tb testing.TB, clients []net.Conn, n int) {
	var all sync.WaitGroup
	for i, c := range clients {
		mine := n / len(clients)
		if i < n%len(clients) {
			mine++
		}
		all.Go(func() {
			request, buf := []byte(benchRequest), make([]byte, 4096)
			for range mine {
				if _, err := c.Write(request); err != nil {
					tb.Error(err)
					return
				}
				if n, err := c.Read(buf); err != nil || !strings.HasSuffix(string(buf[:n]), "hello") {
					tb.Errorf("%q, %v", buf[:n], err)
					return
				}
			}
		})
	}
	all.Wait()
}

func askCPU(tb testing.TB, addr string) int64 {
	tb.Helper()
	response, err := http.Get("http://" + addr + "/cpu")
	if err != nil {
		tb.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		tb.Fatal(err)
	}
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		tb.Fatal(err)
	}
	return n
}

// BenchmarkAllocations is one connection with 32 requests in the pipe, in this
// process: what allocates is the server.
func BenchmarkAllocations(b *testing.B) {
	for _, name := range []string{"h1", "net/http"} {
		b.Run(name, func(b *testing.B) {
			l, err := net.Listen("tcp4", "127.0.0.1:0")
			if err != nil {
				b.Fatal(err)
			}
			defer l.Close()
			go serveEngine(name, l, constant)
			c, err := net.Dial("tcp4", l.Addr().String())
			if err != nil {
				b.Fatal(err)
			}
			defer c.Close()
			const depth = 32
			batch, r := []byte(strings.Repeat(benchRequest, depth)), bufio.NewReaderSize(c, 64<<10)
			b.ReportAllocs()
			for left := b.N; left > 0; left -= depth {
				n := min(left, depth)
				if _, err := c.Write(batch[:n*len(benchRequest)]); err != nil {
					b.Fatal(err)
				}
				for range n {
					for blank := false; !blank; {
						p, err := r.ReadSlice('\n')
						if err != nil {
							b.Fatal(err)
						}
						blank = len(p) == 2
					}
					if _, err := r.Discard(len("hello")); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
