package listeners

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// corkable returns a busy connection and the client at its other end.
func corkable(t *testing.T) (*conn, net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	client, err := net.Dial("tcp4", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	nc, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nc.Close() })
	c := newConn(nil, &door{}, nil, nc)
	c.phase.Store(int32(busy))
	return c, client
}

// unsent is how many bytes wait in the kernel and have not left yet.
func unsent(t *testing.T, c *conn) (n int) {
	t.Helper()
	raw, err := c.Conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if failed := raw.Control(func(fd uintptr) { n, err = unix.IoctlGetInt(int(fd), unix.SIOCOUTQNSD) }); failed != nil || err != nil {
		t.Fatal(failed, err)
	}
	return n
}

func TestCorkHoldsOnePiece(t *testing.T) {
	c, client := corkable(t)
	write := func(text string) {
		t.Helper()
		if n, err := c.Write([]byte(text)); n != len(text) || err != nil {
			t.Fatalf("Write(%q) = %d, %v", text, n, err)
		}
	}
	c.peer.Cork(true)
	write("head ")
	if n := unsent(t, c); n != len("head ") {
		t.Errorf("%d bytes wait with the cork in, want %d", n, len("head "))
	}
	c.peer.Cork(false)
	if n := unsent(t, c); n != 0 {
		t.Errorf("%d bytes wait without a cork", n)
	}
	c.peer.Cork(true)
	write("a ")
	write("b ")
	if n := unsent(t, c); n != 0 {
		t.Errorf("%d bytes wait after the second piece", n)
	}
	c.peer.Cork(true)
	write("c ")
	if n, err := c.ReadFrom(strings.NewReader("d")); n != 1 || err != nil {
		t.Fatalf("ReadFrom = %d, %v", n, err)
	}
	if n := unsent(t, c); n != 0 {
		t.Errorf("%d bytes wait after the file", n)
	}
	c.peer.Cork(false)
	if n := c.written.Load(); n != int64(len("head a b c d")) {
		t.Errorf("counted %d bytes", n)
	}
	c.Conn.Close()
	if got, err := io.ReadAll(client); string(got) != "head a b c d" || err != nil {
		t.Errorf("the client got %q, %v", got, err)
	}
}

func TestCorkKeepsTheDeadline(t *testing.T) {
	c, _ := corkable(t)
	c.sending.patience = 200 * time.Millisecond
	if err := c.SetWriteDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	c.peer.Cork(true)
	const size = 64 << 20 // more than the kernel takes for a client that does not read
	n, err := c.Write(make([]byte, size))
	if n == 0 || n == size || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("Write = %d, %v, want some bytes and a deadline", n, err)
	}
	c.Conn.Close()
	c.peer.Cork(true)
	if n, err := c.Write([]byte("x")); n != 0 || !errors.Is(err, net.ErrClosed) {
		t.Errorf("Write on a closed connection = %d, %v", n, err)
	}
}

func TestFileFollowsItsHead(t *testing.T) {
	content := strings.Repeat("0123456789abcdef", 4<<10)
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	w := start(t, Location{Path: "/", Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		file, err := os.Open(path)
		if err != nil {
			t.Error(err)
			return
		}
		defer file.Close()
		w.Header()["Content-Length"] = []string{"65536"}
		_, _ = io.CopyN(w, file, 65536)
	})})
	client, err := net.Dial("tcp4", w.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	_ = client.SetDeadline(time.Now().Add(patience))
	// HEAD between two GETs: its head must not wait for a file.
	const get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
	if _, err := io.WriteString(client, get+"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"+strings.Replace(get, "\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1)); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(client)
	if err != nil {
		t.Fatal(err)
	}
	pieces := strings.Split(string(got), "HTTP/1.1 200 OK\r\n")
	if len(pieces) != 4 {
		t.Fatalf("%d answers", len(pieces)-1)
	}
	for i, want := range []string{content, "", content} {
		head, body, _ := strings.Cut(pieces[i+1], "\r\n\r\n")
		if body != want || !strings.Contains(head, "Content-Length: 65536") || strings.Contains(head, "chunked") {
			t.Errorf("answer %d: %d bytes after the head %q", i, len(body), head)
		}
	}
}
