package exchange

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// engine is a response writer that remembers what it was given to read from.
type engine struct {
	http.ResponseWriter
	src io.Reader
}

func (e *engine) ReadFrom(src io.Reader) (int64, error) {
	e.src = src
	return io.Copy(e.ResponseWriter, src)
}

// What a handler copies from reaches the engine as it is: only then a file
// leaves by sendfile.
func TestFilesReachTheEngine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("content"), 0o644); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	x, recorder := begin(t, request("GET", "/"), nil, 0)
	e := &engine{ResponseWriter: recorder}
	x.inner = e
	part := io.LimitReader(file, 4)
	if n, err := x.ReadFrom(part); n != 4 || err != nil || e.src != part {
		t.Errorf("ReadFrom = %d, %v; the engine got %T", n, err, e.src)
	}
}
