package marshal

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Limits of what a worker may send as one head (runtime.md section 2).
const (
	MaxHeaders  = 256      // headers in one head
	MaxHeadSize = 64 << 10 // bytes of one head
)

// ErrHead is wrapped by every error of DecodeHead and DecodeHeaders: the
// bytes are not a head that a sound worker sends.
var ErrHead = errors.New("malformed response head")

// DecodeHead reads marshal.dumps((status, [(name, value), ...]), 2). Names and
// values are str or bytes; a code point above 0xFF, a reference, any other
// type, more than MaxHeaders or MaxHeadSize, and bytes left over are errors
// that wrap ErrHead. The status is any int of 32 bits, for the caller to judge.
func DecodeHead(b []byte) (status int, headers []Header, err error) {
	d, err := newDecoder(b)
	if err != nil {
		return 0, nil, err
	}
	if n, err := d.header(codeTuple); err != nil || n != 2 {
		return 0, nil, d.fail("want a tuple of 2")
	}
	n, err := d.header(codeInt)
	if err != nil {
		return 0, nil, err
	}
	headers, err = d.headers()
	if err != nil {
		return 0, nil, err
	}
	return int(int32(n)), headers, nil
}

// DecodeHeaders reads marshal.dumps([(name, value), ...], 2), the headers of
// INFO and TRAILERS, under the rules of DecodeHead.
func DecodeHeaders(b []byte) ([]Header, error) {
	d, err := newDecoder(b)
	if err != nil {
		return nil, err
	}
	return d.headers()
}

// decoder walks one head. Its text shares the bytes of all strings that need
// no conversion, so that a head costs two allocations.
type decoder struct {
	b    []byte
	text string
	at   int
}

func newDecoder(b []byte) (decoder, error) {
	if len(b) > MaxHeadSize {
		return decoder{}, fmt.Errorf("%w: %d bytes, the limit is %d", ErrHead, len(b), MaxHeadSize)
	}
	return decoder{b: b, text: string(b)}, nil
}

// headers reads the list to the end of the head.
func (d *decoder) headers() ([]Header, error) {
	n, err := d.header(codeList)
	if err != nil {
		return nil, err
	}
	if n > MaxHeaders {
		return nil, d.fail(fmt.Sprintf("%d headers, the limit is %d", n, MaxHeaders))
	}
	headers := make([]Header, n)
	for i := range headers {
		if headers[i], err = d.pair(); err != nil {
			return nil, err
		}
	}
	if d.at != len(d.b) {
		return nil, d.fail("bytes left over")
	}
	return headers, nil
}

// pair reads one (name, value).
func (d *decoder) pair() (Header, error) {
	if n, err := d.header(codeTuple); err != nil || n != 2 {
		return Header{}, d.fail("want a tuple of 2")
	}
	name, err := d.str()
	if err != nil {
		return Header{}, err
	}
	value, err := d.str()
	return Header{Name: name, Value: value}, err
}

// header reads one type code and the u32 behind it.
func (d *decoder) header(code byte) (uint32, error) {
	if len(d.b)-d.at < 5 {
		return 0, d.fail("too short")
	}
	if got := d.b[d.at]; got != code {
		return 0, d.fail(fmt.Sprintf("type code %q, want %q", got, code))
	}
	n := binary.LittleEndian.Uint32(d.b[d.at+1:])
	d.at += 5
	return n, nil
}

// str reads a str or bytes as latin-1 code points.
func (d *decoder) str() (string, error) {
	code := byte(codeString)
	if d.at < len(d.b) && d.b[d.at] == codeBytes {
		code = codeBytes
	}
	n, err := d.header(code)
	if err != nil {
		return "", err
	}
	if uint64(n) > uint64(len(d.b)-d.at) {
		return "", d.fail("string longer than the head")
	}
	s := d.text[d.at : d.at+int(n)]
	d.at += int(n)
	if code == codeBytes || countHigh(s) == 0 {
		return s, nil
	}
	return d.latin1(s)
}

// latin1 turns UTF-8 into one byte per code point.
func (d *decoder) latin1(s string) (string, error) {
	out := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xFF { // utf8.RuneError of bad UTF-8 among them
			return "", d.fail(fmt.Sprintf("code point %U does not fit in latin-1", r))
		}
		out = append(out, byte(r))
	}
	return string(out), nil
}

func (d *decoder) fail(what string) error {
	return fmt.Errorf("%w: %s at byte %d", ErrHead, what, d.at)
}
