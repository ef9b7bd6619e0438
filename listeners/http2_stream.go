package listeners

import (
	"io"
	"net/http"
	"sync"
	"time"
)

// streamPiece is how much of a response is written at once: a client has to
// take that much within send_timeout.
const streamPiece = frameSize

// copyBuffer is what ReadFrom reads at once.
const copyBuffer = 64 << 10

// stream is the http.ResponseWriter of one request of HTTP/2, between the
// exchange and the standard library. Its deadlines act as those of a
// connection do: only while something is read or written, not while the
// application thinks; the library's would end the stream whatever it does.
type stream struct {
	engine  *http2Engine
	inner   http.ResponseWriter
	control *http.ResponseController
	header  http.Header

	mu       sync.Mutex // the watches fire in goroutines of their own
	over     bool       // the handler has returned
	writing  *time.Timer
	reading  *time.Timer
	deadline time.Time // of reading

	head     int64 // bytes of the request's head, as HTTP/1.1 would write it
	fields   int   // its field lines
	sent     int64 // bytes as well as they are known: without the library's compression of heads
	received int64
}

func newStream(e *http2Engine, w http.ResponseWriter, r *http.Request) *stream {
	s := &stream{engine: e, inner: w, control: http.NewResponseController(w), header: w.Header()}
	bytes := fieldBytes(r.Header) + int64(len(r.Method)+len(r.RequestURI)+len(r.Host))
	for _, values := range r.Header {
		s.fields += len(values)
	}
	s.head = bytes + int64(s.fields+1)*int64(len(": \r\n")) + int64(len("  HTTP/1.1\r\nHost: \r\n"))
	s.received = frameHead + bytes
	if r.ContentLength == 0 {
		r.Body = http.NoBody
	} else {
		r.Body = &streamBody{stream: s, inner: r.Body}
	}
	return s
}

func fieldBytes(header http.Header) (n int64) {
	for name, values := range header {
		for _, value := range values {
			n += int64(len(name) + len(value))
		}
	}
	return n
}

// Header implements http.ResponseWriter.
func (s *stream) Header() http.Header { return s.header }

// WriteHeader implements http.ResponseWriter.
func (s *stream) WriteHeader(status int) {
	s.sent += frameHead + fieldBytes(s.header)
	s.inner.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (s *stream) Write(p []byte) (n int, err error) {
	for len(p) > 0 && err == nil {
		var m int
		s.watch()
		m, err = s.inner.Write(p[:min(len(p), streamPiece)])
		s.unwatch()
		n += m
		s.sent += int64(m) + frameHead
		p = p[m:]
	}
	return n, err
}

// ReadFrom implements io.ReaderFrom. HTTP/2 has no sendfile.
func (s *stream) ReadFrom(src io.Reader) (int64, error) {
	buffer, ok := s.engine.buffers.Get().(*[copyBuffer]byte)
	if !ok {
		buffer = new([copyBuffer]byte)
	}
	defer s.engine.buffers.Put(buffer)
	return io.CopyBuffer(struct{ io.Writer }{s}, struct{ io.Reader }{src}, buffer[:])
}

// FlushError sends what is buffered.
func (s *stream) FlushError() error {
	s.watch()
	defer s.unwatch()
	return s.control.Flush()
}

// EnableFullDuplex is what HTTP/2 does anyway.
func (s *stream) EnableFullDuplex() error { return nil }

// SetReadDeadline ends a read of the body that takes longer.
func (s *stream) SetReadDeadline(t time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deadline = t
	return nil
}

// watch gives the client its time for a piece.
func (s *stream) watch() {
	patience := s.engine.settings.sendTimeout
	if patience == 0 {
		return
	}
	if s.writing == nil {
		s.writing = time.AfterFunc(patience, s.stalled)
	} else {
		s.writing.Reset(patience)
	}
}

func (s *stream) unwatch() {
	if s.writing != nil {
		s.writing.Stop()
	}
}

// stalled resets the stream: the write under way fails.
func (s *stream) stalled() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.over {
		_ = s.control.SetWriteDeadline(time.Unix(1, 0))
	}
}

// starved makes the read under way, and all further ones, fail.
func (s *stream) starved() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.over {
		_ = s.control.SetReadDeadline(time.Unix(1, 0))
	}
}

// end is due when the handler has returned: then the library takes its writer
// back, and no watch may touch it.
func (s *stream) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
	s.unwatch()
	if s.reading != nil {
		s.reading.Stop()
	}
}
