package compress

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

var page = strings.Repeat("<p>It was a dark and stormy night.</p>\n", 200)

func rules(t testing.TB, change func(*Options)) func(http.HandlerFunc) http.Handler {
	t.Helper()
	o := Options{Types: []string{"text/*", "application/json", "application/*+json"}, MinSize: 1024, Encodings: []string{"zstd", "gzip"}}
	if change != nil {
		change(&o)
	}
	return func(next http.HandlerFunc) http.Handler {
		h, err := Wrap(o, next)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
}

// answers is a handler with a fixed response.
func answers(status int, body string, pairs ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(pairs); i += 2 {
			w.Header().Add(pairs[i], pairs[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func ask(h http.Handler, method string, pairs ...string) *http.Response {
	recorder := httptest.NewRecorder()
	r := httptest.NewRequest(method, "/", nil)
	for i := 0; i < len(pairs); i += 2 {
		r.Header.Add(pairs[i], pairs[i+1])
	}
	h.ServeHTTP(recorder, r)
	return recorder.Result()
}

// decoded is the content as the handler wrote it.
func decoded(t testing.TB, response *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, response.Header.Get("Content-Encoding"), body)
}

func decode(t testing.TB, coding string, body []byte) string {
	t.Helper()
	var r io.Reader = bytes.NewReader(body)
	switch coding {
	case "gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		r = z
	case "zstd":
		z, err := zstd.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		defer z.Close()
		r = z
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestRule(t *testing.T) {
	length := strconv.Itoa(len(page))
	for _, c := range []struct {
		name   string
		h      http.HandlerFunc
		accept string
		want   http.Header
	}{
		{"zstd is preferred", answers(200, page, "Content-Type", "text/html; charset=utf-8", "Content-Length", length), "gzip, zstd",
			http.Header{"Content-Type": {"text/html; charset=utf-8"}, "Content-Encoding": {"zstd"}, "Vary": {"Accept-Encoding"}}},
		{"gzip", answers(200, page, "Content-Type", "TEXT/HTML", "Content-Length", length, "Accept-Ranges", "bytes"), "gzip",
			http.Header{"Content-Type": {"TEXT/HTML"}, "Content-Encoding": {"gzip"}, "Vary": {"Accept-Encoding"}}},
		{"its weight decides", answers(200, page, "Content-Type", "text/html"), "gzip, zstd;q=0.5",
			http.Header{"Content-Type": {"text/html"}, "Content-Encoding": {"gzip"}, "Vary": {"Accept-Encoding"}}},
		{"not taken: Vary all the same", answers(200, page, "Content-Type", "text/html", "Content-Length", length), "br",
			http.Header{"Content-Type": {"text/html"}, "Content-Length": {length}, "Vary": {"Accept-Encoding"}}},
		{"no Accept-Encoding", answers(200, page, "Content-Type", "text/html"), "",
			http.Header{"Content-Type": {"text/html"}, "Vary": {"Accept-Encoding"}}},
		{"Vary is added to", answers(200, page, "Content-Type", "text/html", "Vary", "Cookie, Origin"), "gzip",
			http.Header{"Content-Type": {"text/html"}, "Content-Encoding": {"gzip"}, "Vary": {"Cookie, Origin", "Accept-Encoding"}}},
		{"Vary says it already", answers(200, page, "Content-Type", "text/html", "Vary", "Cookie, accept-encoding"), "gzip",
			http.Header{"Content-Type": {"text/html"}, "Content-Encoding": {"gzip"}, "Vary": {"Cookie, accept-encoding"}}},
		{"a strong tag becomes weak", answers(200, page, "Content-Type", "text/html", "ETag", `"1"`), "gzip",
			http.Header{"Content-Type": {"text/html"}, "Content-Encoding": {"gzip"}, "Vary": {"Accept-Encoding"}, "Etag": {`W/"1"`}}},
		{"a weak tag stays", answers(200, page, "Content-Type", "text/html", "ETag", `W/"1"`), "gzip",
			http.Header{"Content-Type": {"text/html"}, "Content-Encoding": {"gzip"}, "Vary": {"Accept-Encoding"}, "Etag": {`W/"1"`}}},
		{"a strong tag stays when nothing is compressed", answers(200, page, "Content-Type", "text/html", "ETag", `"1"`), "",
			http.Header{"Content-Type": {"text/html"}, "Vary": {"Accept-Encoding"}, "Etag": {`"1"`}}},
		{"an error page", answers(404, page, "Content-Type", "text/html"), "gzip",
			http.Header{"Content-Type": {"text/html"}, "Content-Encoding": {"gzip"}, "Vary": {"Accept-Encoding"}}},
		{"a pattern", answers(200, page, "Content-Type", "application/problem+json"), "gzip",
			http.Header{"Content-Type": {"application/problem+json"}, "Content-Encoding": {"gzip"}, "Vary": {"Accept-Encoding"}}},

		{"coded already", answers(200, page, "Content-Type", "text/html", "Content-Encoding", "br"), "gzip",
			http.Header{"Content-Type": {"text/html"}, "Content-Encoding": {"br"}}},
		{"tiny", answers(200, "tiny", "Content-Type", "text/html", "Content-Length", "4"), "gzip",
			http.Header{"Content-Type": {"text/html"}, "Content-Length": {"4"}}},
		{"empty", answers(200, "", "Content-Type", "text/html", "Content-Length", "0"), "gzip",
			http.Header{"Content-Type": {"text/html"}, "Content-Length": {"0"}}},
		{"another type", answers(200, page, "Content-Type", "image/png"), "gzip", http.Header{"Content-Type": {"image/png"}}},
		{"no type", answers(200, page, "X-A", "b"), "gzip", http.Header{"X-A": {"b"}}},
		{"events", answers(200, page, "Content-Type", "text/event-stream"), "gzip", http.Header{"Content-Type": {"text/event-stream"}}},
		{"no-transform", answers(200, page, "Content-Type", "text/html", "Cache-Control", "max-age=1, No-Transform"), "gzip",
			http.Header{"Content-Type": {"text/html"}, "Cache-Control": {"max-age=1, No-Transform"}}},
		{"a part", answers(206, page, "Content-Type", "text/html", "Content-Range", "bytes 0-7599/9999"), "gzip",
			http.Header{"Content-Type": {"text/html"}, "Content-Range": {"bytes 0-7599/9999"}, "Vary": {"Accept-Encoding"}}},
		{"a digest", answers(200, page, "Content-Type", "text/html", "Content-MD5", "x"), "gzip",
			http.Header{"Content-Type": {"text/html"}, "Content-Md5": {"x"}}},
		{"no content", answers(204, "", "Content-Type", "text/html"), "gzip", http.Header{"Content-Type": {"text/html"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var response *http.Response
			if h := rules(t, nil)(c.h); c.accept == "" {
				response = ask(h, "GET")
			} else {
				response = ask(h, "GET", "Accept-Encoding", c.accept)
			}
			if diff := cmp.Diff(c.want, response.Header); diff != "" {
				t.Errorf("header (-want +got):\n%s", diff)
			}
			plain := httptest.NewRecorder()
			c.h(plain, nil)
			if coding := response.Header.Get("Content-Encoding"); coding != "br" && decoded(t, response) != plain.Body.String() {
				t.Errorf("the content changed")
			}
		})
	}
}

// HEAD says what GET would have said.
func TestRule_Head(t *testing.T) {
	h := rules(t, nil)(answers(200, "", "Content-Type", "text/html", "Content-Length", "99999", "ETag", `"1"`))
	response := ask(h, "HEAD", "Accept-Encoding", "gzip")
	want := http.Header{"Content-Type": {"text/html"}, "Content-Encoding": {"gzip"}, "Vary": {"Accept-Encoding"}, "Etag": {`W/"1"`}}
	if diff := cmp.Diff(want, response.Header); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
	if body, _ := io.ReadAll(response.Body); len(body) > 0 {
		t.Errorf("%d bytes of content", len(body))
	}
}

func TestRule_NotModified(t *testing.T) {
	h := rules(t, nil)(answers(304, "", "ETag", `"1"`))
	for client, want := range map[string]string{`W/"1"`: `W/"1"`, `"0", W/"1"`: `W/"1"`, `"1"`: `"1"`, `"11"`: `"1"`, `W/"11"`: `"1"`} {
		if got := ask(h, "GET", "Accept-Encoding", "gzip", "If-None-Match", client).Header.Get("ETag"); got != want {
			t.Errorf("the client has %s: the tag is %s, want %s", client, got, want)
		}
	}
}

// What an answer about the whole says of the choice of a coding, answers
// without it say as well (RFC 9110, section 15.4.5).
func TestRule_VaryWithoutTheWhole(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"304":            answers(304, "", "ETag", `"1"`),
		"several ranges": answers(206, page, "Content-Type", "multipart/byteranges; boundary=x"),
		"416":            answers(416, "", "Content-Range", "bytes */5"),
	} {
		for _, accept := range []string{"gzip", ""} {
			if got := ask(rules(t, nil)(h), "GET", "Accept-Encoding", accept).Header.Values("Vary"); len(got) != 1 || got[0] != "Accept-Encoding" {
				t.Errorf("%s to a client that takes %q: Vary %q", name, accept, got)
			}
		}
	}
}

func TestRule_AcceptOnSeveralLines(t *testing.T) {
	h := rules(t, nil)(answers(200, page, "Content-Type", "text/html"))
	if got := ask(h, "GET", "Accept-Encoding", "br", "Accept-Encoding", "gzip").Header.Get("Content-Encoding"); got != "gzip" {
		t.Errorf("%q", got)
	}
}

// Encoders are used again, one after another, for all levels.
func TestRule_Levels(t *testing.T) {
	for _, coding := range []string{"zstd", "gzip"} {
		for level := range 10 {
			wrap := rules(t, func(o *Options) { o.Level, o.Encodings = level, []string{coding} })
			h := wrap(answers(200, page, "Content-Type", "text/html"))
			for range 3 {
				response := ask(h, "GET", "Accept-Encoding", coding)
				if response.Header.Get("Content-Encoding") != coding || decoded(t, response) != page {
					t.Fatalf("%s at level %d", coding, level)
				}
			}
		}
	}
	if _, err := Wrap(Options{Encodings: []string{"br"}}, http.NotFoundHandler()); err == nil {
		t.Error("br is made")
	}
}

// A handler that panics leaves no end behind, and no encoder for others to find half used.
func TestRule_Panic(t *testing.T) {
	wrap := rules(t, func(o *Options) { o.Encodings = []string{"gzip"} })
	h := wrap(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, page)
		if r.Header.Get("X-Panic") != "" {
			panic(http.ErrAbortHandler)
		}
	})
	recorder := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	r.Header.Set("X-Panic", "1")
	func() {
		defer func() { _ = recover() }()
		h.ServeHTTP(recorder, r)
	}()
	z, err := gzip.NewReader(recorder.Body)
	if err == nil {
		_, err = io.ReadAll(z)
	}
	if err == nil {
		t.Error("half a response looks whole")
	}
	if got := decoded(t, ask(h, "GET", "Accept-Encoding", "gzip")); got != page {
		t.Error("the next response is another")
	}
}

// Beyond the budget responses go out as they are; whoever ends, or panics, gives back.
func TestRule_Budget(t *testing.T) {
	budget := NewBudget(1)
	wrap := rules(t, func(o *Options) { o.Budget = budget })
	coding := func(h http.Handler) string {
		return ask(h, "GET", "Accept-Encoding", "gzip").Header.Get("Content-Encoding")
	}
	plain := wrap(answers(200, page, "Content-Type", "text/html"))
	outer := wrap(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(200)
		response := ask(plain, "GET", "Accept-Encoding", "gzip")
		if response.Header.Get("Content-Encoding") != "" || response.Header.Get("Vary") == "" || decoded(t, response) != page {
			t.Error("beyond the budget:", response.Header)
		}
	})
	for range 3 {
		if coding(outer) != "gzip" || coding(plain) != "gzip" {
			t.Fatal("the budget is used up")
		}
		ask(plain, "HEAD", "Accept-Encoding", "gzip")
		func() {
			defer func() { _ = recover() }()
			ask(wrap(func(w http.ResponseWriter, r *http.Request) {
				answers(200, page, "Content-Type", "text/html")(w, r)
				panic(http.ErrAbortHandler)
			}), "GET", "Accept-Encoding", "gzip")
		}()
	}
}

func BenchmarkRule(b *testing.B) {
	body := []byte(page)
	types, length := []string{"text/html; charset=utf-8"}, []string{strconv.Itoa(len(body))}
	next := func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"], w.Header()["Content-Length"] = types, length
		_, _ = w.Write(body)
	}
	h := rules(b, nil)(next)
	for name, accept := range map[string]string{"zstd": "zstd", "gzip": "gzip", "not taken": "br"} {
		b.Run(name, func(b *testing.B) {
			r := &http.Request{Method: "GET", Header: http.Header{"Accept-Encoding": {accept}}}
			w := &nowhere{header: http.Header{}}
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				clear(w.header)
				h.ServeHTTP(w, r)
			}
		})
	}
}

type nowhere struct{ header http.Header }

func (n *nowhere) Header() http.Header         { return n.header }
func (n *nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (n *nowhere) WriteHeader(int)             {}

// A file that is not compressed goes to the writer beneath as a file.
func TestWriter_ReadFrom(t *testing.T) {
	name := t.TempDir() + "/file"
	if err := os.WriteFile(name, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	for accept, asFile := range map[string]bool{"gzip": false, "br": true} {
		w := &fileTaker{nowhere: nowhere{header: http.Header{}}}
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Accept-Encoding", accept)
		rules(t, nil)(func(w http.ResponseWriter, _ *http.Request) {
			f, err := os.Open(name)
			if err != nil {
				t.Error(err)
				return
			}
			defer f.Close()
			w.Header().Set("Content-Type", "text/html")
			if n, err := w.(io.ReaderFrom).ReadFrom(f); n != int64(len(page)) || err != nil {
				t.Error(n, err)
			}
		}).ServeHTTP(w, r)
		if w.file != asFile {
			t.Errorf("%s: as a file: %v", accept, w.file)
		}
	}
}

type fileTaker struct {
	nowhere
	file bool
}

func (f *fileTaker) ReadFrom(src io.Reader) (int64, error) {
	_, f.file = src.(*os.File)
	return io.Copy(io.Discard, src)
}

// What was written reaches the client with a flush, not at the end.
func TestWriter_Flush(t *testing.T) {
	for _, coding := range []string{"gzip", "zstd", "br"} {
		t.Run(coding, func(t *testing.T) {
			next, done := make(chan struct{}), make(chan struct{})
			server := httptest.NewServer(rules(t, nil)(func(w http.ResponseWriter, _ *http.Request) {
				defer close(done)
				w.Header().Set("Content-Type", "text/html")
				for i := range 3 {
					fmt.Fprintf(w, "piece %d\n", i)
					if err := http.NewResponseController(w).Flush(); err != nil {
						t.Error(err)
					}
					<-next
				}
			}))
			defer server.Close()
			r, _ := http.NewRequest("GET", server.URL, nil)
			r.Header.Set("Accept-Encoding", coding)
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			var body io.Reader = response.Body
			switch coding {
			case "gzip":
				if body, err = gzip.NewReader(body); err != nil {
					t.Fatal(err)
				}
			case "zstd":
				z, err := zstd.NewReader(body, zstd.WithDecoderConcurrency(1))
				if err != nil {
					t.Fatal(err)
				}
				defer z.Close()
				body = z
			}
			for i := range 3 {
				piece := make([]byte, len("piece 0\n"))
				if _, err := io.ReadFull(body, piece); err != nil || string(piece) != fmt.Sprintf("piece %d\n", i) {
					t.Fatalf("%q, %v", piece, err)
				}
				next <- struct{}{}
			}
			<-done
			if rest, err := io.ReadAll(body); len(rest) > 0 || err != nil {
				t.Errorf("%q, %v", rest, err)
			}
		})
	}
}
