package listeners

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/appserve/appserve/listeners/exchange"
)

// wait fails the test when an event does not come.
func wait(t *testing.T, event <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-event:
	case <-time.After(patience):
		t.Fatalf("%s: never", what)
	}
}

func happened(event <-chan struct{}) bool {
	select {
	case <-event:
		return true
	default:
		return false
	}
}

// Old request, old behaviour; new request, new behaviour.
func TestGenerationIsChosenPerRequest(t *testing.T) {
	w := newWorld(t)
	began, finish := make(chan struct{}), make(chan struct{})
	old := w.routes(at("/", func(x *exchange.Exchange, r *http.Request) {
		close(began)
		<-finish
		_, _ = x.WriteString("old")
	}))
	w.commit(old, w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	running, half, idle := w.dial(), w.dial(), w.dial()
	running.get("/")
	wait(t, began, "the request's begin")
	half.send("GET / HTTP/1.1\r\nHo")
	idle.send("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")
	idle.want(200, "")

	w.commit(w.routes(says("/", "new")), w.rows)
	if happened(old.Idle()) {
		t.Error("idle while a request runs")
	}
	half.send("st: test\r\n\r\n")
	half.want(200, "new")
	idle.get("/")
	idle.want(200, "new")
	close(finish)
	if a := running.want(200, "old"); a.Close {
		t.Error("the listener stays, so its connections do")
	}
	wait(t, old.Idle(), "old routes idle")
	running.get("/")
	running.want(200, "new")
}

func TestIdleWithoutRequests(t *testing.T) {
	w := newWorld(t)
	old := w.routes(says("/", "old"))
	w.commit(old, w.rows)
	if happened(old.Idle()) {
		t.Error("the current routes are idle")
	}
	w.commit(w.routes(says("/", "new")), w.rows)
	wait(t, old.Idle(), "old routes idle")
}

func TestChangedConnectionRowsEndConnections(t *testing.T) {
	w := start(t, says("/", "hello"))
	c := w.dial()
	c.get("/")
	c.want(200, "hello")
	w.rows.MaxHeaderSize = 5000
	w.commit(w.routes(says("/", "hello")), w.rows)
	c.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("x", 6000) + "\r\n\r\n")
	if a := c.want(200, "hello"); !a.Close { // its own rows until it ends
		t.Error("the connection goes on with rows that are gone")
	}
	c.ended()
	c = w.dial()
	c.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("x", 6000) + "\r\n\r\n")
	c.want(431, "")
}

func TestRemovedListener(t *testing.T) {
	w := newWorld(t)
	began, finish := make(chan struct{}), make(chan struct{})
	slow := at("/slow", func(x *exchange.Exchange, r *http.Request) { close(began); <-finish; _, _ = x.WriteString("done") })
	sites := func() *Routes {
		r, err := NewRoutes([]Site{{Name: "all", Listeners: []string{"main", "other"}, Hosts: []string{"*"},
			Locations: []Location{says("/", "hello"), slow}}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	w.commit(sites(), w.rows, listener("other", "127.0.0.2:0"))
	w.addr = w.server.Addresses("other")[0].String()
	idle, busy := w.dial(), w.dial()
	idle.get("/")
	idle.want(200, "hello")
	busy.get("/slow")
	wait(t, began, "the request's begin")

	w.commit(sites(), w.rows)
	idle.ended()
	close(finish)
	if a := busy.want(200, "done"); a.body != "done" {
		t.Error(a.body)
	}
	busy.ended()
	if c, err := netDial(w.addr); err == nil {
		c.Close()
		t.Error("still listening")
	}
}

// A thousand requests in flight through a swap: none fails.
func TestThousandRequestsThroughACommit(t *testing.T) {
	const n = 1000
	w := newWorld(t)
	w.rows.Backlog = 4096
	var began sync.WaitGroup
	began.Add(n)
	finish := make(chan struct{})
	old := w.routes(at("/", func(x *exchange.Exchange, r *http.Request) { began.Done(); <-finish; _, _ = x.WriteString("old") }))
	w.commit(old, w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	var good atomic.Int64
	var clients sync.WaitGroup
	transport := &http.Transport{MaxIdleConnsPerHost: n}
	defer transport.CloseIdleConnections()
	for range n {
		clients.Go(func() {
			response, err := (&http.Client{Transport: transport}).Get("http://" + w.addr + "/")
			if err != nil {
				t.Error(err)
				return
			}
			defer response.Body.Close()
			if text, err := io.ReadAll(response.Body); err == nil && string(text) == "old" {
				good.Add(1)
			}
		})
	}
	began.Wait()
	w.commit(w.routes(says("/", "new")), w.rows)
	close(finish)
	clients.Wait()
	if good.Load() != n {
		t.Errorf("%d of %d requests were answered by their generation", good.Load(), n)
	}
	wait(t, old.Idle(), "old routes idle")
}

// Under load with new connections and old ones, ten swaps lose nothing, also
// when the settings of connections change.
func TestSwapsUnderLoad(t *testing.T) {
	w := start(t, says("/", "0"))
	stop := make(chan struct{})
	var clients sync.WaitGroup
	var requests atomic.Int64
	for i := range 8 {
		clients.Go(func() {
			transport := &http.Transport{DisableKeepAlives: i%2 == 0}
			defer transport.CloseIdleConnections()
			client := &http.Client{Transport: transport}
			for !happened(stop) {
				response, err := client.Get("http://" + w.addr + "/")
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, response.Body)
				response.Body.Close()
				if response.StatusCode != 200 {
					t.Errorf("status %d", response.StatusCode)
				}
				requests.Add(1)
			}
		})
	}
	for i := range 10 {
		before := requests.Load()
		w.rows.MaxHeaderSize = int64(16+i) << 10
		w.commit(w.routes(says("/", fmt.Sprint(i))), w.rows)
		for deadline := time.Now().Add(patience); requests.Load() < before+20 && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond) // a poll with a deadline: some load between two swaps
		}
	}
	close(stop)
	clients.Wait()
	if requests.Load() < 200 {
		t.Errorf("only %d requests", requests.Load())
	}
}
