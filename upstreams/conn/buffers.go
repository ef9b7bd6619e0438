package conn

import "sync"

// BufferSize is the size in bytes of a read buffer, and so the largest head
// that can be taken from a server.
const BufferSize = 64 << 10

// Buffers lends read buffers to connections. The zero value is ready; it is
// shared by every connection of a group and safe for concurrent use.
type Buffers struct {
	pool sync.Pool
}

func (b *Buffers) take() *[BufferSize]byte {
	if buf, ok := b.pool.Get().(*[BufferSize]byte); ok {
		return buf
	}
	return new([BufferSize]byte)
}

func (b *Buffers) give(buf *[BufferSize]byte) { b.pool.Put(buf) }
