package listeners

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// much is more than the kernel keeps of a response that nobody reads.
const much = 16 << 20

// TestStalledClient: who takes nothing of a response is given up, and neither
// the worker nor the file behind it waits for ever.
func TestStalledClient(t *testing.T) {
	for name, respond := range responses(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := corkable(t)
			c.sending.patience = 100 * time.Millisecond
			done := make(chan error, 1)
			go func() { done <- respond(c) }()
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
	for name, respond := range responses(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, client := corkable(t)
			c.sending.patience = 3 * time.Second
			_ = client.(*net.TCPConn).SetReadBuffer(64 << 10)
			done := make(chan error, 1)
			go func() {
				err := respond(c)
				_ = c.CloseWrite()
				done <- err
			}()
			var got bytes.Buffer
			for range 10 { // a pause each, shorter than the patience; all of them longer
				if _, err := io.CopyN(&got, client, 1<<20); err != nil {
					t.Fatal(err)
				}
				time.Sleep(c.sending.patience / 8)
			}
			if _, err := io.Copy(&got, client); err != nil {
				t.Fatal(err)
			}
			if err := <-done; err != nil || !bytes.Equal(got.Bytes(), content()) {
				t.Errorf("%d of %d bytes arrived, and the response ended with %v", got.Len(), much, err)
			}
		})
	}
}

// content differs from place to place, so that a gap shows.
func content() []byte {
	p := make([]byte, 0, much)
	for i := 0; len(p) < much; i++ {
		p = binary.LittleEndian.AppendUint64(p, uint64(i))
	}
	return p
}

// responses are the ways in which a response is written.
func responses(t *testing.T) map[string]func(*conn) error {
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, content(), 0o600); err != nil {
		t.Fatal(err)
	}
	return map[string]func(*conn) error{
		"bytes": func(c *conn) error {
			_, err := c.Write(content())
			return err
		},
		"part of a file": func(c *conn) error {
			f, err := os.Open(name)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = c.ReadFrom(io.LimitReader(f, much))
			return err
		},
		"whole file": func(c *conn) error {
			f, err := os.Open(name)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = c.ReadFrom(f)
			return err
		},
		"reader": func(c *conn) error {
			_, err := c.ReadFrom(bytes.NewReader(content()))
			return err
		},
	}
}
