package logsink_test

import (
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/appserve/appserve/listeners/logsink"
)

// recorder is an output in memory that remembers every write.
type recorder struct {
	mu     sync.Mutex
	writes []string
	closed int
	fail   error
	gate   chan struct{} // when set, every write waits for it
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.gate != nil {
		<-r.gate
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fail != nil {
		return 0, r.fail
	}
	r.writes = append(r.writes, string(p))
	return len(p), nil
}

func (r *recorder) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed++
	return nil
}

func (r *recorder) text() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.writes, "")
}

func (r *recorder) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.writes)
}

func (r *recorder) set(fail error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fail = fail
}

func writer(t *testing.T, s *logsink.Sink, name string) *logsink.Writer {
	t.Helper()
	w, err := s.Writer(name)
	if err != nil {
		t.Fatalf("Writer(%q): %v", name, err)
	}
	return w
}

func say(t *testing.T, w io.Writer, line string) {
	t.Helper()
	n, err := io.WriteString(w, line)
	if n != len(line) || err != nil {
		t.Fatalf("Write(%q) = %d, %v", line, n, err)
	}
}

func closeSink(t *testing.T, s *logsink.Sink) {
	t.Helper()
	if err := s.Close(t.Context()); err != nil {
		t.Errorf("Close: %v", err)
	}
}
