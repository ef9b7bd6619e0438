package listeners

import (
	"net/http"
	"strings"
	"testing"

	"github.com/appserve/appserve/listeners/exchange"
)

func TestKeepAlive(t *testing.T) {
	w := start(t, says("/", "hello"))
	c := w.dial()
	for range 3 {
		c.get("/")
		c.want(200, "hello")
	}
	if got := strings.Count(w.access.wait(t, `"GET / HTTP/1.1" 200 5`), "\n"); got < 1 {
		t.Errorf("%d lines", got)
	}
	c.send("GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
	c.want(200, "hello")
	c.ended()
}

func TestPipelining(t *testing.T) {
	w := start(t, at("/", func(x *exchange.Exchange, r *http.Request) { _, _ = x.WriteString(x.Path()) }))
	c := w.dial()
	var all strings.Builder
	for _, path := range []string{"/a", "/b", "/c"} {
		all.WriteString("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n")
	}
	c.send(all.String())
	for _, path := range []string{"/a", "/b", "/c"} {
		c.want(200, path)
	}
}

func TestNoSiteAndNoLocation(t *testing.T) {
	w := newWorld(t)
	r, err := NewRoutes([]Site{{Name: "a", Listeners: []string{"main"}, Hosts: []string{"a.example"},
		Locations: []Location{says("/app", "app")}, AccessLog: w.logTo("json")}}, w.logTo("dev"))
	if err != nil {
		t.Fatal(err)
	}
	w.commit(r, w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	c := w.dial()
	c.send("GET /app HTTP/1.1\r\nHost: b.example\r\n\r\n")
	c.want(404, "")
	w.access.wait(t, "no_site\n")
	c.send("GET /other HTTP/1.1\r\nHost: A.example:8000\r\nAccept: application/json\r\n\r\n")
	if a := c.want(404, ""); !strings.HasPrefix(a.body, `{"status": 404, "reason": "no_location", "request_id": "`) {
		t.Errorf("body %q", a.body)
	}
	w.access.wait(t, `"site":"a","location":"","pool":"","worker":"","upstream":"","reason":"no_location"`)
	c.send("GET /app/x HTTP/1.1\r\nHost: a.example.\r\n\r\n")
	c.want(200, "app")
}
