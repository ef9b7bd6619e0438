package h1

import (
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"
)

// left is a task: how a request goes on that was detached.
type left struct {
	w     http.ResponseWriter
	run   func(w http.ResponseWriter)
	where chan string // "there": by Complete, "here": in the connection's goroutine

	mu      sync.Mutex
	there   bool
	resumed bool
}

func (l *left) Resume() {
	l.mu.Lock()
	l.resumed = true
	where := "here"
	if l.there {
		where = "there"
	}
	l.mu.Unlock()
	l.run(l.w)
	l.where <- where
}

// complete does what the one who has a response does. It says whether it was
// the one to answer.
func (l *left) complete() bool {
	l.mu.Lock()
	w := l.w.(*response)
	l.there = !l.resumed && w.Claim()
	if !l.there && !l.resumed {
		w.Recall()
	}
	claimed := l.there
	l.mu.Unlock()
	if claimed {
		w.Complete()
	}
	return claimed
}

// recall has the connection's goroutine go on.
func (l *left) recall() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.resumed {
		l.w.(*response).Recall()
	}
}

// detaching is a handler that detaches every request, and hands over what is left.
func detaching(t *testing.T, run func(http.ResponseWriter)) (http.HandlerFunc, chan *left) {
	tasks := make(chan *left, 100)
	return func(w http.ResponseWriter, _ *http.Request) {
		task := &left{w: w, run: run, where: make(chan string, 1)}
		if !w.(*response).Detach(task) {
			t.Error("the request was not detached")
		}
		tasks <- task
	}, tasks
}

func sayHello(w http.ResponseWriter) { _, _ = io.WriteString(w, "hello") }

// settled waits until the connection's goroutine has let go of the turn, so
// that it waits for the client.
func settled(c *Conn) {
	for !c.turn.mu.TryLock() {
		time.Sleep(time.Millisecond)
	}
	c.turn.mu.Unlock()
}

// detached sends a request, and gives what is left of it once the connection's
// goroutine waits for the client.
func (c *client) detached(tasks <-chan *left) *left {
	c.send(get)
	task := <-tasks
	settled(c.conn)
	return task
}

func TestDetach_SomebodyElseAnswers(t *testing.T) {
	handler, tasks := detaching(t, sayHello)
	c := serve(t, testRows, handler)
	for range 3 {
		task := c.detached(tasks)
		if !task.complete() {
			t.Fatal("the request could not be claimed")
		}
		if where := <-task.where; where != "there" {
			t.Fatalf("it was resumed %s", where)
		}
		if a := c.want(http.StatusOK, "hello"); a.ContentLength != 5 {
			t.Fatalf("Content-Length %d", a.ContentLength)
		}
		if e := c.told(); e.received != int64(len(get)) || e.sent == 0 {
			t.Fatalf("told %+v", e)
		}
		if p := c.conn.Phase(); p != Idle {
			t.Fatalf("phase %v", p)
		}
		c.conn.turn.mu.Lock()
		if c.conn.desk != nil {
			t.Error("an idle connection holds a desk")
		}
		c.conn.turn.mu.Unlock()
	}
}

// A response that is there before the handler has returned is sent by the
// connection's goroutine: nobody waits for it.
func TestDetach_ResponseComesTooEarly(t *testing.T) {
	c := serve(t, testRows, func(w http.ResponseWriter, _ *http.Request) {
		task := &left{w: w, run: sayHello, where: make(chan string, 1)}
		if !w.(*response).Detach(task) || task.complete() {
			t.Error("claimed before the handler has returned")
		}
	})
	for range 3 {
		c.send(get)
		c.want(http.StatusOK, "hello")
		c.told()
	}
}

func TestDetach_Recall(t *testing.T) {
	handler, tasks := detaching(t, sayHello)
	c := serve(t, testRows, handler)
	for range 3 {
		task := c.detached(tasks)
		task.recall()
		if task.complete() {
			t.Fatal("claimed what was recalled")
		}
		if where := <-task.where; where != "here" {
			t.Fatalf("it was resumed %s", where)
		}
		c.want(http.StatusOK, "hello")
		c.told()
	}
}

func TestDetach_ClientSpeaks(t *testing.T) {
	handler, tasks := detaching(t, sayHello)
	c := serve(t, testRows, handler)
	first := c.detached(tasks)
	c.send(get) // it does not wait for the answer
	if where := <-first.where; where != "here" {
		t.Fatalf("it was resumed %s", where)
	}
	c.want(http.StatusOK, "hello")
	second := <-tasks
	settled(c.conn)
	if !second.complete() {
		t.Fatal("not claimed")
	}
	c.want(http.StatusOK, "hello")
}

func TestDetach_RefusedWhere(t *testing.T) {
	for name, request := range map[string]string{
		"there is a body":     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
		"the connection ends": "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
		"another one waits":   get + get,
	} {
		t.Run(name, func(t *testing.T) {
			var once sync.Once
			c := serve(t, testRows, func(w http.ResponseWriter, _ *http.Request) {
				once.Do(func() {
					if w.(*response).Detach(nil) {
						t.Error("detached")
					}
				})
				sayHello(w)
			})
			c.send(request)
			c.want(http.StatusOK, "hello")
		})
	}
	near, far := net.Pipe() // as with TLS there is no socket
	o := newOwner(func(w http.ResponseWriter, _ *http.Request) {
		if w.(*response).Detach(nil) {
			t.Error("detached")
		}
	})
	go New(testRows).NewConn(near, o).Serve()
	_, _ = io.WriteString(far, get)
	_, _ = far.Read(make([]byte, 1000))
	far.Close()
	wait(t, o.closed, "the end")
}

func TestDetach_HalfClose(t *testing.T) {
	handler, tasks := detaching(t, sayHello)
	c := serve(t, testRows, handler)
	task := c.detached(tasks)
	_ = c.Conn.(*net.TCPConn).CloseWrite()
	if where := <-task.where; where != "here" {
		t.Fatalf("it was resumed %s", where)
	}
	c.want(http.StatusOK, "hello")
	c.ended()
}

func TestDetach_Reset(t *testing.T) {
	handler, tasks := detaching(t, func(http.ResponseWriter) {})
	c := serve(t, testRows, handler)
	task := c.detached(tasks)
	_ = c.Conn.(*net.TCPConn).SetLinger(0)
	_ = c.Close()
	<-task.where
	if c.conn.context.Err() == nil {
		t.Error("the context was not cancelled")
	}
}

func TestDetach_Cut(t *testing.T) {
	handler, tasks := detaching(t, func(http.ResponseWriter) {})
	c := serve(t, testRows, handler)
	task := c.detached(tasks)
	c.conn.Cut()
	<-task.where
	wait(t, c.owner.closed, "the end")
}

func TestDetach_Retire(t *testing.T) {
	handler, tasks := detaching(t, sayHello)
	c := serve(t, testRows, handler)
	task := c.detached(tasks)
	c.conn.Retire()
	if !task.complete() {
		t.Fatal("a request that runs was resumed because its connection was asked to leave")
	}
	c.want(http.StatusOK, "hello")
	c.ended()
	wait(t, c.owner.closed, "the end")
}

func TestDetach_KeepaliveTimeout(t *testing.T) {
	rows := testRows
	rows.KeepaliveTimeout = 200 * time.Millisecond
	handler, tasks := detaching(t, sayHello)
	c := serve(t, rows, handler)
	task := c.detached(tasks)
	time.Sleep(2 * rows.KeepaliveTimeout) // it does not run meanwhile
	if !task.complete() {
		t.Fatal("not claimed")
	}
	c.want(http.StatusOK, "hello")
	c.ended()
}
