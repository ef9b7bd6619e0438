package listeners

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/appserve/appserve/listeners/accesslog"
	"github.com/appserve/appserve/listeners/exchange"
	"github.com/appserve/appserve/listeners/variable"
)

// patience is how long a test waits for what should happen at once.
const patience = 10 * time.Second

// lines collects written lines; tests wait for one.
type lines struct {
	mu   sync.Mutex
	cond *sync.Cond
	text strings.Builder
}

func newLines() *lines {
	l := &lines{}
	l.cond = sync.NewCond(&l.mu)
	return l
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cond.Broadcast()
	return l.text.Write(p)
}

// wait returns everything written once it holds want.
func (l *lines) wait(t *testing.T, want string) string {
	t.Helper()
	deadline := time.Now().Add(patience) // before the timer, or its only call could come too early
	timeout := time.AfterFunc(patience, func() { l.cond.Broadcast() })
	defer timeout.Stop()
	l.mu.Lock()
	defer l.mu.Unlock()
	for !strings.Contains(l.text.String(), want) {
		if time.Now().After(deadline) {
			t.Fatalf("never logged %q; there is:\n%s", want, l.text.String())
		}
		l.cond.Wait()
	}
	return l.text.String()
}

// world is a server with one listener "main" on a free port.
type world struct {
	t      *testing.T
	server *Server
	log    *lines // the server's own log, at debug
	access *lines
	addr   string
	rows   Listener
}

func loopback(name string) Listener {
	return Listener{
		Name: name, Addresses: []Address{{Text: "127.0.0.1:0", Network: "tcp4", Target: "127.0.0.1:0"}},
		Backlog: 128, HeaderTimeout: patience, KeepaliveTimeout: patience, MaxHeaderSize: 32 << 10, Declared: "test.hcl:1",
	}
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, log: newLines(), access: newLines(), rows: loopback("main")}
	logger := hclog.New(&hclog.LoggerOptions{Level: hclog.Debug, Output: w.log, DisableTime: true})
	w.server = NewServer(Options{Logger: logger})
	t.Cleanup(func() { w.server.Close() })
	return w
}

// start serves one site for every host on the listener "main".
func start(t *testing.T, locations ...Location) *world {
	t.Helper()
	w := newWorld(t)
	w.commit(w.routes(locations...), w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	return w
}

func (w *world) logTo(template string) *accesslog.Log {
	w.t.Helper()
	l, err := accesslog.New(accesslog.Options{Format: template, Writer: w.access})
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

func (w *world) routes(locations ...Location) *Routes {
	w.t.Helper()
	for i := range locations {
		if locations[i].AccessLog == nil {
			locations[i].AccessLog = w.logTo("dev")
		}
	}
	r, err := NewRoutes([]Site{{Name: "all", Listeners: []string{"main"}, Hosts: []string{"*"}, Locations: locations}}, w.logTo("dev"))
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) commit(r *Routes, ls ...Listener) {
	w.t.Helper()
	transition, err := w.server.Prepare(ls)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := transition.Commit(r); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return w.server.Stop(ctx)
}

// at makes a location of a function.
func at(path string, f func(x *exchange.Exchange, r *http.Request)) Location {
	return Location{Path: path, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { f(exchange.From(w), r) })}
}

// says makes a location that answers with a text.
func says(path, text string) Location {
	return Location{Path: path, Handler: Respond(200, "text/plain", variable.Text(text))}
}

// client is a raw connection.
type client struct {
	t *testing.T
	net.Conn
	r *bufio.Reader
}

func (w *world) dial() *client {
	w.t.Helper()
	return dial(w.t, "tcp", w.addr)
}

func dial(t *testing.T, network, addr string) *client {
	t.Helper()
	c, err := net.Dial(network, addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return &client{t, c, bufio.NewReader(c)}
}

func (c *client) send(text string) {
	c.t.Helper()
	if _, err := io.WriteString(c, text); err != nil {
		c.t.Fatalf("sending: %v", err)
	}
}

// get sends a plain request for a path.
func (c *client) get(path string) {
	c.t.Helper()
	c.send("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n")
}

// answer is a response with its content.
type answer struct {
	*http.Response
	body string
}

// receive reads a response to a request of a method.
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
	if a.StatusCode != status || body != "" && a.body != body {
		c.t.Fatalf("got %d %q, want %d %q", a.StatusCode, a.body, status, body)
	}
	return a
}

// ended checks that the server has closed the connection.
func (c *client) ended() {
	c.t.Helper()
	rest, err := io.ReadAll(c.r)
	if len(rest) > 0 {
		c.t.Fatalf("more came: %q", rest)
	}
	if err != nil && !bytes.Contains([]byte(err.Error()), []byte("reset")) {
		c.t.Fatalf("not closed: %v", err)
	}
}

func hostPort(t *testing.T, addr string) (host, port string) {
	t.Helper()
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	return host, port
}

// compileLog makes an access log of variables, separated by blanks.
func compileLog(t *testing.T, w *world, names ...string) *accesslog.Log {
	t.Helper()
	var parts []variable.Part
	for i, name := range names {
		if i > 0 {
			parts = append(parts, variable.Part{Literal: " "})
		}
		parts = append(parts, variable.Part{Variable: name})
	}
	template, err := variable.Compile(parts)
	if err != nil {
		t.Fatal(err)
	}
	l, err := accesslog.New(accesslog.Options{Line: template, Writer: w.access})
	if err != nil {
		t.Fatal(err)
	}
	return l
}
