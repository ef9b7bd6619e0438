package h1

import (
	"errors"
	"io"
	"net/http"
	"sync"
)

// directRead is the least room, in bytes, that is read into without a detour.
const directRead = 1 << 10

// body is the body of one request. It is not used again: somebody may hold on
// to it, and must not read what belongs to the next request.
type body struct {
	mu     sync.Mutex
	conn   *Conn
	length int64 // what is left of the body, or of the current chunk
	chunks chunks
	err    error // io.EOF at the end; no further reading
	closed bool
}

func newBody(c *Conn, length int64) *body {
	b := &body{conn: c, length: length}
	if length < 0 {
		b.length, b.chunks.on = 0, true
	}
	return b
}

// Read implements io.Reader. The first one tells a client that waits for it to
// go on. An end before the end is io.ErrUnexpectedEOF.
func (b *body) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return 0, http.ErrBodyReadAfterClose
	}
	if b.err == nil && b.conn.framing.expects {
		b.conn.desk.response.sendContinue()
	}
	return b.read(p)
}

func (b *body) read(p []byte) (n int, err error) {
	if b.err == nil && b.length == 0 && b.chunks.on {
		b.err = b.nextChunk()
	}
	if b.err != nil {
		return 0, b.err
	}
	if len(p) == 0 {
		return 0, nil
	}
	n, err = b.take(p[:min(int64(len(p)), b.length)])
	b.length -= int64(n)
	switch {
	case err == nil && b.length == 0 && !b.chunks.on:
		b.err = io.EOF
		return n, io.EOF
	case err == io.EOF:
		err = io.ErrUnexpectedEOF
	}
	b.keep(err)
	return n, err
}

// keep remembers an error that is final. A deadline that the handler set is not.
func (b *body) keep(err error) {
	if err != nil && !isTimeout(err) {
		b.err = err
	}
}

// take reads from the buffer, or else from the connection.
func (b *body) take(p []byte) (n int, err error) {
	c := b.conn
	in := &c.desk.in
	if in.unread() == 0 {
		if len(p) >= directRead {
			n, err = c.read(p)
			c.in.received += int64(n)
			return n, err
		}
		if err := c.fill(); err != nil {
			return 0, err
		}
	}
	n = copy(p, in.bytes())
	in.consume(n)
	c.in.received += int64(n)
	return n, nil
}

// Close implements io.Closer: what is left is not for the handler any more.
func (b *body) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	return nil
}

// finish is due when the response is written. It takes the rest of the body
// away, if the connection goes on and that is bearable, and reports whether
// the next request begins where the connection stands.
func (b *body) finish(goesOn bool) bool {
	c := b.conn
	c.setReadDeadline(past) // whoever still reads has no right to
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	if b.err == io.EOF {
		return true
	}
	w := &c.desk.response
	if !goesOn || b.err != nil || b.length > drainBytes || c.framing.expects && !w.continued {
		return false
	}
	c.await(last, c.after(drainTime))
	var waste [512]byte
	for left := int64(drainBytes); left >= 0; {
		n, err := b.read(waste[:])
		left -= int64(n)
		if err != nil {
			return errors.Is(err, io.EOF)
		}
	}
	return false
}

// drainable reports whether the connection may go on although the body was
// not read, as far as one can say while somebody may still read it.
func (b *body) drainable(continued bool) bool {
	if !b.mu.TryLock() {
		return true
	}
	defer b.mu.Unlock()
	if b.err == io.EOF {
		return true
	}
	return b.err == nil && b.length <= drainBytes && (continued || !b.conn.framing.expects)
}
