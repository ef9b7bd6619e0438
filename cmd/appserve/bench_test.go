package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/appserve/appserve/config"
)

// BenchmarkServe is the whole of appserve in this process, with real workers
// and clients on loopback: where a profile of a change begins.
func BenchmarkServe(b *testing.B) {
	address := startInside(b)
	for _, c := range []struct{ name, path string }{
		{"hello", "/hello?query=1"}, {"page", "/page"}, {"static", "/static/file.css"}, {"respond", "/respond"},
	} {
		b.Run(c.name, func(b *testing.B) { loadServer(b, address, c.path) })
	}
}

// startInside starts an App that the benchmark ends.
func startInside(b *testing.B) (address string) {
	b.Helper()
	folder := b.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	write("file.css", strings.Repeat("p { color: black }\n", 500))
	write("app.py", `
def application(environ, start_response):
    size = 8000 if environ["PATH_INFO"] == "/page" else 14
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(size)), ("Vary", "Cookie")])
    return [b"x" * size]
`)
	write("site.hcl", fmt.Sprintf(`
appserve {
  allow_root = true
}
log {
  level = "warn"
  access_log {
    output = "%[1]s/access.log"
  }
}
listener "http" {
  address = "127.0.0.1:0"
}
pool "app" {
  app       = "app:application"
  chdir     = "%[1]s"
  processes = 2
}
site "bench" {
  location "/" {
    pass = pool.app
  }
  location "/static" {
    static {
      directory = "%[1]s"
    }
  }
  location "/respond" {
    respond {
      status = 200
      body   = "Hello, World!"
    }
  }
}
`, folder))
	app, err := New(config.Options{Paths: []string{filepath.Join(folder, "site.hcl")}, ForStart: true},
		&command{environ: os.Environ(), stdout: io.Discard, stderr: os.Stderr})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := app.Stop(context.Background()); err != nil {
			b.Error(err)
		}
	})
	if err := app.Start(context.Background()); err != nil {
		b.Fatal(err)
	}
	return app.server.Addresses("http")[0].String()
}

// loadServer asks for path on 64 connections that are kept.
func loadServer(b *testing.B, address, path string) {
	const clients = 64
	request := []byte("GET " + path + " HTTP/1.1\r\nHost: bench.example\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n" +
		"Accept: text/html,*/*;q=0.8\r\nAccept-Language: en\r\nAccept-Encoding: gzip, br\r\nCookie: sessionid=0123456789abcdef\r\n\r\n")
	b.ReportAllocs()
	b.ResetTimer()
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() {
			n := b.N / clients
			if i < b.N%clients {
				n++
			}
			if err := ask(address, request, n); err != nil {
				b.Error(err)
			}
		})
	}
	all.Wait()
}

// ask sends a request n times over one connection.
func ask(address string, request []byte, n int) error {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	r := bufio.NewReaderSize(conn, 16<<10)
	for range n {
		if _, err := conn.Write(request); err != nil {
			return err
		}
		if err := skipResponse(r); err != nil {
			return err
		}
	}
	return nil
}

// skipResponse reads a response with a Content-Length, which has to be 200.
func skipResponse(r *bufio.Reader) error {
	line, err := r.ReadSlice('\n')
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(line, []byte("HTTP/1.1 200 ")) {
		return fmt.Errorf("answer %q", line)
	}
	length := 0
	for len(line) > 2 {
		if line, err = r.ReadSlice('\n'); err != nil {
			return err
		}
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			for _, c := range bytes.TrimSpace(value) {
				length = 10*length + int(c-'0')
			}
		}
	}
	_, err = r.Discard(length)
	return err
}
