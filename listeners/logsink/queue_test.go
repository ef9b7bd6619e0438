package logsink

import (
	"strings"
	"testing"
)

func TestQueueTakesMemoryAsItFills(t *testing.T) {
	q := newQueue()
	if err := q.put([]byte("x\n")); err != nil {
		t.Fatal(err)
	}
	if q.held != chunkSize {
		t.Errorf("one line holds %d bytes, want one chunk", q.held)
	}
	for range 100 {
		c := q.take()
		q.give(c, 0)
		if err := q.put([]byte("y\n")); err != nil {
			t.Fatal(err)
		}
	}
	if q.held != chunkSize || len(q.chunks) != 1 {
		t.Errorf("%d bytes in %d chunks after writing, want one chunk", q.held, len(q.chunks))
	}
}

func TestQueueBounds(t *testing.T) {
	for name, c := range map[string]struct {
		line  string
		count int
		lost  int64
	}{
		"longer than the queue":   {strings.Repeat("a", queueSize), 1, 1},
		"longer than a chunk":     {strings.Repeat("a", 3*chunkSize-1) + "\n", 1, 0},
		"several lines in a put":  {strings.Repeat("\n", queueSize+1), 1, queueSize + 1},
		"exactly full":            {strings.Repeat("a", chunkSize-1) + "\n", queueSize / chunkSize, 0},
		"one more than fits":      {strings.Repeat("a", chunkSize-1) + "\n", queueSize/chunkSize + 1, 1},
		"wasting lines stay safe": {strings.Repeat("a", chunkSize/2) + "\n", 2 * queueSize / chunkSize, queueSize / chunkSize},
	} {
		t.Run(name, func(t *testing.T) {
			q := newQueue()
			for range c.count {
				if err := q.put([]byte(c.line)); err != nil {
					t.Fatal(err)
				}
			}
			held := q.held
			for c := q.take(); c != nil; c = q.take() {
				q.give(c, 0)
			}
			if got := q.takeLost(); got != c.lost || held > queueSize || q.held != 0 {
				t.Errorf("lost %d lines holding %d bytes, want %d lost", got, held, c.lost)
			}
		})
	}
}
