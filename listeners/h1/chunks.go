package h1

import (
	"bytes"
	"errors"
	"io"
	"net/http"
)

const (
	// maxChunkLine bounds a line with a chunk's size and its extensions, in bytes.
	maxChunkLine = 512
	// maxOverhead bounds what chunk lines may be beyond their share of the
	// data, in bytes, so that nobody sends a body in pieces of one byte with
	// extensions of hundreds.
	maxOverhead = 16 << 10
)

var (
	errChunkSize = errors.New("no chunk size")
	errChunkEnd  = errors.New("no line end after a chunk")
	errChunkLong = errors.New("chunk line too long")
	errOverhead  = errors.New("too much overhead in chunks")
	errTrailer   = errors.New("bad trailer section")
)

// chunks is the state of a chunked body.
type chunks struct {
	on       bool
	inside   bool  // of a chunk, or behind its data
	overhead int64 // of chunk lines
}

// nextChunk reads up to the data of the next chunk; io.EOF behind the last one
// and its trailers.
func (b *body) nextChunk() error {
	if b.chunks.inside {
		line, err := b.line(2)
		if err != nil {
			return unexpected(err, errChunkEnd)
		}
		if len(line) != 0 {
			return errChunkEnd
		}
		b.drop(2)
	}
	line, err := b.line(maxChunkLine)
	if err != nil {
		return unexpected(err, errChunkLong)
	}
	size, ok := chunkSize(line)
	if !ok {
		return errChunkSize
	}
	// A chunk of n bytes may have a line of 16 and a tenth of n for nothing.
	b.chunks.overhead = max(0, b.chunks.overhead+int64(len(line))-16-size/8)
	if b.chunks.overhead > maxOverhead {
		return errOverhead
	}
	b.drop(len(line) + 2)
	b.length, b.chunks.inside = size, true
	if size > 0 {
		return nil
	}
	if err := b.trailers(); err != nil {
		return err
	}
	return io.EOF
}

// unexpected names what was expected; a line that is too long says so itself.
func unexpected(err, long error) error {
	switch {
	case err == io.EOF:
		return io.ErrUnexpectedEOF
	case err == errTooLong:
		return long
	}
	return err
}

// errTooLong says that a line does not end where it must.
var errTooLong = errors.New("line too long")

// line gives the next line without its end, which is CR LF and has to come
// within limit bytes. It takes nothing away.
func (b *body) line(limit int) ([]byte, error) {
	c := b.conn
	in := &c.desk.in
	for seen := 0; ; {
		p := in.bytes()
		if i := bytes.IndexByte(p[seen:], '\n'); i >= 0 {
			end := seen + i
			if end == 0 || p[end-1] != '\r' || end >= limit {
				return nil, errTooLong
			}
			return p[:end-1], nil
		}
		if seen = len(p); seen >= limit {
			return nil, errTooLong
		}
		if err := c.fill(); err != nil {
			return nil, err
		}
	}
}

// drop takes n bytes away that belong to the framing.
func (b *body) drop(n int) {
	b.conn.desk.in.consume(n)
	b.conn.in.received += int64(n)
}

// chunkSize reads a size in hexadecimal, and behind it nothing or extensions,
// which mean nothing to us (RFC 9112, section 7.1.1).
func chunkSize(line []byte) (size int64, ok bool) {
	digits := 0
	for digits < len(line) && octets[line[digits]]&inHex != 0 {
		if digits == 15 {
			return 0, false
		}
		c := line[digits]
		if c > '9' {
			c = c&0xf + 9
		}
		size = size<<4 | int64(c&0xf)
		digits++
	}
	rest := line[digits:]
	if digits == 0 {
		return 0, false
	}
	return size, len(rest) == 0 || len(trim(rest)) > 0 && isExtension(rest)
}

// isExtension takes names with or without a value that is a token or a quoted
// string, each behind a semicolon. Blanks are allowed around both signs.
func isExtension(p []byte) bool {
	for p = trim(p); len(p) > 0; p = trim(p) {
		if p[0] != ';' {
			return false
		}
		var ok bool
		if p, ok = cutToken(trim(p[1:])); !ok {
			return false
		}
		if p = trim(p); len(p) == 0 || p[0] != '=' {
			continue
		}
		if p = trim(p[1:]); len(p) > 0 && p[0] == '"' {
			p, ok = cutQuoted(p)
		} else {
			p, ok = cutToken(p)
		}
		if !ok {
			return false
		}
	}
	return true
}

// cutToken takes a token off the front.
func cutToken(p []byte) (rest []byte, ok bool) {
	n := 0
	for n < len(p) && octets[p[n]]&inToken != 0 {
		n++
	}
	return p[n:], n > 0
}

// cutQuoted takes a quoted string off the front (RFC 9110, section 5.6.4).
func cutQuoted(p []byte) (rest []byte, ok bool) {
	for i := 1; i < len(p); i++ {
		switch p[i] {
		case '"':
			return p[i+1:], isValue(p[:i])
		case '\\':
			i++
		}
	}
	return nil, false
}

// trailers reads the trailer section. It may be as long as a head.
func (b *body) trailers() error {
	c := b.conn
	left := int(c.engine.rows.MaxHeaderSize)
	trailer := http.Header{}
	for count := 0; ; count++ {
		line, err := b.line(left)
		if err != nil {
			return unexpected(err, errTrailer)
		}
		if len(line) == 0 {
			b.drop(2)
			break
		}
		colon := nameEnd(line)
		if most := c.engine.rows.MaxHeaderCount; colon < 0 || most > 0 && count >= most {
			return errTrailer
		}
		value := trim(line[colon+1:])
		if !isValue(value) {
			return errTrailer
		}
		if name := string(line[:colon]); trailerAllowed(name) {
			trailer[name] = append(trailer[name], string(value))
		}
		left -= len(line) + 2
		b.drop(len(line) + 2)
	}
	if len(trailer) > 0 {
		c.request.Trailer = trailer
	}
	return nil
}

// trailerAllowed keeps fields out of a trailer section that frame, route or
// authenticate a message (RFC 9110, section 6.5.1).
func trailerAllowed(name string) bool {
	switch name {
	case "Transfer-Encoding", "Content-Length", "Host", "Connection", "Keep-Alive", "Te", "Trailer", "Upgrade", "Expect",
		"Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "Content-Encoding", "Content-Type", "Content-Range",
		"Cache-Control", "Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range",
		"Max-Forwards", "Www-Authenticate", "Proxy-Authenticate":
		return false
	}
	return true
}
