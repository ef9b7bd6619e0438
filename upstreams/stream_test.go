package upstreams

import (
	"io"
	"net/http"
	"net/http/httputil"
	"strings"
	"testing"
	"time"
)

func TestStream_ResponsePiecesLeaveAtOnce(t *testing.T) {
	next := make(chan bool)
	s := newScene(t, "unix", nil, func(c *rawConn) {
		c.head()
		c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
		<-next
		c.send("5\r\nfirst\r\n")
		<-next
		c.send("6\r\nsec")
		<-next
		c.send("ond\r\n0\r\n\r\n")
	})
	c := s.dial(t)
	c.send(get)
	if head := c.head(); len(head) == 0 || head[0] != "HTTP/1.1 200 OK" {
		t.Fatalf("the head did not come alone: %q", head)
	}
	next <- true
	c.expect("5\r\nfirst\r\n")
	next <- true
	c.expect("3\r\nsec\r\n")
	next <- true
	c.expect("3\r\nond\r\n0\r\n\r\n")
}

func TestStream_RequestPiecesLeaveAtOnce(t *testing.T) {
	for _, chunked := range []bool{false, true} {
		seen := make(chan string)
		s := newScene(t, "tcp", nil, func(c *rawConn) {
			head := strings.Join(c.head(), "|")
			body, length := io.Reader(c.r), 10
			if chunked {
				body, length = httputil.NewChunkedReader(c.r), 11
			} else if !strings.Contains(head, "Content-Length: 10") {
				t.Errorf("head %q", head)
			}
			for buf := make([]byte, 5); length > 0; length -= 5 {
				n, _ := io.ReadFull(body, buf)
				seen <- string(buf[:n])
			}
			if chunked {
				c.expect("\r\n") // the end of the trailer section
			}
			c.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
		})
		c := s.dial(t)
		if chunked {
			c.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
		} else {
			c.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nfirst")
		}
		if got := <-seen; got != "first" {
			t.Errorf("the server saw %q", got)
		}
		if chunked {
			c.send("5\r\nsecnd\r\n0\r\n\r\n")
		} else {
			c.send("secnd")
		}
		if got := <-seen; got != "secnd" {
			t.Errorf("the server saw %q", got)
		}
		if chunked {
			<-seen // nothing is left
		}
		if head := c.head(); len(head) == 0 || head[0] != "HTTP/1.1 200 OK" {
			t.Errorf("got %q", head)
		}
	}
}

func TestStream_BothWaysAtOnce(t *testing.T) {
	s := newScene(t, "unix", nil, func(c *rawConn) {
		c.head()
		c.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
		_, _ = io.CopyN(c, c.r, 1000)
	})
	c := s.dial(t)
	c.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n")
	c.head()
	for range 100 {
		c.send("0123456789")
		c.expect("0123456789")
	}
}

func TestStream_LargeBodiesBothWays(t *testing.T) {
	const size = 8 << 20
	s := newScene(t, "unix", nil, func(c *rawConn) {
		for {
			r, err := http.ReadRequest(c.r)
			if err != nil {
				return
			}
			c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
			w := httputil.NewChunkedWriter(c)
			_, _ = io.Copy(w, r.Body)
			_ = w.Close()
			c.send("\r\n")
		}
	})
	for range 3 {
		r, err := http.Post(s.server.URL, "a/b", io.LimitReader(zeros{}, size))
		if err != nil {
			t.Fatal(err)
		}
		n, err := io.Copy(io.Discard, r.Body)
		if n != size || err != nil {
			t.Fatalf("%d bytes came back, %v", n, err)
		}
		_ = r.Body.Close()
		<-s.ended
	}
	if n := s.fake.accepted.Load(); n > 1 {
		t.Errorf("%d connections for three echoes", n)
	}
	http.DefaultClient.CloseIdleConnections()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestStream_InterimHeadsArePassedOn(t *testing.T) {
	s := newScene(t, "unix", nil, saying("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </b>\r\n\r\n"+
		"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Last: 1\r\n\r\n", false))
	c := s.dial(t)
	c.send(get)
	for _, want := range []string{"HTTP/1.1 103 Early Hints|Link: </a>", "HTTP/1.1 103 Early Hints|Link: </b>"} {
		if got := strings.Join(c.head(), "|"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if head := c.head(); fields(head) != "Content-Length: 0|X-Last: 1" {
		t.Errorf("final head %q", head)
	}
}

func TestStream_TrailersBothWays(t *testing.T) {
	seen := make(chan string, 1)
	s := newScene(t, "unix", nil, func(c *rawConn) {
		r, err := http.ReadRequest(c.r)
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		seen <- fieldsOf(r.Trailer)
		c.send("HTTP/1.1 200 OK\r\nTrailer: X-Announced\r\nTransfer-Encoding: chunked\r\n\r\n" +
			"2\r\nhi\r\n0\r\nX-Announced: 1\r\nX-Sudden: 2\r\nContent-Length: 3\r\n\r\n")
	})
	c := s.dial(t)
	c.send("POST / HTTP/1.1\r\nHost: h\r\nTrailer: X-Up\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Up: yes\r\nX-Sudden: too\r\n\r\n")
	if got := <-seen; got != "X-Sudden: too|X-Up: yes" {
		t.Errorf("the server saw the trailer %q", got)
	}
	r, err := http.ReadResponse(c.r, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(r.Body); err != nil {
		t.Fatal(err)
	}
	if got := fieldsOf(r.Trailer); got != "X-Announced: 1|X-Sudden: 2" {
		t.Errorf("the client saw the trailers %q", got)
	}
}

func TestStream_SlowClientHoldsTheServerBack(t *testing.T) {
	const size = 64 << 20
	written := make(chan int64, 1)
	s := newScene(t, "unix", nil, func(c *rawConn) {
		c.head()
		c.send("HTTP/1.1 200 OK\r\nContent-Length: 67108864\r\n\r\n")
		_ = c.SetWriteDeadline(time.Now().Add(200 * time.Millisecond))
		n, _ := io.Copy(c, io.LimitReader(zeros{}, size))
		written <- n
	})
	c := s.dial(t)
	c.send(get)
	c.head() // and reads no more
	if n := <-written; n >= size {
		t.Error("the whole body was taken from the server while the client took nothing")
	}
	_ = c.Close()
}

func TestStream_HeadKeepsItsLength(t *testing.T) {
	s := newScene(t, "unix", nil, saying("HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n", false))
	c := s.dial(t)
	c.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n")
	if got := fields(c.head()); got != "Content-Length: 12345" {
		t.Errorf("got %q", got)
	}
}
