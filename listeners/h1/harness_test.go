package h1

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how long a test waits for what should happen at once.
const patience = 10 * time.Second

// event is what an owner was told.
type event struct {
	status         int // of a refusal; 0: a request was finished
	detail         string
	sent, received int64
}

// owner serves with a handler and remembers what it was told.
type owner struct {
	handler func(http.ResponseWriter, *http.Request)
	told    chan event
	refusal *event
	panics  chan any
	once    sync.Once
	closed  chan struct{}
}

func newOwner(handler func(http.ResponseWriter, *http.Request)) *owner {
	return &owner{handler: handler, told: make(chan event, 1000), panics: make(chan any, 10), closed: make(chan struct{})}
}

func (o *owner) Serve(w http.ResponseWriter, r *http.Request) { o.handler(w, r) }

func (o *owner) Resume(left Task) { left.Resume() }

func (o *owner) Refuse(r Refusal) []byte {
	o.refusal = &event{status: r.Status, detail: r.Detail}
	return fmt.Appendf(nil, "HTTP/1.1 %d No\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno", r.Status)
}

func (o *owner) Finish(sent, received int64) {
	e := event{}
	if o.refusal != nil {
		e = *o.refusal
	}
	e.sent, e.received = sent, received
	o.told <- e
}

func (o *owner) Panicked(value any, _ []byte) { o.panics <- value }
func (o *owner) Closed()                      { o.once.Do(func() { close(o.closed) }) }

// client is the other end of a served connection.
type client struct {
	t *testing.T
	net.Conn
	r     *bufio.Reader
	owner *owner
	conn  *Conn
}

// testRows are rows that are in nobody's way.
var testRows = Rows{
	HeaderTimeout: patience, KeepaliveTimeout: patience, SendTimeout: patience, MaxHeaderSize: 32 << 10, MaxHeaderCount: 100,
}

// serve serves one connection with a handler, and gives its other end.
func serve(t *testing.T, rows Rows, handler func(http.ResponseWriter, *http.Request)) *client {
	t.Helper()
	near, far := pair(t)
	o := newOwner(handler)
	c := New(rows).NewConn(near, o)
	go c.Serve()
	t.Cleanup(func() {
		far.Close()
		select {
		case <-o.closed:
		case <-time.After(patience):
			t.Error("the connection was never closed")
		}
	})
	_ = far.SetDeadline(time.Now().Add(patience))
	return &client{t: t, Conn: far, r: bufio.NewReader(far), owner: o, conn: c}
}

// pair is a TCP connection with its two ends.
func pair(t *testing.T) (near, far net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	far, err = net.Dial("tcp4", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	near, err = l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	return near, far
}

func (c *client) send(text string) {
	c.t.Helper()
	if _, err := io.WriteString(c, text); err != nil {
		c.t.Fatalf("sending: %v", err)
	}
}

// answer is a response with its content.
type answer struct {
	*http.Response
	body string
}

func (c *client) receive(method string) answer {
	c.t.Helper()
	response, err := http.ReadResponse(c.r, &http.Request{Method: method})
	if err != nil {
		c.t.Fatalf("reading a response: %v", err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatalf("reading a response's content: %v", err)
	}
	return answer{response, string(body)}
}

// want reads a response to GET and checks status and content.
func (c *client) want(status int, body string) answer {
	c.t.Helper()
	a := c.receive(http.MethodGet)
	if a.StatusCode != status || a.body != body {
		c.t.Fatalf("got %d %q, want %d %q", a.StatusCode, a.body, status, body)
	}
	return a
}

// raw reads up to a text, and gives everything.
func (c *client) raw(end string) string {
	c.t.Helper()
	var got strings.Builder
	for !strings.HasSuffix(got.String(), end) {
		b, err := c.r.ReadByte()
		if err != nil {
			c.t.Fatalf("got %q, then %v, want %q", got.String(), err, end)
		}
		got.WriteByte(b)
	}
	return got.String()
}

// ended checks that nothing more comes and the connection is closed.
func (c *client) ended() {
	c.t.Helper()
	rest, err := io.ReadAll(c.r)
	if len(rest) > 0 || err != nil && !strings.Contains(err.Error(), "reset") {
		c.t.Fatalf("more came: %q, %v", rest, err)
	}
}

// told gives the next event.
func (c *client) told() event {
	c.t.Helper()
	select {
	case e := <-c.owner.told:
		return e
	case <-time.After(patience):
		c.t.Fatal("the owner was told nothing")
		return event{}
	}
}

func wait(t *testing.T, event <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-event:
	case <-time.After(patience):
		t.Fatalf("%s: never", what)
	}
}

// echo answers with the request line, its fields in order of their names, and
// its body.
func echo(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	_, _ = fmt.Fprintf(w, "%s %s %s|", r.Method, r.RequestURI, r.Host)
	_ = r.Header.WriteSubset(w, nil)
	_, _ = fmt.Fprintf(w, "|%s|", body)
	_ = r.Trailer.Write(w)
}
