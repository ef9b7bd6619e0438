package logsink

import (
	"os"
	"sync/atomic"
)

// Writer writes lines to one output. It is safe for concurrent use.
type Writer struct {
	sink   *Sink
	output *output
	closed atomic.Bool
}

// Write queues one or more whole lines; a missing line end is added. It never
// blocks: when the queue is full the lines are dropped and counted, and Write
// says nothing about it. The only error is os.ErrClosed, after Close. p is not
// kept.
func (w *Writer) Write(p []byte) (int, error) {
	if w.closed.Load() {
		return 0, os.ErrClosed
	}
	if err := w.output.queue.put(p); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Close gives the output back; its file is closed when the last writer is gone
// and what it holds is written. Close does not wait for that.
func (w *Writer) Close() error {
	if !w.closed.Swap(true) {
		w.sink.release(w.output)
	}
	return nil
}
