package h1

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
)

// delimiting is how the end of a response's content is told.
type delimiting int

const (
	undecided delimiting = iota
	byLength
	byChunks
	byClose
	without // HEAD, 204, 304: there is no content
)

// response is the http.ResponseWriter of a request. Head and content are put
// together in one buffer, and leave in one piece as long as they fit. Forming
// a response (WriteHeader, Write, compose) and sending it (emit) are apart, so
// that somebody else than the connection's goroutine may do both.
type response struct {
	conn   *Conn
	header http.Header
	status int
	head   bool // HEAD
	minor  int  // of the request's version

	mu        sync.Mutex // when the client waits for 100 Continue
	expects   bool
	continued bool // 100 was sent

	how       delimiting
	length    int64 // as declared; -1: not
	written   int64 // content so far
	committed bool  // the head has been sent
	final     bool  // the connection ends with this response
	promised  bool  // trailers were announced
	dated     bool  // the handler has set Date
	hijacked  bool
	finished  bool
	err       error // of sending; final

	buf    []byte // buf[room:] is fields, then content; in front of them there is room
	room   int
	body   int // where content begins
	fields []namedValues
}

const (
	// headRoom is what the part of the head that is known last may take, in
	// front of the fields, in bytes: status line, Date, framing, Connection.
	headRoom = 192
	// chunkRoom is what the line before a chunk may take, in bytes.
	chunkRoom = 20
)

func (w *response) init() {
	w.header = http.Header{}
	w.buf = make([]byte, headRoom, outputSize)
}

// clear makes it ready for the next request.
func (w *response) clear() {
	header, buf, fields := w.header, w.buf, w.fields
	if len(header) > keepFields {
		header = http.Header{}
	} else {
		clear(header)
	}
	clear(fields)
	if cap(buf) > keepSize {
		buf = make([]byte, headRoom, outputSize)
	}
	*w = response{header: header, buf: buf[:headRoom], fields: fields[:0]}
}

// begin starts the response to the connection's request.
func (w *response) begin(c *Conn) {
	r := c.request
	w.conn, w.minor, w.head = c, r.ProtoMinor, r.Method == http.MethodHead
	w.final, w.length = r.Close, -1
	w.expects = c.framing.expects && c.body != nil
	w.buf, w.room = w.buf[:headRoom], headRoom
}

// Header implements http.ResponseWriter.
func (w *response) Header() http.Header { return w.header }

// WriteHeader implements http.ResponseWriter. The header cannot be changed any
// more; nothing is sent yet, except for an interim response.
func (w *response) WriteHeader(status int) {
	switch {
	case w.status != 0 || w.hijacked:
		return
	case status < 200 && status != http.StatusSwitchingProtocols:
		w.interim(status)
		return
	}
	w.status = status
	w.formFields()
	w.body = len(w.buf)
	switch {
	case status == http.StatusSwitchingProtocols:
		w.how, w.length, w.final = without, -1, true
		_ = w.emit(nil, true) // the handler takes the connection over, and will see
	case w.head, status == http.StatusNoContent, status == http.StatusNotModified:
		w.how = without
	case w.length >= 0:
		w.how = byLength
	}
}

// Write implements http.ResponseWriter.
func (w *response) Write(p []byte) (int, error) {
	n, err := w.admit(len(p))
	if n == 0 || w.how == without {
		return n, err
	}
	if w.fits(n) {
		w.buf = append(w.buf, p[:n]...)
		return n, err
	}
	if failed := w.emit(p[:n], false); failed != nil {
		return 0, failed
	}
	return n, err
}

// WriteString implements io.StringWriter.
func (w *response) WriteString(s string) (int, error) {
	if w.status == 0 && !w.hijacked {
		w.WriteHeader(http.StatusOK)
	}
	if !w.fits(len(s)) {
		return w.Write([]byte(s))
	}
	n, err := w.admit(len(s))
	if n > 0 && w.how != without {
		w.buf = append(w.buf, s[:n]...)
	}
	return n, err
}

// admit takes n bytes of content into account, and says how many of them may
// be sent.
func (w *response) admit(n int) (int, error) {
	if w.hijacked {
		return 0, http.ErrHijacked
	}
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.err != nil {
		return 0, w.err
	}
	if w.how == without && !w.head {
		return 0, http.ErrBodyNotAllowed
	}
	var err error
	if w.length >= 0 && w.written+int64(n) > w.length {
		n, err = int(w.length-w.written), http.ErrContentLength
	}
	w.written += int64(n)
	return n, err
}

// fits reports whether n bytes of content can wait in the buffer, with what
// goes around a chunk.
func (w *response) fits(n int) bool { return len(w.buf)+n+2*chunkRoom <= cap(w.buf) }

// Flush implements http.Flusher.
func (w *response) Flush() { _ = w.FlushError() }

// FlushError sends what waits in the buffer.
func (w *response) FlushError() error {
	if w.hijacked {
		return http.ErrHijacked
	}
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.err != nil || w.committed && len(w.buf) == w.body {
		return w.err
	}
	return w.emit(nil, false)
}

// ReadFrom implements io.ReaderFrom: files leave by sendfile.
func (w *response) ReadFrom(src io.Reader) (n int64, err error) {
	if w.status == 0 && !w.hijacked {
		w.WriteHeader(http.StatusOK)
	}
	if w.conn.raw != nil && !w.conn.out.once && w.how == byLength && w.err == nil && !w.hijacked {
		if p, ok := partOf(src); ok {
			if n, err = w.sendFile(&p); !errors.Is(err, errNoSendfile) {
				return n, err
			}
		}
	}
	buf := w.conn.engine.copyBuffer()
	defer w.conn.engine.copies.Put(buf)
	m, err := io.CopyBuffer(struct{ io.Writer }{w}, src, buf[:])
	return n + m, err
}

// sendFile sends the head, if it is still here, and a file right behind it:
// the kernel waits with the one for the other.
func (w *response) sendFile(p *part) (int64, error) {
	p.length = min(p.length, w.length-w.written)
	if p.length <= 0 {
		return 0, nil
	}
	w.conn.out.more = true
	err := w.emit(nil, false)
	w.conn.out.more = false
	if err != nil {
		return 0, err
	}
	n, err := w.conn.sendFile(p)
	w.written += n
	if err != nil && !errors.Is(err, errNoSendfile) {
		w.err = err
	}
	return n, err
}

// finish is due when the handler has returned: the response is completed, once.
// It reports whether the connection can go on.
func (w *response) finish() bool {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.err == nil && !w.finished && (!w.committed || len(w.buf) > w.body || w.how == byChunks) {
		_ = w.emit(nil, true)
	}
	w.finished = true
	if w.how == byLength && w.written < w.length {
		return false // whoever reads it sees that something is missing
	}
	return w.err == nil && !w.final
}

// endsWithConnection reports whether a client would take the end of the
// connection for the end of the response.
func (w *response) endsWithConnection() bool { return w.committed && w.how == byClose }

// sendContinue tells a client to send the body it announced, unless it has
// been told something else.
func (w *response) sendContinue() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.continued || w.committed || !w.expects {
		return
	}
	w.continued = true
	_ = w.conn.write([]byte("HTTP/1.1 100 Continue\r\n\r\n"), nil, nil) // the next read or write fails too
}

// Hijack implements http.Hijacker. What was formed of a response is dropped,
// unless it was sent.
func (w *response) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	if w.hijacked {
		return nil, nil, http.ErrHijacked
	}
	w.hijacked = true
	return w.conn.handOver()
}

// declaredLength is the Content-Length that the handler set; -1 when it is none.
func declaredLength(values []string) int64 {
	if len(values) == 0 {
		return -1
	}
	n, err := strconv.ParseInt(values[0], 10, 64)
	if err != nil {
		return -1
	}
	return n
}
