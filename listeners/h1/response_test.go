package h1

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

var _ io.ReaderFrom = (*response)(nil) // or sendfile is lost

const get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

// bulk is more than a write buffer holds.
var bulk = strings.Repeat("0123456789abcdef", 1<<10)

// forms is how responses look on the wire, but for Date.
var forms = []struct {
	name, request string
	handler       func(http.ResponseWriter, *http.Request)
	want          string
}{
	{"nothing", get, func(http.ResponseWriter, *http.Request) {}, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
	{"content", get, says("hello"), "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"},
	{"fields in order", get, func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h["X-B"], h["X-A"], h["Content-Type"], h["Content-Length"] = []string{"1", "2"}, []string{"a\r\nb\x00"}, nil, []string{"0"}
		h["Transfer-Encoding"], h["Bad Name"] = []string{"gzip"}, []string{"x"}
		w.WriteHeader(404)
		h["X-C"] = []string{"too late"}
	}, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nX-A: a  b \r\nX-B: 1\r\nX-B: 2\r\n\r\n"},
	{"a stream", get, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "ab")
		w.(http.Flusher).Flush()
		_, _ = io.WriteString(w, "c")
		w.(http.Flusher).Flush()
		w.(http.Flusher).Flush()
		_, _ = io.WriteString(w, "d")
	}, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n1\r\nd\r\n0\r\n\r\n"},
	{"more than the buffer", get, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "ab")
		_, _ = io.WriteString(w, bulk)
	}, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4002\r\nab" + bulk + "\r\n0\r\n\r\n"},
	{"more than the buffer, of known length", get, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(len(bulk)+2))
		_, _ = io.WriteString(w, "ab")
		_, _ = io.WriteString(w, bulk)
	}, "HTTP/1.1 200 OK\r\nContent-Length: 16386\r\n\r\nab" + bulk},
	{"trailers", get, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Trailer", "X-Sum, Content-Length")
		_, _ = io.WriteString(w, "ab")
		w.Header().Set("X-Sum", "7")
		w.Header().Set(http.TrailerPrefix+"X-More", "8")
	}, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum, Content-Length\r\n\r\n2\r\nab\r\n0\r\nX-Sum: 7\r\nX-More: 8\r\n\r\n"},
	{"HEAD", "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", says("hello"), "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"},
	{"HEAD of nothing", "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", func(http.ResponseWriter, *http.Request) {}, "HTTP/1.1 200 OK\r\n\r\n"},
	{"204", get, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "5")
		w.WriteHeader(204)
		_, _ = io.WriteString(w, "hello")
	}, "HTTP/1.1 204 No Content\r\n\r\n"},
	{"304", get, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "5")
		w.WriteHeader(304)
	}, "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"},
	{"interim", get, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", "</a>")
		w.WriteHeader(103)
		w.Header().Del("Link")
		_, _ = io.WriteString(w, "hello")
	}, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"},
	{"too much content", get, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "3")
		_, _ = io.WriteString(w, "hello")
	}, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhel"},
	{"HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", says("hello"), "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"},
	{"HTTP/1.0 that stays", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", says("hello"),
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello"},
	{"a stream to HTTP/1.0", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(103)
		w.(http.Flusher).Flush()
		_, _ = io.WriteString(w, "hello")
	}, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello"},
	{"close", "GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n", says("hello"),
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"},
	{"close by the handler", get, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Connection", "close") },
		"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"},
	{"a page over several buffers", get, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "6000")
		for range 60 {
			_, _ = io.WriteString(w, bulk[:100])
		}
	}, "HTTP/1.1 200 OK\r\nContent-Length: 6000\r\n\r\n" + strings.Repeat(bulk[:100], 60)},
}

func TestForms(t *testing.T) {
	for _, row := range forms {
		t.Run(row.name, func(t *testing.T) {
			c := serve(t, testRows, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/end" {
					w.Header().Set("Connection", "close")
				} else {
					row.handler(w, r)
				}
			})
			c.send(row.request + "GET /end HTTP/1.1\r\nHost: a\r\n\r\n")
			all, err := io.ReadAll(c.r)
			if err != nil && !strings.Contains(err.Error(), "reset") {
				t.Fatal(err)
			}
			goesOn := !strings.Contains(row.want, "Connection: close")
			got, dates := withoutDates(string(all))
			want := row.want
			if goesOn {
				want += "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
			}
			if got != want || dates != strings.Count(want, "HTTP/1.1 ")-strings.Count(want, " 103 ") {
				t.Errorf("got\n%q\nwant\n%q, with %d dates", got, want, dates)
			}
			sent := c.told().sent
			if goesOn {
				sent += c.told().sent
			}
			if sent != int64(len(all)) {
				t.Errorf("told of %d bytes, %d came", sent, len(all))
			}
		})
	}
}

// A handler is told what it may not send.
func TestContentThatIsNotAllowed(t *testing.T) {
	c := serve(t, testRows, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "3")
		want, wantErr := 3, http.ErrContentLength
		if r.URL.Path == "/204" {
			w.WriteHeader(204)
			want, wantErr = 0, http.ErrBodyNotAllowed
		}
		if n, err := w.Write([]byte("hello")); n != want || !errors.Is(err, wantErr) {
			t.Errorf("%s: Write = %d, %v", r.URL.Path, n, err)
		}
	})
	c.send("GET /204 HTTP/1.1\r\nHost: a\r\n\r\n" + get)
	c.want(204, "")
	c.want(200, "hel")
}

func says(text string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) }
}

// withoutDates takes the Date lines out, and counts them.
func withoutDates(text string) (rest string, n int) {
	for {
		before, after, found := strings.Cut(text, "Date: ")
		if !found {
			return text, n
		}
		_, after, _ = strings.Cut(after, "\r\n")
		text = before + after
		n++
	}
}

// TestFiles: a file, parts of it, and what is behind a shared descriptor leave
// with their head in front.
func TestFiles(t *testing.T) {
	content := strings.Repeat("0123456789abcdef", 1<<16)
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	section := func() *io.SectionReader { return io.NewSectionReader(file, 5, 1000) }
	for name, row := range map[string]struct {
		source func() io.Reader
		want   string
	}{
		"a file":              {func() io.Reader { return file }, content},
		"the beginning of it": {func() io.Reader { return io.LimitReader(file, 100) }, content[:100]},
		"a section":           {func() io.Reader { return section() }, content[5:1005]},
		"the beginning of a section": {func() io.Reader {
			s := section()
			_, _ = io.ReadFull(s, make([]byte, 10))
			return io.LimitReader(s, 20)
		}, content[15:35]},
		"something else": {func() io.Reader { return strings.NewReader(content) }, content},
		"nothing":        {func() io.Reader { return io.LimitReader(file, 0) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := file.Seek(0, io.SeekStart); err != nil {
				t.Fatal(err)
			}
			c := serve(t, testRows, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Length", strconv.Itoa(len(row.want)))
				if r.Method == http.MethodHead {
					return
				}
				n, err := w.(io.ReaderFrom).ReadFrom(row.source())
				if n != int64(len(row.want)) || err != nil {
					t.Errorf("ReadFrom = %d, %v", n, err)
				}
			})
			c.send(get)
			c.want(200, row.want)
			head := c.told()
			if head.sent <= int64(len(row.want)) {
				t.Errorf("%d bytes were counted", head.sent)
			}
			c.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
			if a := c.receive(http.MethodHead); a.ContentLength != int64(len(row.want)) {
				t.Errorf("HEAD: %v", a.Header)
			}
		})
	}
}

// A response that is given up, or shorter than it says, does not look whole.
func TestNoCleanEnd(t *testing.T) {
	for name, handler := range map[string]func(http.ResponseWriter, *http.Request){
		"aborted": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "half")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		},
		"short": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "5")
			_, _ = io.WriteString(w, "half")
		},
		"panicked": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "half")
			w.(http.Flusher).Flush()
			panic("oh no")
		},
	} {
		for _, version := range []string{"1.0", "1.1"} {
			t.Run(name+" to "+version, func(t *testing.T) {
				c := serve(t, testRows, handler)
				c.send("GET / HTTP/" + version + "\r\nHost: a\r\n\r\n")
				response, err := http.ReadResponse(c.r, nil)
				if err != nil {
					if version == "1.0" && strings.Contains(err.Error(), "reset") {
						return
					}
					t.Fatal(err)
				}
				if text, err := io.ReadAll(response.Body); err == nil {
					t.Errorf("the client takes %q for a whole answer", text)
				}
				if name == "panicked" && len(c.owner.panics) != 1 {
					t.Error("the owner was not told of the panic")
				}
			})
		}
	}
}

func TestAbortBeforeTheHead(t *testing.T) {
	c := serve(t, testRows, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half")
		panic(http.ErrAbortHandler)
	})
	c.send(get)
	c.ended()
}
