package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// later sends a request in the background; the channel gives "STATUS BODY" or the error.
func (s *instance) later(path string) <-chan string {
	answer := make(chan string, 1)
	go s.answerLater(answer, http.MethodGet, path, nil)
	return answer
}

// slowUpload posts size bytes to /echo, spread evenly over the given time.
func (s *instance) slowUpload(size int, over time.Duration) <-chan string {
	const pieces = 20
	answer := make(chan string, 1)
	body := &slowReader{piece: bytes.Repeat([]byte("u"), size/pieces), left: pieces, pause: over / pieces, rest: size % pieces}
	go s.answerLater(answer, http.MethodPost, "/echo", body)
	return answer
}

func (s *instance) answerLater(answer chan<- string, method, path string, body io.Reader) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 90 * time.Second}
	request, err := http.NewRequest(method, s.url(path), body)
	if err != nil {
		answer <- err.Error()
		return
	}
	if slow, ok := body.(*slowReader); ok {
		request.ContentLength = int64(len(slow.piece)*slow.left + slow.rest)
	}
	response, err := client.Do(request)
	if err != nil {
		answer <- err.Error()
		return
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		answer <- err.Error()
		return
	}
	answer <- fmt.Sprintf("%d %s", response.StatusCode, strings.TrimSpace(string(content)))
}

// slowReader is a client that takes its time: one piece, a pause, the next.
type slowReader struct {
	piece  []byte
	left   int
	rest   int
	pause  time.Duration
	unsent []byte
}

func (r *slowReader) Read(p []byte) (int, error) {
	if len(r.unsent) == 0 {
		switch {
		case r.left > 0:
			time.Sleep(r.pause)
			r.unsent = r.piece
			r.left--
		case r.rest > 0:
			r.unsent = r.piece[:r.rest]
			r.rest = 0
		default:
			return 0, io.EOF
		}
	}
	n := copy(p, r.unsent)
	r.unsent = r.unsent[n:]
	return n, nil
}
