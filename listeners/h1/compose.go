package h1

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// namedValues is a header field of a response.
type namedValues struct {
	name   string
	values []string
}

// formFields puts the handler's fields into the buffer, in the order of their
// names, and reads those that are ours.
func (w *response) formFields() {
	w.fields = w.fields[:0]
	for name, values := range w.header {
		if len(values) > 0 && !w.ours(name, values) {
			w.fields = append(w.fields, namedValues{name, values})
		}
	}
	sortFields(w.fields)
	for i := range w.fields {
		f := &w.fields[i]
		for _, value := range f.values {
			w.buf = appendField(w.buf, f.name, value)
		}
	}
	w.buf = append(w.buf, '\r', '\n')
}

// ours reports fields that are not written as they stand.
func (w *response) ours(name string, values []string) bool {
	switch name {
	case "Content-Length":
		w.length = declaredLength(values)
		return true
	case "Connection":
		if slices.ContainsFunc(values, closes) {
			w.final = true
		}
		return w.status != http.StatusSwitchingProtocols
	case "Transfer-Encoding":
		return true
	case "Trailer":
		w.promised = w.minor > 0
		return w.minor == 0
	case "Date":
		w.dated = true
	default:
		return strings.HasPrefix(name, http.TrailerPrefix)
	}
	return false
}

func closes(value string) bool { return hasToken(value, "close") }

// sortFields sorts by insertion: there are few.
func sortFields(fields []namedValues) {
	for i := 1; i < len(fields); i++ {
		for j := i; j > 0 && fields[j].name < fields[j-1].name; j-- {
			fields[j], fields[j-1] = fields[j-1], fields[j]
		}
	}
}

// appendField appends a field line. A name that is none is left out, and a
// value cannot end its line.
func appendField(dst []byte, name, value string) []byte {
	for i := range len(name) {
		if octets[name[i]]&inToken == 0 {
			return dst
		}
	}
	if name == "" {
		return dst
	}
	dst = append(dst, name...)
	dst = append(dst, ':', ' ')
	at := len(dst)
	dst = append(dst, value...)
	if strings.IndexByte(value, '\n') >= 0 || strings.IndexByte(value, '\r') >= 0 || strings.IndexByte(value, 0) >= 0 {
		for i, c := range dst[at:] {
			if c == '\r' || c == '\n' || c == 0 {
				dst[at+i] = ' '
			}
		}
	}
	return append(dst, '\r', '\n')
}

// interim sends a 1xx response with the header as it is now. Clients of
// HTTP/1.0 know none.
func (w *response) interim(status int) {
	if w.minor == 0 || status < 100 || w.err != nil {
		return
	}
	if status == http.StatusContinue {
		w.sendContinue()
		return
	}
	p := appendStatusLine(nil, status)
	for name, values := range w.header {
		if name == "Content-Length" || name == "Transfer-Encoding" {
			continue
		}
		for _, value := range values {
			p = appendField(p, name, value)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.err = w.conn.write(append(p, '\r', '\n'), nil, nil)
}

// emit sends the buffer and p behind it; last says that nothing follows.
func (w *response) emit(p []byte, last bool) error {
	if w.expects {
		w.mu.Lock() // the body's reader may just be sending 100 Continue
		defer w.mu.Unlock()
		if w.err != nil {
			return w.err
		}
	}
	start, tail := w.compose(len(p), last)
	w.err = w.conn.write(w.buf[start:], p, tail)
	w.buf, w.body = w.buf[:chunkRoom], chunkRoom
	return w.err
}

// compose completes what is in the buffer so that more bytes can follow, and
// says where in the buffer it begins, and what comes behind those bytes.
func (w *response) compose(more int, last bool) (start int, tail []byte) {
	head := !w.committed
	if head {
		w.decide(last)
		w.committed = true
	}
	start = w.body
	if w.how == byChunks {
		start, tail = w.chunk(more, last, head)
	}
	if head {
		start = w.prepend()
	}
	return start, tail
}

// decide chooses how the end of the content is told, and whether the
// connection ends with it.
func (w *response) decide(last bool) {
	c := w.conn
	if w.how == undecided {
		w.promised = w.promised || w.hasTrailers()
		switch {
		case last && !(w.promised && w.minor > 0):
			w.how, w.length = byLength, w.written
		case w.minor > 0:
			w.how = byChunks
		default:
			w.how, w.final = byClose, true
		}
	}
	switch {
	case w.how != without:
	case w.status == http.StatusNoContent:
		w.length = -1
	case w.head && last && w.length < 0 && w.written > 0:
		w.length = w.written // what GET would have got
	}
	if c.body != nil && !c.body.drainable(w.continued) {
		w.final = true
	}
}

// hasTrailers reports whether trailers wait that nobody announced.
func (w *response) hasTrailers() bool {
	for name := range w.header {
		if strings.HasPrefix(name, http.TrailerPrefix) {
			return true
		}
	}
	return false
}

// chunk puts the line of a chunk before the content in the buffer and the
// bytes that follow it.
func (w *response) chunk(more int, last, head bool) (start int, tail []byte) {
	size := len(w.buf) - w.body + more
	start = w.body
	if size > 0 {
		var line [chunkRoom]byte
		p := strconv.AppendUint(line[:0], uint64(size), 16)
		p = append(p, '\r', '\n')
		if head { // there is no room before the content: move it
			n := len(w.buf)
			w.buf = append(w.buf, p...)
			copy(w.buf[w.body+len(p):], w.buf[w.body:n])
			copy(w.buf[w.body:], p)
		} else {
			start -= len(p)
			copy(w.buf[start:], p)
		}
		tail = []byte("\r\n")
	}
	if last {
		tail = w.appendTrailers(append(tail, '0', '\r', '\n'))
		tail = append(tail, '\r', '\n')
	}
	if more == 0 {
		w.buf = append(w.buf, tail...)
		tail = nil
	}
	return start, tail
}

// appendTrailers appends what the handler announced in Trailer, or set with
// http.TrailerPrefix.
func (w *response) appendTrailers(dst []byte) []byte {
	for _, list := range w.header["Trailer"] {
		for name := range strings.SplitSeq(list, ",") {
			name = http.CanonicalHeaderKey(strings.Trim(name, " \t"))
			if trailerAllowed(name) {
				for _, value := range w.header[name] {
					dst = appendField(dst, name, value)
				}
			}
		}
	}
	for name, values := range w.header {
		name, ok := strings.CutPrefix(name, http.TrailerPrefix)
		if !ok || !trailerAllowed(http.CanonicalHeaderKey(name)) {
			continue
		}
		for _, value := range values {
			dst = appendField(dst, name, value)
		}
	}
	return dst
}

// prepend puts the part of the head that is known last before the fields.
func (w *response) prepend() (start int) {
	var room [headRoom]byte
	p := appendStatusLine(room[:0], w.status)
	if !w.dated {
		p = append(p, "Date: "...)
		p = append(p, w.conn.engine.watch.date.Load().text...)
		p = append(p, '\r', '\n')
	}
	switch {
	case w.how == byChunks:
		p = append(p, "Transfer-Encoding: chunked\r\n"...)
	case w.length >= 0:
		p = append(p, "Content-Length: "...)
		p = strconv.AppendInt(p, w.length, 10)
		p = append(p, '\r', '\n')
	}
	switch {
	case w.status == http.StatusSwitchingProtocols:
	case w.final:
		p = append(p, "Connection: close\r\n"...)
	case w.minor == 0:
		p = append(p, "Connection: keep-alive\r\n"...)
	}
	start = w.room - len(p)
	copy(w.buf[start:], p)
	return start
}

// appendStatusLine appends the first line of a response.
func appendStatusLine(dst []byte, status int) []byte {
	if status == http.StatusOK {
		return append(dst, "HTTP/1.1 200 OK\r\n"...)
	}
	dst = append(dst, "HTTP/1.1 "...)
	dst = strconv.AppendInt(dst, int64(status), 10)
	dst = append(dst, ' ')
	dst = append(dst, http.StatusText(status)...)
	return append(dst, '\r', '\n')
}
