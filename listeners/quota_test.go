package listeners

import (
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/appserve/appserve/listeners/exchange"
)

// busyWorld has a location where requests stay until finish is closed.
func busyWorld(t *testing.T, limit int) (w *world, began chan struct{}, finish chan struct{}) {
	t.Helper()
	w = newWorld(t)
	w.rows.MaxConnections = limit
	began, finish = make(chan struct{}, 10), make(chan struct{})
	w.commit(w.routes(says("/", "hello"), at("/stay", func(x *exchange.Exchange, r *http.Request) {
		began <- struct{}{}
		<-finish
		_, _ = x.WriteString("stayed")
	})), w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	return w, began, finish
}

// Whoever comes after the last one waits in the backlog, and is served when
// somebody leaves.
func TestQuota_FurtherOnesWait(t *testing.T) {
	w, began, finish := busyWorld(t, 2)
	one, two := w.dial(), w.dial()
	for _, c := range []*client{one, two} {
		c.get("/stay")
		wait(t, began, "a request")
	}
	line := w.log.wait(t, "as many connections as max_connections allows")
	if !strings.Contains(line, "max_connections=2") || !strings.Contains(line, "listener=main") {
		t.Error(line)
	}
	three := w.dial()
	three.get("/")
	if n := len(w.server.conns.all(nil)); n != 2 {
		t.Errorf("%d connections are open", n)
	}
	close(finish)
	one.want(200, "stayed")
	one.Close()
	three.want(200, "hello")
	two.want(200, "stayed")
	if got := strings.Count(w.log.wait(t, "as many"), "as many connections"); got != 1 {
		t.Errorf("the log says it %d times", got)
	}
	if err := w.stop(); err != nil {
		t.Fatal(err)
	}
}

// Connections that idle make room for one that asks; what runs stays.
func TestQuota_IdleOnesMakeRoom(t *testing.T) {
	w, began, finish := busyWorld(t, 2)
	idle, busy := w.dial(), w.dial()
	busy.get("/stay")
	wait(t, began, "a request")
	idle.get("/")
	idle.want(200, "hello")
	three := w.dial()
	three.get("/")
	three.want(200, "hello")
	idle.ended()
	close(finish)
	busy.want(200, "stayed")
}

// A reload changes the limit under connections that are open.
func TestQuota_Reload(t *testing.T) {
	w, began, finish := busyWorld(t, 1)
	one, two := w.dial(), w.dial()
	one.get("/stay")
	wait(t, began, "a request")
	two.get("/")
	w.log.wait(t, "as many connections")
	w.rows.MaxConnections = 0
	w.commit(w.routes(says("/", "hello")), w.rows)
	two.want(200, "hello")
	close(finish)
	one.want(200, "stayed")
}

// A stop does not wait for room.
func TestQuota_Stop(t *testing.T) {
	w := newWorld(t)
	w.rows.MaxConnections = 1
	w.commit(w.routes(at("/", func(x *exchange.Exchange, r *http.Request) {
		go func() { _ = w.stop() }()
		for !w.server.stopping.Load() {
			runtime.Gosched()
		}
		_, _ = x.WriteString("last")
	})), w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	one, two := w.dial(), w.dial()
	one.get("/")
	two.send("") // waits in the backlog, and is let in by the stop
	one.want(200, "last")
	one.ended()
	wait(t, w.server.conns.drained(), "the end of the last connection")
}

func TestShareOfDescriptors(t *testing.T) {
	one, four := shareOfDescriptors(1), shareOfDescriptors(4)
	if one <= 0 || four != one/4 && four != (one+1)/4 {
		t.Errorf("%d for one listener, %d for four", one, four)
	}
}
