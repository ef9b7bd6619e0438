package h1

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// A client that does not read gets all of a large response from the
// connection's goroutine; who has it does not wait.
func TestDetach_SlowClient(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789abcdef"), 1<<20)
	handler, tasks := detaching(t, func(w http.ResponseWriter) {
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
		for piece := content; len(piece) > 0; piece = piece[min(len(piece), 100_000):] {
			if _, err := w.Write(piece[:min(len(piece), 100_000)]); err != nil {
				t.Error(err)
			}
		}
	})
	c := serve(t, testRows, handler)
	for range 2 {
		task := c.detached(tasks)
		if !task.complete() { // returns before the client has read anything
			t.Fatal("not claimed")
		}
		c.want(http.StatusOK, string(content))
		if e := c.told(); e.sent < int64(len(content)) {
			t.Fatalf("told %+v", e)
		}
	}
}

func TestDetach_Panics(t *testing.T) {
	for name, value := range map[string]any{"given up": http.ErrAbortHandler, "a bug": errors.New("a bug")} {
		t.Run(name, func(t *testing.T) {
			handler, tasks := detaching(t, func(w http.ResponseWriter) {
				w.Header().Set("Content-Length", "10")
				_, _ = io.WriteString(w, "hello")
				_ = http.NewResponseController(w).Flush()
				panic(value)
			})
			c := serve(t, testRows, handler)
			task := c.detached(tasks)
			if !task.complete() {
				t.Fatal("not claimed")
			}
			all, _ := io.ReadAll(c.r)
			if !strings.HasSuffix(string(all), "\r\n\r\nhello") {
				t.Errorf("got %q", all)
			}
			wait(t, c.owner.closed, "the end")
			if n := len(c.owner.panics); (n == 1) != (name == "a bug") {
				t.Errorf("%d panics were reported", n)
			}
		})
	}
}

// A handler that panics after it has detached its request ends the connection.
func TestDetach_HandlerPanics(t *testing.T) {
	c := serve(t, testRows, func(w http.ResponseWriter, _ *http.Request) {
		w.(*response).Detach(&left{w: w, run: sayHello, where: make(chan string, 1)})
		panic("a bug")
	})
	c.send(get)
	c.ended()
	wait(t, c.owner.closed, "the end")
}

// Whatever comes first, every request is answered once and in order, while
// clients send one by one, two at a time, or a half and then the rest.
func TestDetach_Races(t *testing.T) {
	handler := func(w http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		task := &left{w: w, where: make(chan string, 1), run: func(w http.ResponseWriter) { _, _ = io.WriteString(w, path) }}
		if !w.(*response).Detach(task) {
			task.run(w)
			return
		}
		go task.complete()
	}
	var clients sync.WaitGroup
	for i := range 8 {
		c := serve(t, testRows, handler)
		clients.Add(1)
		go func() {
			defer clients.Done()
			for n := 0; n < 300; n += 2 {
				one, two := request(n), request(n+1)
				switch (n/2 + i) % 3 {
				case 0:
					_, _ = io.WriteString(c, one+two)
				case 1:
					_, _ = io.WriteString(c, one)
					_, _ = io.WriteString(c, two)
				default:
					_, _ = io.WriteString(c, one+two[:9])
					_, _ = io.WriteString(c, two[9:])
				}
				for at := n; at < n+2; at++ {
					response, err := http.ReadResponse(c.r, nil)
					if err != nil {
						t.Errorf("request %d: %v", at, err)
						return
					}
					body, err := io.ReadAll(response.Body)
					if want := "/" + strconv.Itoa(at); err != nil || string(body) != want {
						t.Errorf("got %q, %v, want %q", body, err, want)
						return
					}
				}
			}
		}()
	}
	clients.Wait()
}

func request(n int) string { return "GET /" + strconv.Itoa(n) + " HTTP/1.1\r\nHost: a\r\n\r\n" }
