package listeners

import "encoding/binary"

// frameHead is the length of the head of a frame (RFC 9113, section 4.1).
const frameHead = 9

// preface is what a client of HTTP/2 says first (RFC 9113, section 3.4).
const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

// frameType is the type of a frame (RFC 9113, section 6).
type frameType uint8

const (
	dataFrame     frameType = 0
	headersFrame  frameType = 1
	priorityFrame frameType = 2
	resetFrame    frameType = 3
	settingsFrame frameType = 4
	pingFrame     frameType = 6
	goAwayFrame   frameType = 7
	continuation  frameType = 9
	lastFrame     frameType = 9 // the last type that the RFC knows
)

// Flags. endStream and acknowledge are one bit, of different frames.
const (
	endStream   = 1
	acknowledge = 1
	endHeaders  = 4
)

// errorCode says why a stream or a connection ends (RFC 9113, section 7).
type errorCode uint32

const (
	protocolError    errorCode = 1
	flowControlError errorCode = 3
	streamClosed     errorCode = 5
	refusedStream    errorCode = 7
	enhanceYourCalm  errorCode = 11
)

// frames follows one direction of an HTTP/2 connection from frame to frame. It
// understands no content but the code of a reset.
type frames struct {
	seen  func(kind frameType, flags byte, length uint32) // a frame begins
	reset func(errorCode)                                 // nil: nobody asks

	before int // bytes before the first frame
	kind   frameType
	open   bool // a head goes on in the next frame
	head   [frameHead]byte
	have   int // bytes of the head
	left   uint32
	code   [4]byte
	coded  int // bytes of code; 4: there is none to come
}

// between reports whether all that was fed are whole frames.
func (f *frames) between() bool { return f.before == 0 && f.have == 0 && f.left == 0 }

// inHead reports whether a request's head has begun and is not complete. What
// of a frame's own head has come may be one.
func (f *frames) inHead() bool {
	return f.have > 0 || f.open || f.left > 0 && (f.kind == headersFrame || f.kind == continuation)
}

// feed takes what was read or written next.
func (f *frames) feed(p []byte) {
	if f.before > 0 {
		n := min(f.before, len(p))
		f.before -= n
		p = p[n:]
	}
	for len(p) > 0 {
		if f.left > 0 {
			n := min(int(f.left), len(p))
			f.content(p[:n])
			f.left -= uint32(n)
			p = p[n:]
			continue
		}
		n := copy(f.head[f.have:], p)
		f.have += n
		p = p[n:]
		if f.have == frameHead {
			f.begin()
		}
	}
}

func (f *frames) begin() {
	length := uint32(f.head[0])<<16 | uint32(f.head[1])<<8 | uint32(f.head[2])
	kind := frameType(f.head[3])
	f.kind = kind
	if kind == headersFrame || kind == continuation {
		f.open = f.head[4]&endHeaders == 0
	}
	f.have, f.left, f.coded = 0, length, len(f.code)
	if kind == resetFrame && f.reset != nil && length == uint32(len(f.code)) {
		f.coded = 0
	}
	f.seen(kind, f.head[4], length)
}

func (f *frames) content(p []byte) {
	if f.coded == len(f.code) {
		return
	}
	f.coded += copy(f.code[f.coded:], p)
	if f.coded == len(f.code) {
		f.reset(errorCode(binary.BigEndian.Uint32(f.code[:])))
	}
}

// goAway is the frame that ends a connection (RFC 9113, section 6.8).
func goAway(code errorCode) []byte {
	frame := make([]byte, frameHead+8)
	frame[2], frame[3] = 8, byte(goAwayFrame)
	binary.BigEndian.PutUint32(frame[frameHead+4:], uint32(code))
	return frame
}
