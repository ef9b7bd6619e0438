package http1

import (
	"bytes"
	"errors"
	"io"

	"github.com/appserve/appserve/upstreams/conn"
)

// maxChunkLine bounds a chunk size with its extensions, in bytes.
const maxChunkLine = 1024

// Body reads the body of a response, piece by piece and without copying.
type Body struct {
	// Trailers holds the trailer fields that may be passed on, once Next
	// returned io.EOF.
	Trailers []Field

	c       *conn.Conn
	framing Framing
	left    int64 // Counted: of the body; Chunked: of the chunk
	lent    int   // bytes given out by the last Next, not yet discarded
	inChunk bool  // Chunked: the line break behind the chunk is still to come
}

// Reset prepares b for the body behind h.
func (b *Body) Reset(c *conn.Conn, h *Head) {
	*b = Body{c: c, framing: h.Framing, left: h.Length, Trailers: b.Trailers[:0]}
	if h.Framing == Chunked {
		b.left = 0
	}
}

// Next returns the bytes that are there, waiting for the first one. They are
// valid until the next call. At the end it returns io.EOF and no bytes; other
// errors are *BadResponse, ErrCut, or Fill's.
func (b *Body) Next() ([]byte, error) {
	b.c.Discard(b.lent)
	b.lent = 0
	switch b.framing {
	case Counted:
		if b.left == 0 {
			return nil, io.EOF
		}
	case Chunked:
		if b.left == 0 {
			if err := b.nextChunk(); err != nil {
				return nil, err
			}
		}
	case UntilClose:
		return b.untilClose()
	default:
		return nil, io.EOF
	}
	return b.lend(b.left)
}

// lend gives out at most limit bytes.
func (b *Body) lend(limit int64) ([]byte, error) {
	if len(b.c.Buffered()) == 0 {
		if err := b.fill(); err != nil {
			return nil, err
		}
	}
	piece := b.c.Buffered()
	if int64(len(piece)) > limit {
		piece = piece[:limit]
	}
	b.lent = len(piece)
	b.left -= int64(len(piece))
	return piece, nil
}

func (b *Body) untilClose() ([]byte, error) {
	if len(b.c.Buffered()) == 0 {
		if err := b.c.Fill(); err != nil {
			return nil, err // io.EOF is the end
		}
	}
	piece := b.c.Buffered()
	b.lent = len(piece)
	return piece, nil
}

// fill reads more of a message that is not complete.
func (b *Body) fill() error {
	err := b.c.Fill()
	if errors.Is(err, io.EOF) {
		return ErrCut
	}
	return err
}

// nextChunk reads a chunk's size line, or the end of the body (RFC 9112 7.1).
func (b *Body) nextChunk() error {
	if b.inChunk {
		if _, err := b.line(0); err != nil {
			return err
		}
		b.inChunk = false
	}
	line, err := b.line(maxChunkLine)
	if err != nil {
		return err
	}
	size, err := parseChunkSize(line)
	if err != nil {
		return err
	}
	if size > 0 {
		b.left, b.inChunk = size, true
		return nil
	}
	if err := b.trailers(); err != nil {
		return err
	}
	b.framing = NoBody
	return io.EOF
}

// trailers reads the trailer section up to its empty line.
func (b *Body) trailers() error {
	for n := 0; ; n++ {
		line, err := b.line(conn.BufferSize)
		if err != nil || len(line) == 0 {
			return err
		}
		f, err := parseField(string(line))
		if err != nil {
			return err
		}
		if n == maxFields {
			return bad("it has more than %d trailer fields", maxFields)
		}
		if MayTrail(f.Name) {
			b.Trailers = append(b.Trailers, f)
		}
	}
}

// line consumes a line of at most limit bytes, valid until the next read.
// Here CR LF is demanded: a lax reading of chunk lines is how messages get
// smuggled.
func (b *Body) line(limit int) ([]byte, error) {
	for {
		have := b.c.Buffered()
		if i := bytes.IndexByte(have, '\n'); i >= 0 {
			if i == 0 || have[i-1] != '\r' || i-1 > limit {
				return nil, bad("a chunk line does not end where it must: %s", excerpt(string(have[:i+1])))
			}
			b.c.Discard(i + 1)
			return have[:i-1], nil
		}
		if len(have) > limit+1 {
			return nil, bad("a chunk line does not end where it must: %s", excerpt(string(have)))
		}
		if err := b.fill(); errors.Is(err, conn.ErrBufferFull) {
			return nil, bad("a trailer line is larger than %d bytes", conn.BufferSize)
		} else if err != nil {
			return nil, err
		}
	}
}

// parseChunkSize reads hexadecimal digits; extensions behind a semicolon and
// blanks are dropped.
func parseChunkSize(line []byte) (int64, error) {
	digits, extension, _ := bytes.Cut(line, []byte(";"))
	digits = bytes.TrimRight(digits, " \t")
	if len(digits) == 0 || len(digits) > 15 || bytes.IndexByte(extension, '\r') >= 0 {
		return 0, bad("a chunk size is %s", excerpt(string(line)))
	}
	var size int64
	for i := range len(digits) {
		d := hexDigit(digits[i])
		if d < 0 {
			return 0, bad("a chunk size is %s", excerpt(string(line)))
		}
		size = size<<4 | d
	}
	return size, nil
}

func hexDigit(c byte) int64 {
	switch {
	case c >= '0' && c <= '9':
		return int64(c - '0')
	case c >= 'a' && c <= 'f':
		return int64(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int64(c-'A') + 10
	}
	return -1
}
