package compress

import (
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// encoder is what the codings have in common.
type encoder interface {
	io.WriteCloser
	Flush() error
	Reset(io.Writer)
}

const (
	middleGzip = 5 // nearly as small as 6, and a fifth faster
	middleZstd = 3
	// zstdWindow is how far back zstd looks: enough for pages, and a fraction
	// of the 8 MiB that a client must be able to hold (RFC 9659).
	zstdWindow = 512 << 10
)

// builder gives what makes encoders of a coding at a level; 0 is the middle.
func builder(coding string, level int) (build func() encoder, ok bool) {
	switch coding {
	case "gzip":
		if level == 0 {
			level = middleGzip
		}
		return func() encoder {
			e, err := gzip.NewWriterLevel(io.Discard, level)
			if err != nil {
				panic(err) // config bounds the level
			}
			return e
		}, true
	case "zstd":
		if level == 0 {
			level = middleZstd
		}
		return func() encoder {
			// One thread: no goroutine outlives a response, and an encoder is small.
			e, err := zstd.NewWriter(io.Discard, zstd.WithEncoderLevel(zstd.EncoderLevelFromZstd(level)),
				zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(zstdWindow), zstd.WithLowerEncoderMem(true))
			if err != nil {
				panic(err)
			}
			return e
		}, true
	}
	return nil, false
}
