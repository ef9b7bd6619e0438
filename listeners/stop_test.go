package listeners

import (
	"context"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/appserve/appserve/listeners/exchange"
)

func TestStop(t *testing.T) {
	w := newWorld(t)
	began, finish := make(chan struct{}), make(chan struct{})
	routes := w.routes(says("/", "hello"), at("/slow", func(x *exchange.Exchange, r *http.Request) {
		close(began)
		<-finish
		_, _ = x.WriteString("done")
	}))
	w.commit(routes, w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	idle, busy, silent := w.dial(), w.dial(), w.dial()
	idle.get("/")
	idle.want(200, "hello")
	busy.get("/slow")
	wait(t, began, "the request's begin")
	stopped := make(chan error)
	go func() { stopped <- w.stop() }()
	idle.ended()
	silent.ended()
	if happened(routes.Idle()) {
		t.Error("idle while a request runs")
	}
	close(finish)
	if a := busy.want(200, "done"); !a.Close {
		t.Error("a stopping server keeps a connection")
	}
	busy.ended()
	if err := <-stopped; err != nil {
		t.Errorf("Stop: %v", err)
	}
	wait(t, routes.Idle(), "routes idle")
	if c, err := netDial(w.addr); err == nil {
		c.Close()
		t.Error("still listening")
	}
	if err := w.stop(); err != nil {
		t.Errorf("Stop again: %v", err)
	}
	if _, err := w.server.Prepare([]Listener{w.rows}); err == nil {
		t.Error("prepared after Stop")
	}
}

func TestStopCutsWhatTakesTooLong(t *testing.T) {
	began, gone := make(chan struct{}), make(chan struct{})
	w := start(t, at("/", func(x *exchange.Exchange, r *http.Request) {
		close(began)
		<-r.Context().Done()
		close(gone)
	}))
	c := w.dial()
	c.get("/")
	wait(t, began, "the request's begin")
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if err := w.server.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "1 connections cut") {
		t.Errorf("Stop: %v", err)
	}
	c.ended()
	wait(t, gone, "the handler's context")
}

// What connected before the stop is in the backlog, and is served.
func TestStopServesTheBacklog(t *testing.T) {
	w := newWorld(t)
	path := filepath.Join(t.TempDir(), "x.sock")
	w.commit(w.routes(says("/", "hello")), unixListener("main", path))
	var clients []*client
	for range 50 {
		c := dial(t, "unix", path)
		c.get("/")
		clients = append(clients, c)
	}
	if err := w.stop(); err != nil {
		t.Fatal(err)
	}
	for _, c := range clients {
		c.want(200, "hello")
		c.ended()
	}
}

// tunnel takes over the connection, greets, and echoes until the client ends.
func tunnel(x *exchange.Exchange, r *http.Request) {
	if r.Header.Get("Connection") != "Upgrade" || r.Header.Get("Upgrade") != "websocket" {
		x.Fail(http.StatusBadRequest, "no_handshake")
		return
	}
	conn, buffered, err := x.Hijack()
	if err != nil {
		x.Fail(http.StatusInternalServerError, "no_hijack")
		return
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
	_, _ = io.Copy(conn, buffered)
}

const handshake = "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n\r\n"

func TestTunnel(t *testing.T) {
	w := start(t, at("/", tunnel))
	c := w.dial()
	c.send(handshake + "early ")
	if a := c.receive(http.MethodGet); a.StatusCode != 101 {
		t.Fatalf("status %d", a.StatusCode)
	}
	c.send("late")
	got := make([]byte, 10)
	if _, err := io.ReadFull(c.r, got); err != nil || string(got) != "early late" {
		t.Fatalf("%q, %v", got, err)
	}
	c.Close()
	w.access.wait(t, `"GET / HTTP/1.1" 101 `)
	if left := len(w.server.conns.all(nil)); left != 0 {
		t.Errorf("%d connections are left", left)
	}
}

// http.Server forgets hijacked connections; Stop does not.
func TestStopWaitsForTunnelsAndCutsThem(t *testing.T) {
	w := start(t, at("/", tunnel))
	c := w.dial()
	c.send(handshake)
	c.receive(http.MethodGet)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if err := w.server.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Stop: %v", err)
	}
	c.ended()
}
