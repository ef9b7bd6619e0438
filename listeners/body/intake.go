package body

import (
	"context"
	"errors"
	"io"
	"os"
)

// intake is one body while it is read. It begins in a buffer that grows by
// steps. When that is full, or the budget is, there is a file, and the buffer
// is what the file is written from.
type intake struct {
	store    *Store
	ctx      context.Context // of one call of Store.Read
	source   io.Reader
	declared int64
	limit    int64

	buffer   []byte // memory to read into
	step     int    // of buffer; -1 when it is not of the budget
	filled   int    // bytes of buffer that are not in the file
	file     *os.File
	inMemory bool  // file is a memory file
	written  int64 // bytes in file
	held     int64 // bytes of the budget, buffer and memory file
	inFile   int64 // bytes of the budget, memory file alone
	spooled  int64 // bytes of the spool
}

// run reads to the end.
func (in *intake) run() error {
	if err := in.begin(); err != nil {
		return err
	}
	for {
		ended, err := in.fill()
		if err != nil {
			return err
		}
		if ended {
			return in.complete()
		}
		if in.file == nil && in.grow() {
			continue
		}
		if err := in.flush(); err != nil {
			return err
		}
		in.grow()
	}
}

// begin takes the first memory. When the budget is used up the body gets a
// file at once.
func (in *intake) begin() error {
	in.step = -1
	if in.grow() {
		return nil
	}
	if err := in.spill(); err != nil {
		return err
	}
	in.buffer = make([]byte, emergencySize)
	return nil
}

// grow exchanges the buffer for the next larger one that the budget allows.
func (in *intake) grow() bool {
	next := in.step + 1
	if next == len(steps) {
		return false
	}
	size := int64(steps[next])
	if !in.store.memory.Take(size) {
		return false
	}
	larger := in.store.buffer(next)
	copy(larger, in.buffer[:in.filled])
	in.dropBuffer()
	in.buffer, in.step = larger, next
	in.held += size
	return true
}

func (in *intake) dropBuffer() {
	if in.step >= 0 {
		in.store.recycle(in.buffer)
		in.store.memory.Give(int64(steps[in.step]))
		in.held -= int64(steps[in.step])
	}
	in.buffer, in.step = nil, -1
}

// fill reads until the buffer is full or the body ends.
func (in *intake) fill() (ended bool, err error) {
	for in.filled < len(in.buffer) {
		if err := in.ctx.Err(); err != nil {
			return false, err
		}
		n, err := in.source.Read(in.buffer[in.filled:])
		in.filled += n
		switch size := in.size(); {
		case in.limit > 0 && size > in.limit:
			return false, ErrTooLarge
		case err == io.EOF && in.declared > size:
			return false, &ReadError{Read: size, Err: io.ErrUnexpectedEOF}
		case err == io.EOF, size == in.declared:
			return true, nil
		case err != nil:
			return false, &ReadError{Read: size, Err: err}
		}
	}
	return false, nil
}

func (in *intake) size() int64 { return in.written + int64(in.filled) }

// flush writes the buffer to the file, which it makes or changes first when
// it has to.
func (in *intake) flush() error {
	if in.filled == 0 {
		return nil
	}
	if err := in.place(int64(in.filled)); err != nil {
		return err
	}
	p := in.buffer[:in.filled]
	var err error
	if in.inMemory {
		_, err = in.file.WriteAt(p, in.written)
	} else {
		err = in.store.spool.write(in.ctx, in.store.disk, in.file, p, in.written)
	}
	in.written, in.filled = in.written+int64(len(p)), 0
	return err
}

// place makes room for n more bytes in the file: in memory while this body
// keeps to its share of the budget, else in the spool.
func (in *intake) place(n int64) error {
	if in.file == nil || in.inMemory {
		if in.takeForFile(n) && in.openInMemory() {
			return nil
		}
		if err := in.spill(); err != nil {
			return err
		}
	}
	if err := in.store.spool.reserve(n); err != nil {
		return err
	}
	in.spooled += n
	return nil
}

// openInMemory makes the memory file when there is none. A kernel or a sandbox
// that refuses it sends the body to the spool.
func (in *intake) openInMemory() bool {
	if in.inMemory {
		return true
	}
	file, err := newMemoryFile()
	if err != nil {
		in.giveFile()
		return false
	}
	in.file, in.inMemory = file, true
	return true
}

// giveFile returns what the memory file had of the budget.
func (in *intake) giveFile() {
	in.store.memory.Give(in.inFile)
	in.held -= in.inFile
	in.inFile = 0
}

// takeForFile counts n bytes of the memory file in the budget, in steps of 64 KiB.
func (in *intake) takeForFile(n int64) bool {
	const step = inlineSize
	need := (in.written+n+step-1)/step*step - in.inFile
	if need <= 0 {
		return true
	}
	if !in.store.shareAllows(max(in.declared, in.inFile+need)) || !in.store.memory.Take(need) {
		return false
	}
	in.inFile += need
	in.held += need
	return true
}

// spill makes a file in the spool and moves what the memory file holds into it.
func (in *intake) spill() error {
	file, err := in.createSpooled()
	if err != nil {
		return err
	}
	old := in.file
	wasInMemory := in.inMemory
	in.file, in.inMemory = file, false
	if !wasInMemory {
		return nil
	}
	err = in.move(old)
	err = errors.Join(err, old.Close())
	in.giveFile()
	return err
}

func (in *intake) createSpooled() (file *os.File, err error) {
	err = in.store.disk.Do(in.ctx, func() error {
		file, err = in.store.spool.create()
		return err
	})
	return file, err
}

// move copies what was written so far from a memory file to the spool.
func (in *intake) move(from *os.File) error {
	if err := in.store.spool.reserve(in.written); err != nil {
		return err
	}
	in.spooled += in.written
	return in.store.disk.Do(in.ctx, func() error {
		if _, err := io.Copy(in.file, io.NewSectionReader(from, 0, in.written)); err != nil {
			directory, _ := in.store.spool.settings()
			return &spoolError{directory: directory, err: err}
		}
		return nil
	})
}

// complete puts the rest into the file, if there is one, and makes it read-only.
func (in *intake) complete() error {
	if in.file == nil {
		return nil
	}
	if err := in.flush(); err != nil {
		return err
	}
	in.dropBuffer()
	if in.inMemory {
		return seal(in.file)
	}
	in.file = readOnly(in.file)
	return nil
}

// finish hands everything over to a buffer.
func (in *intake) finish() *Buffer {
	b := &Buffer{store: in.store, file: in.file, size: in.size(), held: in.held, spooled: in.spooled}
	if in.file == nil {
		b.data = in.buffer[:in.filled]
	}
	return b
}

// abandon gives everything back.
func (in *intake) abandon() {
	in.dropBuffer()
	if in.file != nil {
		_ = in.file.Close() // nobody wants what is in it
	}
	in.store.memory.Give(in.held)
	in.store.spool.used.Add(-in.spooled)
}
