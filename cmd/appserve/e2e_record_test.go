package main

import (
	"bytes"
	"regexp"
	"strings"
	"sync"
	"time"
)

// record keeps what a process prints and lets tests wait for a line of it.
type record struct {
	mu      sync.Mutex
	content bytes.Buffer
	changed chan struct{}
}

func newRecord() *record { return &record{changed: make(chan struct{})} }

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.changed)
	r.changed = make(chan struct{})
	return r.content.Write(p)
}

func (r *record) text() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.content.String()
}

// since is what was printed from an offset on, and a channel that is closed
// when there is more.
func (r *record) since(offset int) (string, <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return string(r.content.Bytes()[offset:]), r.changed
}

// wait returns the first line that matches, when there is one within limit
// and before the process ended.
func (r *record) wait(pattern *regexp.Regexp, limit time.Duration, exited <-chan struct{}) (string, bool) {
	expired := time.After(limit)
	for seen := 0; ; {
		text, changed := r.since(seen)
		if at := pattern.FindStringIndex(text); at != nil {
			return lineAt(text, at[0]), true
		}
		seen += strings.LastIndexByte(text, '\n') + 1 // logs of many megabytes are searched once
		select {
		case <-changed:
		case <-expired:
			return "", false
		case <-exited:
			text, _ := r.since(seen)
			at := pattern.FindStringIndex(text)
			if at == nil {
				return "", false
			}
			return lineAt(text, at[0]), true
		}
	}
}

func lineAt(text string, offset int) string {
	start := bytes.LastIndexByte([]byte(text[:offset]), '\n') + 1
	end := bytes.IndexByte([]byte(text[offset:]), '\n')
	if end < 0 {
		return text[start:]
	}
	return text[start : offset+end]
}
