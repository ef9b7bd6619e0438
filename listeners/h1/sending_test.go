package h1

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// much is more than the kernel keeps of a response that nobody reads.
const much = 16 << 20

// content differs from place to place, so that a gap shows.
func content() []byte {
	p := make([]byte, 0, much)
	for i := 0; len(p) < much; i++ {
		p = binary.LittleEndian.AppendUint64(p, uint64(i))
	}
	return p
}

// responses are the ways in which a response is written.
func responses(t *testing.T) map[string]func(http.ResponseWriter) error {
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, content(), 0o600); err != nil {
		t.Fatal(err)
	}
	return map[string]func(http.ResponseWriter) error{
		"bytes": func(w http.ResponseWriter) error {
			_, err := w.Write(content())
			return err
		},
		"chunks": func(w http.ResponseWriter) error {
			w.Header().Del("Content-Length")
			_, err := io.Copy(struct{ io.Writer }{w}, bytes.NewReader(content()))
			return err
		},
		"a file": func(w http.ResponseWriter) error {
			f, err := os.Open(name)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = w.(io.ReaderFrom).ReadFrom(io.LimitReader(f, much))
			return err
		},
		"a reader": func(w http.ResponseWriter) error {
			_, err := w.(io.ReaderFrom).ReadFrom(bytes.NewReader(content()))
			return err
		},
	}
}

// respond serves much bytes in one of those ways, and tells how it ended.
func respond(t *testing.T, patience time.Duration, write func(http.ResponseWriter) error) (*client, <-chan error) {
	rows := testRows
	rows.SendTimeout = patience
	done := make(chan error, 1)
	c := serve(t, rows, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(much))
		err := write(w)
		if err != nil && r.Context().Err() == nil {
			t.Error("writing failed, and the context goes on")
		}
		done <- err
	})
	_ = c.Conn.(*net.TCPConn).SetReadBuffer(64 << 10)
	c.send(get)
	return c, done
}

// TestStalledClient: who takes nothing of a response is given up, and neither
// the worker nor the file behind it waits for ever.
func TestStalledClient(t *testing.T) {
	for name, write := range responses(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, done := respond(t, 100*time.Millisecond, write)
			select {
			case err := <-done:
				if !errors.Is(err, os.ErrDeadlineExceeded) {
					t.Errorf("a response that nobody took ended with %v", err)
				}
			case <-time.After(patience):
				t.Fatal("the response still waits for a client that takes nothing")
			}
		})
	}
}

// TestSlowClient: a response may take many times the patience, as long as the
// client takes something of it, and arrives whole.
func TestSlowClient(t *testing.T) {
	const sendTimeout = 2 * time.Second
	for name, write := range responses(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, done := respond(t, sendTimeout, write)
			response, err := http.ReadResponse(c.r, nil)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			for range 10 { // a pause each, shorter than the patience; all of them longer
				if _, err := io.CopyN(&got, response.Body, 1<<20); err != nil {
					t.Fatal(err)
				}
				time.Sleep(sendTimeout / 6)
			}
			if _, err := io.Copy(&got, response.Body); err != nil {
				t.Fatal(err)
			}
			if err := <-done; err != nil || !bytes.Equal(got.Bytes(), content()) {
				t.Errorf("%d of %d bytes arrived, and the response ended with %v", got.Len(), much, err)
			}
			c.send("GET / HTTP/1.0\r\n\r\n") // and its deadline is over
			if _, err := http.ReadResponse(c.r, nil); err != nil {
				t.Error(err)
			}
		})
	}
}
