package static_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/appserve/appserve/listeners/static"
)

// exchange is the listener's side of a response, as far as static knows it.
type exchange struct {
	http.ResponseWriter
	rest   string
	reason string
	read   []io.Reader // what ReadFrom was given
}

func (x *exchange) Rest() string { return x.rest }
func (x *exchange) Fail(status int, reason string) {
	x.reason = reason
	x.Header().Del("Etag")
	http.Error(x.ResponseWriter, reason, status)
}

func (x *exchange) ReadFrom(src io.Reader) (int64, error) {
	x.read = append(x.read, src)
	return io.Copy(struct{ io.Writer }{x.ResponseWriter}, src)
}

// tree makes a folder of files; a content that begins with "-> " is a link.
func tree(t testing.TB, files map[string]string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	plant(t, dir, files)
	return dir
}

func plant(t testing.TB, dir string, files map[string]string) {
	t.Helper()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		if target, isLink := bytes.CutPrefix([]byte(content), []byte("-> ")); isLink {
			err = os.Symlink(string(target), path)
		} else {
			err = os.WriteFile(path, []byte(content), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func handler(t testing.TB, c static.Config) *static.Handler {
	t.Helper()
	return loggingHandler(t, c, io.Discard)
}

func loggingHandler(t testing.TB, c static.Config, log io.Writer) *static.Handler {
	t.Helper()
	c.Site, c.Location = "shop", "/static"
	h, err := static.New(c, hclog.New(&hclog.LoggerOptions{Name: "static", Output: log, DisableTime: true}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// request asks h for rest in the location /static.
func request(h http.Handler, method, rest string, header http.Header) (*http.Response, *exchange) {
	r := httptest.NewRequest(method, "/", nil)
	r.URL.Path = "/static" + rest
	r.RequestURI = r.URL.EscapedPath()
	for name, values := range header {
		r.Header[http.CanonicalHeaderKey(name)] = values
	}
	recorder := httptest.NewRecorder()
	x := &exchange{ResponseWriter: recorder, rest: rest}
	h.ServeHTTP(x, r)
	return recorder.Result(), x
}

func get(t *testing.T, h http.Handler, rest string) (status int, content string) {
	t.Helper()
	answer, _ := request(h, http.MethodGet, rest, nil)
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(b)
}

func touch(t testing.TB, path string, modified time.Time) {
	t.Helper()
	if err := os.Chtimes(path, modified, modified); err != nil {
		t.Fatal(err)
	}
}

// serveTo asks h for rest and sends the content to client.
func serveTo(h http.Handler, rest string, client io.Writer) {
	w := newNowhere()
	w.client, w.rest = client, rest
	h.ServeHTTP(w, newRequest(rest))
}

func newRequest(rest string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/static"+rest, nil)
	r.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
	return r
}

// nowhere is the smallest exchange: what costs something is the handler.
type nowhere struct {
	header http.Header
	client io.Writer
	rest   string
}

func newNowhere() *nowhere {
	return &nowhere{header: http.Header{}, client: io.Discard, rest: "/css/f.css"}
}

func (w *nowhere) Header() http.Header         { return w.header }
func (w *nowhere) WriteHeader(int)             {}
func (w *nowhere) Write(p []byte) (int, error) { return w.client.Write(p) }
func (w *nowhere) Rest() string                { return w.rest }
func (w *nowhere) Fail(int, string)            {}
func (w *nowhere) ReadFrom(src io.Reader) (int64, error) {
	if w.client == io.Discard {
		limited := src.(*io.LimitedReader)
		return limited.N, nil // as sendfile does, without looking at it
	}
	return io.Copy(struct{ io.Writer }{w.client}, src)
}
