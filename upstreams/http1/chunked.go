package http1

import (
	"io"
	"net/http"
)

// Room that FrameChunk needs around the data of a chunk, in bytes.
const (
	RoomBefore = 18 // 16 hexadecimal digits, CR LF
	RoomAfter  = 2  // CR LF
)

// FrameChunk turns the n bytes behind the first RoomBefore of buf into a
// chunk, in place, and returns the chunk. n must not be 0: that chunk would
// be the last.
func FrameChunk(buf []byte, n int) []byte {
	end := RoomBefore + n
	buf[end], buf[end+1] = '\r', '\n'
	at := RoomBefore - 2
	buf[at], buf[at+1] = '\r', '\n'
	for ; n > 0; n >>= 4 {
		at--
		buf[at] = "0123456789abcdef"[n&15]
	}
	return buf[at : end+RoomAfter]
}

// WriteLastChunk ends a chunked body, with those trailer fields that may travel.
func WriteLastChunk(w io.Writer, trailer http.Header) error {
	b := append(make([]byte, 0, 64), "0\r\n"...)
	for name, values := range trailer {
		if !MayTrail(name) {
			continue
		}
		for _, value := range values {
			var err error
			if b, err = appendField(b, name, value); err != nil {
				return err
			}
		}
	}
	_, err := w.Write(append(b, "\r\n"...))
	return err
}
