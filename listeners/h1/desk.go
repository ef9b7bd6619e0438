package h1

import (
	"net/http"
	"net/url"
	"sync"
)

const (
	inputSize  = 4 << 10  // of a read buffer, at first
	outputSize = 4 << 10  // of a write buffer, at first
	keepSize   = 16 << 10 // a buffer that grew over this is not kept
	keepFields = 64       // nor a map that held more
)

// desk is everything a connection needs to work on a request, and hands back
// when it has to wait for the next one.
type desk struct {
	in       input
	head     head
	url      url.URL
	header   http.Header
	values   []string  // one for each field line; the header's slices point into it
	encoding [1]string // "chunked"
	response response
}

func newDesk() *desk {
	d := &desk{header: http.Header{}, encoding: [1]string{"chunked"}}
	d.in.buf = make([]byte, inputSize)
	d.response.init()
	return d
}

// clear makes the desk ready for the next request, and lets go of what is too
// large to be kept.
func (d *desk) clear() {
	if len(d.header) > keepFields {
		d.header = http.Header{}
	} else {
		clear(d.header)
	}
	clear(d.values)
	d.values = d.values[:0]
	d.url = url.URL{}
	d.head.reset()
	d.response.clear()
	if len(d.in.buf) > keepSize && d.in.unread() == 0 {
		d.in = input{buf: make([]byte, inputSize)}
	}
}

// desks lends desks.
type desks struct{ pool sync.Pool }

func (s *desks) take() *desk {
	if d, ok := s.pool.Get().(*desk); ok {
		return d
	}
	return newDesk()
}

func (s *desks) give(d *desk) { s.pool.Put(d) }

// input is a read buffer; buf[r:w] is unread.
type input struct {
	buf  []byte
	r, w int
}

func (b *input) unread() int   { return b.w - b.r }
func (b *input) bytes() []byte { return b.buf[b.r:b.w] }

// consume takes n bytes away.
func (b *input) consume(n int) {
	b.r += n
	if b.r == b.w {
		b.r, b.w = 0, 0
	}
}

// room gives free space behind what is unread: by moving that to the front, or
// by growing.
func (b *input) room() []byte {
	if b.w < len(b.buf) {
		return b.buf[b.w:]
	}
	to := b.buf
	if b.r == 0 {
		to = make([]byte, 2*len(b.buf))
	}
	b.w = copy(to, b.bytes())
	b.r, b.buf = 0, to
	return b.buf[b.w:]
}
