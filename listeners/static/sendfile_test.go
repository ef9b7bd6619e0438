package static_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/appserve/appserve/listeners/body"
	"github.com/appserve/appserve/listeners/static"
)

func TestWriterGetsTheFileItself(t *testing.T) {
	content := strings.Repeat("0123456789abcdef", 3<<16) // 3 MiB
	dir := tree(t, map[string]string{"big.bin": content})
	h := handler(t, static.Config{Directory: dir, Disk: body.NewDisk(2)})
	for value, want := range map[string]string{"": content, "bytes=1-2097152": content[1 : 2<<20+1]} {
		header := http.Header{}
		if value != "" {
			header.Set("Range", value)
		}
		answer, x := request(h, http.MethodGet, "/big.bin", header)
		if got, _ := io.ReadAll(answer.Body); string(got) != want {
			t.Errorf("Range %q: %d bytes, want %d", value, len(got), len(want))
		}
		if len(x.read) < 2 {
			t.Errorf("Range %q: %d calls of ReadFrom, want pieces of 1 MiB", value, len(x.read))
		}
		for _, src := range x.read {
			limited, ok := src.(*io.LimitedReader)
			if !ok {
				t.Fatalf("ReadFrom got a %T", src)
			}
			if _, ok := limited.R.(*os.File); !ok {
				t.Fatalf("ReadFrom got a LimitedReader of a %T, want *os.File: net would not use sendfile", limited.R)
			}
		}
	}
}

// serverOf runs h behind net/http, as listeners does.
func serverOf(tb testing.TB, h http.Handler) string {
	tb.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(through{w, r}, r)
	}))
	tb.Cleanup(server.Close)
	return server.URL
}

// through keeps the writer's ReadFrom, as the exchange does.
type through struct {
	http.ResponseWriter
	r *http.Request
}

func (w through) Rest() string                   { return w.r.URL.Path }
func (w through) Fail(status int, reason string) { http.Error(w.ResponseWriter, reason, status) }
func (w through) ReadFrom(src io.Reader) (int64, error) {
	return w.ResponseWriter.(io.ReaderFrom).ReadFrom(src)
}

func TestFileThatShrinksWhileItIsSent(t *testing.T) {
	dir := tree(t, map[string]string{"log.bin": strings.Repeat("x", 8<<20)})
	url := serverOf(t, handler(t, static.Config{Directory: dir}))
	answer, err := http.Get(url + "/log.bin")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := os.Truncate(filepath.Join(dir, "log.bin"), 10); err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, answer.Body); err == nil {
		t.Errorf("%d of %d bytes and no error: half a file was taken for a whole one", n, answer.ContentLength)
	}
}

func TestNoDescriptorIsLeft(t *testing.T) {
	dir := site(t)
	url := serverOf(t, handler(t, static.Config{Directory: dir, Index: []string{"index.html"}}))
	for _, path := range []string{"/", "/about.html", "/docs", "/docs/", "/missing", "/css/base.css/", "/.hidden/x.txt"} {
		for _, header := range []http.Header{{}, {"If-None-Match": {"*"}}, {"Range": {"bytes=100-"}}, {"Range": {"bytes=0-0,2-2"}}, {"If-Match": {`"x"`}}} {
			r, err := http.NewRequest(http.MethodGet, url+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header = header
			answer, err := http.DefaultTransport.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, answer.Body)
			answer.Body.Close()
		}
	}
	open := func() (files []string) {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Skip(err)
		}
		for _, e := range entries {
			if target, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil && strings.HasPrefix(target, dir+"/") {
				files = append(files, target)
			}
		}
		return files
	}
	// A client has its answer a moment before the handler returns.
	deadline := time.Now().Add(5 * time.Second)
	for len(open()) > 0 && time.Now().Before(deadline) {
		time.Sleep(time.Millisecond)
	}
	if left := open(); len(left) != 0 {
		t.Errorf("still open: %v", left)
	}
}

func BenchmarkServe(b *testing.B) {
	for _, size := range []int{1 << 10, 20 << 10, 1 << 20} {
		b.Run(fmt.Sprintf("%dKiB", size>>10), func(b *testing.B) {
			dir := tree(b, map[string]string{"css/f.css": strings.Repeat("x", size)})
			age := 24 * time.Hour
			url := serverOf(b, handler(b, static.Config{Directory: dir, MaxAge: &age, Disk: body.NewDisk(8)}))
			buffer := make([]byte, 256<<10)
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				answer, err := http.Get(url + "/css/f.css")
				if err != nil {
					b.Fatal(err)
				}
				_, _ = io.CopyBuffer(struct{ io.Writer }{io.Discard}, answer.Body, buffer)
				answer.Body.Close()
			}
		})
	}
}
