package body_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/appserve/appserve/listeners/body"
)

func TestReadRefuses(t *testing.T) {
	const kib = 1 << 10
	gone := errors.New("connection reset by peer")
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		options  body.Options
		source   io.Reader
		declared int64
		limit    int64
		want     error
		says     string
	}{
		"declared above the limit":  {source: iotest.ErrReader(gone), declared: 11, limit: 10, want: body.ErrTooLarge},
		"longer than the limit":     {source: bytes.NewReader(pattern(11)), declared: -1, limit: 10, want: body.ErrTooLarge},
		"long, in memory":           {source: bytes.NewReader(pattern(900 * kib)), declared: -1, limit: 800 * kib, want: body.ErrTooLarge},
		"long, in the spool":        {source: bytes.NewReader(pattern(9000 * kib)), declared: -1, limit: 8000 * kib, want: body.ErrTooLarge},
		"shorter than declared":     {source: bytes.NewReader(pattern(9)), declared: 10, want: io.ErrUnexpectedEOF, says: "9 bytes arrived"},
		"client gone":               {source: io.MultiReader(bytes.NewReader(pattern(7)), iotest.ErrReader(gone)), declared: 10, want: gone, says: "7 bytes arrived"},
		"client gone after a spool": {source: io.MultiReader(bytes.NewReader(pattern(9000*kib)), iotest.ErrReader(gone)), declared: -1, want: gone},
		"client slow":               {source: iotest.ErrReader(os.ErrDeadlineExceeded), declared: 10, want: os.ErrDeadlineExceeded},
		"no spool, known size":      {options: body.Options{Directory: "none"}, source: iotest.ErrReader(gone), declared: 65 << 20, want: body.ErrSpoolFull, says: "no spool_directory"},
		"no spool, unknown size":    {options: body.Options{Directory: "none"}, source: bytes.NewReader(pattern(65 << 20)), declared: -1, want: body.ErrSpoolFull, says: "no spool_directory"},
		"spool full, known size":    {options: body.Options{MaxSize: kib}, source: iotest.ErrReader(gone), declared: 5 << 20, want: body.ErrSpoolFull, says: "spool_max_size"},
		"spool full, unknown size":  {options: body.Options{MaxSize: 5 << 20}, source: bytes.NewReader(pattern(6 << 20)), declared: -1, want: body.ErrSpoolFull, says: "spool_max_size"},
		"spool is no folder":        {options: body.Options{Directory: file}, source: bytes.NewReader(pattern(6 << 20)), declared: -1, want: body.ErrSpoolFull, says: file},
		"spool cannot be made":      {options: body.Options{Directory: filepath.Join(file, "x")}, source: bytes.NewReader(pattern(6 << 20)), declared: -1, want: body.ErrSpoolFull, says: "not a directory"},
	} {
		t.Run(name, func(t *testing.T) {
			o := c.options
			o.MemoryLimit = 64 << 20
			switch o.Directory {
			case "":
				o.Directory = t.TempDir()
			case "none":
				o.Directory = ""
			}
			s := body.NewStore(o)
			b, err := s.Read(t.Context(), c.source, c.declared, c.limit)
			if b != nil || !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("Read = %v, %v; want %v saying %q", b, err, c.want, c.says)
			}
			var client *body.ReadError
			if isClient := errors.As(err, &client); isClient != (c.want != body.ErrTooLarge && c.want != body.ErrSpoolFull) {
				t.Errorf("%v blames the client: %v", err, isClient)
			}
			nothingHeld(t, s)
			n := descriptors(t, "request-body")
			if o.Directory != "" {
				n += descriptors(t, o.Directory+"/")
			}
			if n != 0 {
				t.Errorf("%d descriptors are still open", n)
			}
		})
	}
}

func TestReadStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := body.NewStore(body.Options{MemoryLimit: 1 << 20})
	source := io.MultiReader(bytes.NewReader(pattern(10)), readerFunc(func([]byte) (int, error) { cancel(); return 0, nil }))
	if _, err := s.Read(ctx, source, -1, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("Read = %v, want the error of the context", err)
	}
	nothingHeld(t, s)
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
