package body

import (
	"os"
	"sync/atomic"
)

// Buffer is one whole body: bytes, or a file. The zero value is an empty body.
type Buffer struct {
	store   *Store
	data    []byte
	file    *os.File
	size    int64
	held    int64 // bytes of the budget
	spooled int64 // bytes of the spool
	closed  atomic.Bool
}

// Bytes is the body when it is in plain memory, else nil. Nobody may use it
// after Close: the memory is used again.
func (b *Buffer) Bytes() []byte { return b.data[:len(b.data):len(b.data)] }

// File is the body when it is not in plain memory, else nil. Its offset is 0
// and it cannot be written. Use SyscallConn for the descriptor, not Fd.
func (b *Buffer) File() *os.File { return b.file }

// Size is the length of the body in bytes.
func (b *Buffer) Size() int64 { return b.size }

// Close gives memory and spool back. Only the first call does something.
func (b *Buffer) Close() error {
	if b.store == nil || b.closed.Swap(true) {
		return nil
	}
	var err error
	if b.file != nil {
		err = b.file.Close()
	}
	if b.data != nil {
		b.store.recycle(b.data)
	}
	b.store.memory.Give(b.held)
	b.store.spool.used.Add(-b.spooled)
	return err
}
