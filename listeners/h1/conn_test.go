package h1

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestPipelining(t *testing.T) {
	c := serve(t, testRows, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.URL.Path) })
	var all strings.Builder
	for _, path := range []string{"/a", "/b", "/c"} {
		all.WriteString("POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n   ") // nobody reads it
	}
	c.send(all.String() + "GET /d HTTP/1.1\r\nHo")
	for _, path := range []string{"/a", "/b", "/c"} {
		c.want(200, path)
	}
	c.send("st: a\r\n\r\n")
	c.want(200, "/d")
}

// Nothing of a request is left in the next one on the connection, nor in one
// on another connection.
func TestNothingIsLeft(t *testing.T) {
	c := serve(t, testRows, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Own", "1")
		echo(w, r)
	})
	c.send("POST /a?b HTTP/1.1\r\nHost: a\r\nX: 1\r\nX: 2\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nT: 1\r\n\r\n")
	c.want(200, "POST /a?b a|X: 1\r\nX: 2\r\n|x|T: 1\r\n")
	c.send("GET / HTTP/1.0\r\n\r\n")
	if a := c.want(200, "GET / |||"); len(a.Header["X-Own"]) != 1 {
		t.Errorf("%v", a.Header)
	}
}

func TestHeaderTimeout(t *testing.T) {
	rows := testRows
	rows.HeaderTimeout = 50 * time.Millisecond
	c := serve(t, rows, echo)
	c.send(get)
	c.want(200, "GET / a|||")
	c.told()
	c.send("GET / HTTP/1.1\r\nHost: a\r\n")
	c.want(408, "no")
	c.ended()
	if e := c.told(); e.status != 408 {
		t.Errorf("told %+v", e)
	}
	silent := serve(t, rows, echo)
	silent.ended() // nothing was asked, nothing is answered
}

// The time of a head does not begin anew with each of its bytes.
func TestHeaderTimeoutIsATotal(t *testing.T) {
	rows := testRows
	rows.HeaderTimeout = 200 * time.Millisecond
	c := serve(t, rows, echo)
	for range 100 {
		if _, err := io.WriteString(c, "A"); err != nil {
			break
		}
		time.Sleep(rows.HeaderTimeout / 20)
		select {
		case e := <-c.owner.told:
			if e.status != 408 {
				t.Errorf("told %+v", e)
			}
			return
		default:
		}
	}
	t.Error("a head may take as long as it likes")
}

func TestKeepaliveTimeout(t *testing.T) {
	rows := testRows
	rows.KeepaliveTimeout = 50 * time.Millisecond
	c := serve(t, rows, echo)
	for range 3 { // the deadline of one idle time does not end the next
		c.send(get)
		c.want(200, "GET / a|||")
		time.Sleep(rows.KeepaliveTimeout * 2 / 3)
	}
	c.ended()
}

func TestRetire(t *testing.T) {
	began, finish := make(chan struct{}), make(chan struct{})
	c := serve(t, testRows, func(http.ResponseWriter, *http.Request) { close(began); <-finish })
	c.send(get)
	wait(t, began, "the request's begin")
	c.conn.Retire()
	if !c.conn.Retired() {
		t.Error("it was not asked to leave")
	}
	close(finish)
	c.want(200, "")
	c.ended()
	idle := serve(t, testRows, echo)
	idle.send(get)
	idle.want(200, "GET / a|||")
	idle.conn.Retire()
	idle.ended()
	half := serve(t, testRows, echo)
	half.send("GET / HTTP/1.1\r\n")
	for half.conn.Phase() != Partial {
		time.Sleep(time.Millisecond)
	}
	half.conn.Retire()
	half.send("Host: a\r\n\r\n")
	half.want(200, "GET / a|||")
	half.ended()
	fresh := serve(t, testRows, echo)
	fresh.conn.Retire()
	fresh.send(get) // there is a moment left
	fresh.want(200, "GET / a|||")
	fresh.ended()
}

// A request that arrives as its idle connection is asked to leave is answered.
func TestRetireLosesNoRequest(t *testing.T) {
	for range 200 {
		c := serve(t, testRows, echo)
		c.send(get)
		c.want(200, "GET / a|||")
		for c.conn.Phase() != Idle {
			time.Sleep(time.Microsecond)
		}
		c.send(get)
		c.conn.Retire()
		c.want(200, "GET / a|||")
		c.ended()
	}
}

// Who sends more than we read sees the last answer all the same.
func TestLastAnswerIsSeen(t *testing.T) {
	for range 50 {
		c := serve(t, testRows, func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(2 * time.Millisecond) // until the other requests are here
			echo(w, r)
		})
		c.send("GET / HTTP/1.0\r\n\r\n")
		c.send(strings.Repeat(get, 1000))
		c.want(200, "GET / |||")
		_ = c.Conn.(*net.TCPConn).CloseWrite()
		c.ended()
	}
}

func TestContinue(t *testing.T) {
	read := make(chan bool)
	c := serve(t, testRows, func(w http.ResponseWriter, r *http.Request) {
		if <-read {
			echo(w, r)
		}
	})
	const ask = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-Continue\r\n\r\n"
	c.send(ask)
	read <- true
	c.raw("HTTP/1.1 100 Continue\r\n\r\n")
	c.send("abc")
	c.want(200, "POST / a|Content-Length: 3\r\nExpect: 100-Continue\r\n|abc|")
	c.send(ask)
	read <- false
	if a := c.want(200, ""); !a.Close {
		t.Error("the connection goes on, and nobody knows whether the body comes")
	}
	old := serve(t, testRows, echo) // HTTP/1.0 knows no 100
	old.send("POST / HTTP/1.0\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc")
	old.want(200, "POST / |Content-Length: 3\r\nExpect: 100-continue\r\n|abc|")
}

func TestEarlyAnswer(t *testing.T) {
	c := serve(t, testRows, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadFull(r.Body, make([]byte, r.ContentLength/10))
		_, _ = io.WriteString(w, "early")
	})
	c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n012") // the rest comes after the answer
	if a := c.want(200, "early"); a.Close {
		t.Error("for seven bytes")
	}
	c.send("3456789" + get)
	c.want(200, "early")
	const smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
	c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + strings.Repeat("x", 500) + smuggled) // and never the rest
	c.want(200, "early")
	c.ended()
	large := serve(t, testRows, says("early"))
	large.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n" + smuggled)
	if a := large.want(200, "early"); !a.Close {
		t.Error("nobody waits for so much")
	}
	large.ended()
}

// A client that still sends its body sees the answer and not a reset.
func TestAnswerInTheMiddleOfAnUpload(t *testing.T) {
	c := serve(t, testRows, says("too large"))
	c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n")
	piece := strings.Repeat("x", 16<<10)
	for range 12 {
		c.send(piece)
		time.Sleep(5 * time.Millisecond)
	}
	c.want(200, "too large")
}

// And so does one that does not look before it has sent all of it.
func TestAnswerBehindAnUpload(t *testing.T) {
	c := serve(t, testRows, says("too large"))
	c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 16777216\r\n\r\n")
	c.send(strings.Repeat("x", 16<<20))
	c.want(200, "too large")
}

// Whoever keeps a body reads nothing of the next request.
func TestKeptBody(t *testing.T) {
	kept := make(chan io.Reader, 1)
	c := serve(t, testRows, func(_ http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			kept <- r.Body
		}
	})
	c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc" + "GET / HTTP/1.1\r\n")
	c.want(200, "")
	body := <-kept
	for c.conn.Phase() != Partial { // it is over when the next request begins
		time.Sleep(time.Millisecond)
	}
	if n, err := body.Read(make([]byte, 10)); n != 0 || !errors.Is(err, http.ErrBodyReadAfterClose) {
		t.Errorf("%d, %v", n, err)
	}
	c.send("Host: a\r\n\r\n")
	c.want(200, "")
}

func TestDeadlineOfTheHandler(t *testing.T) {
	c := serve(t, testRows, func(w http.ResponseWriter, r *http.Request) {
		control := http.NewResponseController(w)
		if err := errors.Join(control.EnableFullDuplex(), control.SetReadDeadline(time.Now().Add(20*time.Millisecond))); err != nil {
			t.Error(err)
		}
		if _, err := io.ReadAll(r.Body); !isTimeout(err) {
			t.Errorf("reading ended with %v", err)
		}
		late := time.AfterFunc(20*time.Millisecond, func() { _ = control.SetReadDeadline(time.Unix(1, 0)) })
		defer late.Stop()
		_ = control.SetReadDeadline(time.Time{})
		if _, err := r.Body.Read(make([]byte, 1)); !isTimeout(err) {
			t.Errorf("reading ended with %v", err)
		}
		_ = control.SetReadDeadline(time.Time{})
		w.(http.Flusher).Flush()
		echo(w, r)
	})
	c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n")
	c.raw("chunked\r\n\r\n")
	c.send("abc")
	c.raw("|abc|\r\n0\r\n\r\n")
}

func TestHijack(t *testing.T) {
	c := serve(t, testRows, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "Upgrade")
		w.Header().Set("Upgrade", "echo")
		w.WriteHeader(http.StatusSwitchingProtocols)
		nc, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		if _, err := w.Write(nil); !errors.Is(err, http.ErrHijacked) {
			t.Errorf("Write: %v", err)
		}
		if n := buffered.Reader.Buffered(); n != len("early ") {
			t.Errorf("%d bytes came early", n)
		}
		_, _ = io.Copy(nc, buffered)
		_ = nc.(interface{ CloseWrite() error }).CloseWrite()
		if err := nc.Close(); err != nil || nc.Close() == nil {
			t.Errorf("Close: %v", err)
		}
	})
	c.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\nearly ")
	head := c.raw("\r\n\r\n")
	if !strings.HasPrefix(head, "HTTP/1.1 101 ") || !strings.Contains(head, "Connection: Upgrade\r\n") || strings.Contains(head, "Length") {
		t.Errorf("head %q", head)
	}
	c.send("late")
	c.raw("early late")
	if err := c.Conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	c.ended()
	if e := c.told(); e.sent != int64(len(head)+len("early late")) || e.received < int64(len("early late")) {
		t.Errorf("told %+v", e)
	}
}

// A client whose connection is reset ends the context while the handler works.
func TestClientGone(t *testing.T) {
	began := make(chan struct{})
	gone := make(chan error, 1)
	c := serve(t, testRows, func(_ http.ResponseWriter, r *http.Request) {
		derived, cancel := context.WithCancel(r.Context())
		defer cancel()
		if r.Context().Err() != nil || r.Context().Value(t) != nil {
			t.Error("the context is over before it began")
		}
		close(began)
		select {
		case <-derived.Done():
			gone <- r.Context().Err()
		case <-time.After(patience):
			gone <- nil
		}
	})
	c.send(get)
	wait(t, began, "the request's begin")
	_ = c.Conn.(*net.TCPConn).SetLinger(0)
	c.Conn.Close()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("the context says %v", err)
	}
}

// A client that ended its direction gets its answer; who wants to know that it
// may be gone can.
func TestHalfClose(t *testing.T) {
	c := serve(t, testRows, func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-w.(*response).ClientEnded():
		case <-time.After(patience):
			t.Error("nobody saw that the client ended its direction")
		}
		if err := r.Context().Err(); err != nil {
			t.Errorf("the context says %v", err)
		}
		_, _ = io.WriteString(w, "hello")
	})
	c.send(get)
	if err := c.Conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	c.want(200, "hello")
	c.ended()
}

func TestCut(t *testing.T) {
	began, gone := make(chan struct{}), make(chan struct{})
	c := serve(t, testRows, func(_ http.ResponseWriter, r *http.Request) {
		stop := context.AfterFunc(r.Context(), func() { close(gone) })
		defer stop()
		close(began)
		wait(t, gone, "the end of the context")
	})
	c.send(get)
	wait(t, began, "the request's begin")
	c.conn.Cut()
	c.ended()
}

func TestAfterFuncIsForgotten(t *testing.T) {
	x := &connContext{}
	stop := context.AfterFunc(x, func() { t.Error("called") })
	if !stop() || stop() {
		t.Error("stop came too late")
	}
	x.cancel()
	x.cancel()
	called := make(chan struct{})
	if stop := context.AfterFunc(x, func() { close(called) }); stop() {
		t.Error("stopped after the end")
	}
	wait(t, called, "the function")
	wait(t, x.Done(), "the end")
	wait(t, x.halfClosed(), "the end of the client")
}
