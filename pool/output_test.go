package pool

import (
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
)

// heldWriter holds every write back until it is let go.
type heldWriter struct {
	mu   sync.Mutex
	text strings.Builder
	gate chan struct{}
}

func (w *heldWriter) Write(p []byte) (int, error) {
	<-w.gate
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func (w *heldWriter) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// startOutput returns an output, the writing ends of its pipes, and its log.
func startOutput(t *testing.T) (o *output, stdout, stderr *os.File, log *heldWriter) {
	t.Helper()
	outReader, stdout, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	errReader, stderr, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	log = &heldWriter{gate: make(chan struct{})}
	logger := hclog.New(&hclog.LoggerOptions{Output: log, DisableTime: true})
	return newOutput(workerLog{logger, "test", 0, 1}, outReader, errReader), stdout, stderr, log
}

func TestOutput_Lines(t *testing.T) {
	o, stdout, stderr, log := startOutput(t)
	close(log.gate)
	long := strings.Repeat("l", lineCap+10)
	_, _ = stdout.WriteString("one\ntwo\r\nthree \x1b[31mred\x00\xff ü\n\n \r\nwithout end")
	_, _ = stderr.WriteString("problem\nTraceback (most recent call last):\n" + long + "\n")
	_ = stdout.Close()
	_ = stderr.Close()
	o.finish()
	if lines := strings.Count(log.String(), "\n"); lines != 8 {
		t.Errorf("%d lines, and one of what was written is blank:\n%s", lines, log)
	}
	for _, want := range []string{
		"one: pool=test slot=0 pid=1 stream=stdout\n", `two\r: pool=test`, `three \x1b[31mred\x00\xff ü: pool=test slot=0 pid=1`, "without end: pool=test slot=0 pid=1",
		"problem: pool=test slot=0 pid=1 stream=stderr\n", "Traceback (most recent call last): pool=test", " llllllllll: pool=test slot=0 pid=1 stream=stderr\n",
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("no %q in the log", want)
		}
	}
	if tail := o.stderrTail(); len(tail) > tailCap || !strings.HasSuffix(tail, "llllllllll") {
		t.Errorf("tail of %d bytes", len(tail))
	}
}

// Whatever the log does, the worker never waits: what does not fit is counted.
func TestOutput_NeverBlocksTheWorker(t *testing.T) {
	o, stdout, stderr, log := startOutput(t)
	line := strings.Repeat("x", 1000) + "\n"
	for range 10 << 10 { // 10 MB, while the log takes nothing
		if _, err := stdout.WriteString(line); err != nil {
			t.Fatal(err)
		}
	}
	_ = stdout.Close()
	_ = stderr.Close()
	close(log.gate)
	o.finish()
	if !strings.Contains(log.String(), "lines of output lost") {
		t.Error("nothing is said about the lost lines")
	}
	if n := len(log.String()); n > 3*pendingCap {
		t.Errorf("%d bytes were kept", n)
	}
}

// A grandchild may hold a pipe for ever.
func TestOutput_FinishIsBounded(t *testing.T) {
	o, stdout, stderr, log := startOutput(t)
	defer stdout.Close()
	defer stderr.Close()
	close(log.gate)
	begun := time.Now()
	o.finish()
	if d := time.Since(begun); d < outputGrace || d > 5*outputGrace {
		t.Errorf("took %v", d)
	}
}
