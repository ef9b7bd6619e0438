package listeners

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/appserve/appserve/listeners/cors"
	"github.com/appserve/appserve/listeners/errorpage"
	"github.com/appserve/appserve/listeners/exchange"
	"github.com/appserve/appserve/listeners/headers"
	"github.com/appserve/appserve/listeners/methods"
	"github.com/appserve/appserve/listeners/variable"
)

// behindRules puts a handler behind every rule of this package's rooms.
func behindRules(t *testing.T, path string, handler http.HandlerFunc) Location {
	t.Helper()
	edits, err := headers.New(headers.Config{Set: []headers.Field{{Name: "X-Rule", Value: variable.Text("yes")}}})
	if err != nil {
		t.Fatal(err)
	}
	policy, err := cors.New(cors.Config{Origins: []string{"https://a.example"}, Methods: []string{"GET"}})
	if err != nil {
		t.Fatal(err)
	}
	pages, err := errorpage.New([]errorpage.Config{{For: "4xx", Body: variable.Text("ours"), ContentType: "text/plain", Intercept: true}})
	if err != nil {
		t.Fatal(err)
	}
	return Location{
		Path:      path,
		Responses: exchange.Responses{CORS: policy, Headers: edits, ErrorPages: pages},
		Handler:   policy.Preflight(methods.Only([]string{"GET"}, headers.Request(edits, handler))),
	}
}

// behindAllRules serves handlers that use all of a connection. goOn lets
// /stream come to its end.
func behindAllRules(t *testing.T, goOn <-chan struct{}) *world {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("content of a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	return start(t,
		behindRules(t, "/stream", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "first\n")
			_ = http.NewResponseController(w).Flush()
			<-goOn
			_, _ = io.WriteString(w, "second\n")
		}),
		behindRules(t, "/file", func(w http.ResponseWriter, _ *http.Request) {
			file, err := os.Open(path)
			if err != nil {
				t.Error(err)
				return
			}
			defer file.Close()
			w.Header().Set("Content-Length", "17")
			if n, err := w.(io.ReaderFrom).ReadFrom(file); n != 17 || err != nil {
				t.Errorf("ReadFrom: %d, %v", n, err)
			}
		}),
		behindRules(t, "/tunnel", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Connection", "Upgrade")
			w.Header().Set("Upgrade", "websocket")
			w.WriteHeader(http.StatusSwitchingProtocols)
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = io.WriteString(conn, "tunnel")
			_ = conn.Close()
		}),
		behindRules(t, "/missing", func(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }),
	)
}

// Rules do not stand between a handler and its connection.
func TestRulesKeepTheWriter(t *testing.T) {
	goOn := make(chan struct{})
	w := behindAllRules(t, goOn)
	c := w.dial()
	c.get("/stream")
	response, err := http.ReadResponse(c.r, &http.Request{Method: http.MethodGet})
	if err != nil {
		t.Fatal(err)
	}
	first := make([]byte, 6)
	if _, err := io.ReadFull(response.Body, first); err != nil || string(first) != "first\n" || response.Header.Get("X-Rule") != "yes" {
		t.Fatalf("%q, %v, %v", first, err, response.Header)
	}
	close(goOn) // only now the handler goes on
	if rest, err := io.ReadAll(response.Body); err != nil || string(rest) != "second\n" {
		t.Fatalf("%q, %v", rest, err)
	}
	c.get("/file")
	c.want(http.StatusOK, "content of a file")
	for range 2 {
		c.get("/missing")
		c.want(http.StatusNotFound, "ours")
	}
	c.send("HEAD /missing HTTP/1.1\r\nHost: a\r\n\r\n")
	if a := c.receive(http.MethodHead); a.ContentLength != 4 || a.body != "" || a.Header.Get("X-Rule") != "yes" {
		t.Errorf("%d %q %v", a.ContentLength, a.body, a.Header)
	}
	c.send("GET /tunnel HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
	text, _ := io.ReadAll(c.r)
	if !strings.HasPrefix(string(text), "HTTP/1.1 101 ") || !strings.Contains(string(text), "X-Rule: yes\r\n") || !strings.HasSuffix(string(text), "\r\n\r\ntunnel") {
		t.Errorf("%q", text)
	}
}

// An application that breaks off in an answer which nobody gets takes neither
// the page nor the connection along.
func TestInterceptedAnswerIsCut(t *testing.T) {
	w := start(t, behindRules(t, "/cut", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "half of")
		exchange.From(w).Abort("upstream_reset")
	}))
	c := w.dial()
	for range 2 {
		c.get("/cut")
		c.want(http.StatusNotFound, "ours")
	}
}

// HTTP/1.0: the end of the connection is the end of the answer.
func TestRulesForOldClients(t *testing.T) {
	goOn := make(chan struct{})
	close(goOn)
	w := behindAllRules(t, goOn)
	for _, path := range []string{"/stream", "/missing"} {
		old := w.dial()
		old.send("GET " + path + " HTTP/1.0\r\n\r\n")
		if text, err := io.ReadAll(old.r); err != nil || !strings.Contains(string(text), "X-Rule: yes\r\n") || !strings.HasSuffix(string(text), map[string]string{"/stream": "first\nsecond\n", "/missing": "ours"}[path]) {
			t.Errorf("%s: %q, %v", path, text, err)
		}
	}
}

// A request that a rule refuses or answers has the location's headers too, and
// the handler does not hear of it.
func TestRulesOfRefusals(t *testing.T) {
	w := start(t, behindRules(t, "/", func(http.ResponseWriter, *http.Request) { t.Error("the handler was called") }))
	c := w.dial()
	for request, status := range map[string]int{
		"DELETE / HTTP/1.1\r\nHost: a\r\nOrigin: https://a.example\r\n\r\n":                                        http.StatusMethodNotAllowed,
		"OPTIONS / HTTP/1.1\r\nHost: a\r\nOrigin: https://a.example\r\n\r\n":                                       http.StatusMethodNotAllowed,
		"OPTIONS / HTTP/1.1\r\nHost: a\r\nOrigin: https://a.example\r\nAccess-Control-Request-Method: GET\r\n\r\n": http.StatusNoContent,
	} {
		c.send(request)
		a := c.want(status, "")
		if a.Header.Get("X-Rule") != "yes" || a.Header.Get("Access-Control-Allow-Origin") != "https://a.example" {
			t.Errorf("%q: %v", request, a.Header)
		}
		if status == http.StatusMethodNotAllowed && (a.body != "ours" || a.Header.Get("Allow") != "GET, HEAD") {
			t.Errorf("%q: %q %v", request, a.body, a.Header)
		}
	}
}
