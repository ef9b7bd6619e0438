package listeners

import (
	"io"
	"time"
)

// streamBody is the body of a request of HTTP/2: its stream's read deadline
// holds for it, and it counts.
type streamBody struct {
	stream *stream
	inner  io.ReadCloser
}

// Read implements io.Reader.
func (b *streamBody) Read(p []byte) (int, error) {
	b.stream.watchRead()
	n, err := b.inner.Read(p)
	b.stream.unwatchRead()
	b.stream.received += int64(n)
	return n, err
}

// Close implements io.Closer.
func (b *streamBody) Close() error { return b.inner.Close() }

// watchRead arms the deadline for one read.
func (s *stream) watchRead() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.deadline.IsZero() {
		return
	}
	left := max(time.Until(s.deadline), 0)
	if s.reading == nil {
		s.reading = time.AfterFunc(left, s.starved)
	} else {
		s.reading.Reset(left)
	}
}

func (s *stream) unwatchRead() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reading != nil {
		s.reading.Stop()
	}
}
