package pool_test

import (
	"strings"
	"sync"
	"testing"
	"time"
)

// logBuffer keeps what a logger writes and lets a test wait for a line.
type logBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// wait waits until the log holds all of the words in one line.
func (b *logBuffer) wait(t testing.TB, words ...string) {
	t.Helper()
	eventually(t, func() bool { return b.has(words...) }, func() string {
		return "no line with " + strings.Join(words, " and ") + " in the log:\n" + b.String()
	})
}

func (b *logBuffer) has(words ...string) bool {
	for line := range strings.Lines(b.String()) {
		found := true
		for _, word := range words {
			found = found && strings.Contains(line, word)
		}
		if found {
			return true
		}
	}
	return false
}

// eventually polls a condition that other goroutines bring about.
func eventually(t testing.TB, ok func() bool, what func() string) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatal(what())
		}
		time.Sleep(2 * time.Millisecond)
	}
}
