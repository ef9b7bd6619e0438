package exchange

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// engine is a response writer that remembers what was asked of it.
type engine struct {
	http.ResponseWriter
	calls []string
	err   error // of Flush
}

func (e *engine) FlushError() error {
	e.calls = append(e.calls, "flush")
	return e.err
}

func (e *engine) ReadFrom(src io.Reader) (int64, error) {
	e.calls = append(e.calls, "read")
	return io.Copy(e.ResponseWriter, src)
}

func TestHeadGoesBeforeItsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("content"), 0o644); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var (
		whole  = func() io.Reader { return file }
		part   = func() io.Reader { return io.LimitReader(file, 7) }
		other  = func() io.Reader { return strings.NewReader("content") }
		always = []string{"cork", "flush", "read", "uncork"}
	)
	for _, row := range []struct {
		name, method, length string
		src                  func() io.Reader
		flush                error
		want                 []string
	}{
		{"a file", "GET", "7", whole, nil, always},
		{"a part of a file", "GET", "7", part, nil, always},
		{"a client that is gone", "GET", "7", part, io.ErrClosedPipe, []string{"cork", "flush", "uncork"}},
		{"something else", "GET", "7", other, nil, []string{"read"}},
		{"a length that is unknown", "GET", "", part, nil, []string{"read"}},
		{"no content", "HEAD", "7", part, nil, []string{"read"}},
	} {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		x, recorder := begin(t, request(row.method, "/"), nil, 0)
		e := &engine{ResponseWriter: recorder, err: row.flush}
		x.inner, x.peer = e, &Peer{Cork: func(in bool) {
			e.calls = append(e.calls, map[bool]string{true: "cork", false: "uncork"}[in])
		}}
		if row.length != "" {
			x.Header().Set("Content-Length", row.length)
		}
		n, err := x.ReadFrom(row.src())
		if err != row.flush || (err == nil) != (n == 7) {
			t.Errorf("%s: ReadFrom = %d, %v", row.name, n, err)
		}
		if !slices.Equal(e.calls, row.want) {
			t.Errorf("%s: %v, want %v", row.name, e.calls, row.want)
		}
	}
}
