package listeners

import (
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/appserve/appserve/listeners/exchange"
)

// Whoever comes after the last one waits in the backlog, and is served when
// somebody leaves.
func TestQuota_FurtherOnesWait(t *testing.T) {
	w := newWorld(t)
	w.rows.MaxConnections = 2
	w.commit(w.routes(says("/", "hello")), w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	one, two := w.dial(), w.dial()
	for _, c := range []*client{one, two} {
		c.get("/")
		c.want(200, "hello")
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
	one.Close()
	three.want(200, "hello")
	if got := strings.Count(w.log.wait(t, "as many"), "as many connections"); got != 1 {
		t.Errorf("the log says it %d times", got)
	}
	if err := w.stop(); err != nil {
		t.Fatal(err)
	}
}

// A reload changes the limit under connections that are open.
func TestQuota_Reload(t *testing.T) {
	w := newWorld(t)
	w.rows.MaxConnections = 1
	routes := func() *Routes { return w.routes(says("/", "hello")) }
	w.commit(routes(), w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	one, two := w.dial(), w.dial()
	one.get("/")
	one.want(200, "hello")
	two.get("/")
	w.log.wait(t, "as many connections")
	w.rows.MaxConnections = 0
	w.commit(routes(), w.rows)
	two.want(200, "hello")
	w.rows.MaxConnections = 1
	w.commit(routes(), w.rows)
	one.Close()
	two.get("/")
	two.want(200, "hello")
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
