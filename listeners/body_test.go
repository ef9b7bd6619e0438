package listeners

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/appserve/appserve/listeners/exchange"
)

func TestChunkedRequestKeepsItsConnection(t *testing.T) {
	w := start(t, at("/", echo))
	c := w.dial()
	for range 2 {
		c.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
		if a := c.want(200, ""); a.Close || !strings.Contains(a.body, `"body_b64":"YWJj"`) {
			t.Errorf("close %v, body %s", a.Close, a.body)
		}
	}
}

func TestBodyTooLarge(t *testing.T) {
	var called atomic.Bool
	location := at("/", func(x *exchange.Exchange, r *http.Request) { called.Store(true); echo(x, r) })
	location.MaxBodySize = 10
	w := start(t, location)
	c := w.dial()
	c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n") // and no body: the answer does not wait for it
	c.want(413, "")
	if called.Load() {
		t.Error("the handler ran")
	}
	w.access.wait(t, " body_too_large\n")
	c = w.dial()
	c.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n6\r\nabcdef\r\n")
	c.want(413, "")
	c = w.dial()
	c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789")
	c.want(200, "")
}

// A handler that reads the body itself learns why it ended.
func TestBodyFailureOfAStreamingHandler(t *testing.T) {
	location := at("/", func(x *exchange.Exchange, r *http.Request) {
		_, err := io.Copy(io.Discard, r.Body)
		var tooLarge *http.MaxBytesError
		if status, reason, ok := x.BodyFailure(); ok && errors.As(err, &tooLarge) {
			x.Fail(status, reason)
		}
	})
	location.MaxBodySize = 4
	w := start(t, location)
	c := w.dial()
	c.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n")
	c.want(413, "")
	c = w.dial()
	c.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n")
	c.want(200, "")
}

func TestContinueIsSentWhenTheBodyIsRead(t *testing.T) {
	read, begin := make(chan struct{}), make(chan struct{})
	w := start(t, at("/read", func(x *exchange.Exchange, r *http.Request) { close(begin); <-read; echo(x, r) }), says("/deny", "no"))
	c := w.dial()
	c.send("POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
	<-begin
	if c.r.Buffered() > 0 {
		t.Fatal("an answer before the body was asked for")
	}
	close(read)
	if line, err := c.r.ReadString('\n'); err != nil || !strings.HasPrefix(line, "HTTP/1.1 100 ") {
		t.Fatalf("%q, %v", line, err)
	}
	if _, err := c.r.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	c.send("abc")
	c.want(200, "")
	c = w.dial()
	c.send("POST /deny HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
	if a := c.want(200, "no"); !a.Close {
		t.Error("the connection goes on, and nobody knows whether the body comes")
	}
}

func TestLargeBodyIsAFile(t *testing.T) {
	w := start(t, at("/", func(x *exchange.Exchange, r *http.Request) {
		data, file, size, ok := x.BufferBody()
		_, again, _, _ := x.BufferBody()
		if !ok || data != nil || file == nil || again != file || size != 1<<20 {
			t.Errorf("%d bytes in memory, file %v, size %d, %v", len(data), file, size, ok)
			return
		}
		_, _ = io.Copy(x, io.NewSectionReader(file, 0, size))
		x.ReleaseBody()
		x.ReleaseBody()
	}))
	body := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	response, err := http.Post("http://"+w.addr+"/", "text/plain", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if got, err := io.ReadAll(response.Body); err != nil || !bytes.Equal(got, body) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

func TestTrailersOfARequest(t *testing.T) {
	w := start(t, at("/", func(x *exchange.Exchange, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = x.WriteString(r.Trailer.Get("X-Sum") + " " + r.Header.Get("X-Sum"))
	}))
	for _, declared := range []string{"", "Trailer: X-Sum\r\n"} {
		c := w.dial()
		c.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" + declared + "\r\n3\r\nabc\r\n0\r\nX-Sum: 7\r\n\r\n")
		c.want(200, "7 ")
	}
}

func TestHalfABodyIsTheClientsFault(t *testing.T) {
	w := start(t, at("/", echo))
	c := w.dial()
	c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
	if err := c.Conn.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	c.want(400, "")
	w.access.wait(t, " client_gone\n")
}

// An answer does not wait for the body, and the rest of a body is never taken
// for a request.
func TestAnswerBeforeTheBody(t *testing.T) {
	w := start(t, says("/", "early"), at("/cut", func(x *exchange.Exchange, r *http.Request) {
		interruptRead(t, x, r.Body)
		_, _ = x.WriteString("cut")
	}), at("/some", func(x *exchange.Exchange, r *http.Request) {
		_, _ = io.ReadFull(r.Body, make([]byte, 3))
		_, _ = x.WriteString("some")
	}))
	c := w.dial()
	c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n012") // the rest comes after the answer
	c.want(200, "early")
	c.send("3456789")
	c.get("/")
	c.want(200, "early")
	c.send("POST /some HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789")
	c.get("/")
	c.want(200, "some")
	c.want(200, "early")
	const smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
	c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n" + smuggled) // and never the rest
	c.want(200, "early")
	c.ended()
	huge := w.dial()
	huge.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n" + smuggled)
	huge.want(200, "early")
	huge.ended()
	cut := w.dial()
	cut.send("POST /cut HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
	cut.want(200, "cut")
	cut.send(smuggled)
	cut.ended()
	shy := w.dial()
	shy.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 34\r\nExpect: 100-continue\r\n\r\n")
	if a := shy.want(200, "early"); !a.Close {
		t.Error("the connection goes on, and nobody knows whether the body comes")
	}
	if log := w.access.wait(t, "POST /some "); strings.Contains(log, "smuggled") {
		t.Errorf("log:\n%s", log)
	}
}

// interruptRead begins to read a body and gives up, as a handler does that has
// its answer already.
func interruptRead(t *testing.T, x *exchange.Exchange, body io.Reader) {
	control := http.NewResponseController(x)
	failed := make(chan error)
	go func() {
		_, err := body.Read(make([]byte, 3))
		failed <- err
	}()
	again := time.NewTicker(time.Millisecond)
	defer again.Stop()
	for {
		_ = control.SetReadDeadline(time.Unix(1, 0))
		select {
		case err := <-failed:
			if !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("read: %v", err)
			}
			_ = control.SetReadDeadline(time.Time{})
			return
		case <-again.C:
		}
	}
}
