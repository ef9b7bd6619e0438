package main

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"
)

// thinkTime lies between two requests of one client, so that the load leaves
// some of a small machine to the servers it is for.
const thinkTime = 2 * time.Millisecond

// load is a crowd of clients that send one request after another until they
// are stopped. Every answer is kept that is not what was wanted.
type load struct {
	s        *instance
	path     string
	accept   func(status int, body string) string // "" when the answer is right
	stopping chan struct{}
	wg       sync.WaitGroup

	mu       sync.Mutex
	requests int
	failures []string
	seen     map[string]int // bodies of right answers
	slowest  time.Duration
}

// startLoad starts clients; every second one opens a connection per request.
func startLoad(s *instance, path string, clients int, accept func(int, string) string) *load {
	l := &load{s: s, path: path, accept: accept, stopping: make(chan struct{}), seen: map[string]int{}}
	for n := range clients {
		transport := &http.Transport{DisableKeepAlives: n%2 == 1}
		l.wg.Add(1)
		go l.run(transport)
	}
	return l
}

func (l *load) run(transport *http.Transport) {
	defer l.wg.Done()
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: 30 * time.Second}
	for {
		select {
		case <-l.stopping:
			return
		default:
			began := time.Now()
			status, body, err := fetch(client, l.s.url(l.path))
			l.note(status, body, err, time.Since(began))
			time.Sleep(thinkTime)
		}
	}
}

func (l *load) note(status int, body string, err error, took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.requests++
	l.slowest = max(l.slowest, took)
	complaint := ""
	if err != nil {
		complaint = err.Error()
	} else {
		complaint = l.accept(status, body)
	}
	if complaint != "" {
		l.failures = append(l.failures, complaint)
		return
	}
	l.seen[body]++
}

// stop ends the clients and returns how many requests failed.
func (l *load) stop() []string {
	close(l.stopping)
	l.wg.Wait()
	return l.failures
}

// mustBeClean stops the load and fails the test for any failed request.
func (l *load) mustBeClean(t *testing.T) {
	t.Helper()
	failures := l.stop()
	if l.requests == 0 {
		t.Error("the load sent no request at all")
	}
	for n, failure := range failures {
		if n == 5 {
			t.Errorf("... and %d more", len(failures)-n)
			break
		}
		t.Errorf("failed request: %s", failure)
	}
}

func (l *load) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.requests
}

func (l *load) saw(body string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.seen[body]
}

func fetch(client *http.Client, url string) (int, string, error) {
	response, err := client.Get(url)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return response.StatusCode, string(body), fmt.Errorf("reading the body: %w", err)
	}
	return response.StatusCode, string(body), nil
}

// is200 accepts every complete 200.
func is200(status int, body string) string {
	if status != http.StatusOK {
		return fmt.Sprintf("status %d: %.200s", status, body)
	}
	return ""
}
