package listeners

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/appserve/appserve/listeners/exchange"
)

// rest is what a detached request goes on with.
type rest struct {
	x   *exchange.Exchange
	run func(x *exchange.Exchange)
}

func (r *rest) Resume() { r.run(r.x) }

// complete answers the request as soon as its handler has returned.
func (r *rest) complete(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(patience); !r.x.Claim(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the request cannot be claimed")
		}
	}
	r.x.Complete()
}

// leaves is a location whose handler returns before the response is there.
func leaves(t *testing.T, run func(x *exchange.Exchange)) (Location, <-chan *rest) {
	left := make(chan *rest, 1)
	return at("/", func(x *exchange.Exchange, _ *http.Request) {
		r := &rest{x, run}
		if !x.Detach(r) {
			t.Error("not detached")
		}
		left <- r
	}), left
}

func TestDetach_BelongsToItsGeneration(t *testing.T) {
	location, left := leaves(t, func(x *exchange.Exchange) { _, _ = io.WriteString(x, "hello") })
	w := newWorld(t)
	old := w.routes(location)
	w.commit(old, w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	c := w.dial()
	c.get("/old")
	task := <-left
	w.commit(w.routes(says("/", "new")), w.rows)
	select {
	case <-old.Idle():
		t.Fatal("idle while a request waits for its answer")
	case <-time.After(50 * time.Millisecond):
	}
	task.complete(t)
	c.want(http.StatusOK, "hello")
	select {
	case <-old.Idle():
	case <-time.After(patience):
		t.Fatal("never idle")
	}
	w.access.wait(t, "/old")
	c.get("/")
	c.want(http.StatusOK, "new")
}

func TestDetach_AnswersWithDefaults(t *testing.T) {
	location, left := leaves(t, func(*exchange.Exchange) {}) // writes nothing
	w := start(t, location)
	c := w.dial()
	c.get("/")
	(<-left).complete(t)
	c.want(http.StatusOK, "")
	c.get("/")
	(<-left).complete(t)
	c.want(http.StatusOK, "")
}

func TestDetach_Bug(t *testing.T) {
	location, left := leaves(t, func(*exchange.Exchange) { panic("a bug") })
	w := start(t, location)
	c := w.dial()
	c.get("/")
	(<-left).complete(t)
	response, err := http.ReadResponse(c.r, nil)
	if err != nil || response.StatusCode != http.StatusInternalServerError {
		t.Fatalf("got %v, %v", response, err)
	}
	if body, _ := io.ReadAll(response.Body); !strings.Contains(string(body), "500") {
		t.Errorf("got %q", body)
	}
	if _, err := c.r.ReadByte(); err != io.EOF {
		t.Errorf("the connection goes on: %v", err)
	}
	w.log.wait(t, "handler panicked")
	w.access.wait(t, "500")
}

// A handler that panics after all answers as any other that does.
func TestDetach_BugBeforeItReturns(t *testing.T) {
	w := start(t, at("/", func(x *exchange.Exchange, _ *http.Request) {
		x.Detach(&rest{x, func(*exchange.Exchange) { t.Error("resumed") }})
		panic("a bug")
	}))
	c := w.dial()
	c.get("/")
	response, err := http.ReadResponse(c.r, nil)
	if err != nil || response.StatusCode != http.StatusInternalServerError {
		t.Fatalf("got %v, %v", response, err)
	}
	w.log.wait(t, "handler panicked")
}

// What was left to be sent later, and could not be, is not in the access log.
func TestDetach_ClientGoneInTheMiddle(t *testing.T) {
	const size = 32 << 20
	location, left := leaves(t, func(x *exchange.Exchange) {
		x.Header().Set("Content-Length", strconv.Itoa(size))
		_, _ = x.Write(make([]byte, size))
	})
	w := newWorld(t)
	location.AccessLog = w.logTo("json")
	w.commit(w.routes(location), w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	c := w.dial()
	c.get("/")
	(<-left).complete(t)
	_, _ = io.ReadFull(c.r, make([]byte, 1000))
	_ = c.Conn.(*net.TCPConn).SetLinger(0)
	_ = c.Close()
	line := w.access.wait(t, "\n")
	var entry struct {
		Status int    `json:"status"`
		Body   int    `json:"bytes"`
		Reason string `json:"reason"`
	}
	if err := json.Unmarshal([]byte(line), &entry); err != nil {
		t.Fatalf("%v: %s", err, line)
	}
	if entry.Status != 200 || entry.Body <= 0 || entry.Body >= size || entry.Reason != "client_gone" {
		t.Errorf("logged %s", line)
	}
}

func TestDetach_Stop(t *testing.T) {
	location, left := leaves(t, func(x *exchange.Exchange) { _, _ = io.WriteString(x, "hello") })
	w := start(t, location)
	c := w.dial()
	c.get("/")
	task := <-left
	stopped := make(chan error, 1)
	go func() { stopped <- w.stop() }()
	for !w.server.stopping.Load() {
		time.Sleep(time.Millisecond)
	}
	task.complete(t)
	c.want(http.StatusOK, "hello")
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}
