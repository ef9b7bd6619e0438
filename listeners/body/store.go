// Package body owns request bodies on their way from a client to whoever
// answers: one memory budget for all of them, and a spool on disk for what
// does not fit. What it takes it counts before it reads, so that any number of
// slow clients cost a known amount of memory.
//
// A body of up to 64 KiB is bytes. A larger one is a file, because that is what
// a worker process can be given: a sealed memfd that counts in the budget while
// the body is small enough, an unlinked file in the spool beyond that. (Measured
// for 1 MiB: 0.7 ms for the memfd, 0.95 ms for a file on ext4 that never reached
// the disk.) When the budget is exhausted a body goes to the spool from its
// first byte.
//
// It refuses to cut a body short: what can be held neither here nor there is an
// error, and the client is told. It knows nothing about HTTP.
package body

import (
	"context"
	"io"
	"runtime"
	"sync"
)

const (
	// inlineSize is the largest body that stays in plain memory, in bytes. The
	// link to a worker carries as much inside a message.
	inlineSize = 64 << 10
	// emergencySize is what a body may read into when the budget is exhausted, in bytes.
	emergencySize = 4 << 10
	// leastShare is what one body may always take of the budget, in bytes; a
	// sixteenth of the budget when that is more.
	leastShare = 1 << 20
)

// steps are the sizes in which plain memory grows, in bytes.
var steps = [...]int{4 << 10, 16 << 10, inlineSize}

// Options is what a store needs.
type Options struct {
	// MemoryLimit is the budget in bytes; 0 means the larger of 64 MiB and an
	// eighth of the memory of the control group or machine.
	MemoryLimit int64
	// Directory is the spool; it is created when it is needed. Without one,
	// bodies that do not fit the budget are refused.
	Directory string
	// MaxSize bounds the spool in bytes, all bodies together; 0 is no limit.
	MaxSize int64
	// DiskCalls is how many goroutines may be in disk calls at once; 0 means four per CPU.
	DiskCalls int
}

// Store takes bodies in. One store serves all listeners of a process.
type Store struct {
	memory  *Budget
	spool   *spool
	disk    *Disk
	buffers [len(steps)]sync.Pool // of *[]byte
}

// NewStore returns an empty store. It touches no file.
func NewStore(o Options) *Store {
	if o.MemoryLimit <= 0 {
		o.MemoryLimit = defaultMemoryLimit(machine())
	}
	if o.DiskCalls <= 0 {
		o.DiskCalls = 4 * runtime.NumCPU()
	}
	s := &Store{memory: NewBudget(o.MemoryLimit), spool: &spool{}, disk: NewDisk(o.DiskCalls)}
	s.spool.configure(o.Directory, o.MaxSize)
	for i, size := range steps {
		s.buffers[i].New = func() any {
			b := make([]byte, size)
			return &b
		}
	}
	return s
}

// SetSpool changes directory and limit for bodies that come later; see Options.
func (s *Store) SetSpool(directory string, maxSize int64) {
	s.spool.configure(directory, maxSize)
}

// Memory is the budget, for others who hold client data in memory.
func (s *Store) Memory() *Budget { return s.memory }

// Disk bounds disk calls, for others who make them.
func (s *Store) Disk() *Disk { return s.disk }

// Spooled is how many bytes are in the spool now.
func (s *Store) Spooled() int64 { return s.spool.used.Load() }

// Read takes a whole body. declared is its length in bytes, -1 when it is not
// known; limit is the largest length accepted, 0 is none. It returns when r is
// at its end, and also stops between two reads when ctx ends; a read that hangs
// is up to the deadline of r.
//
// Errors: ErrTooLarge; *ReadError when r failed or ended early; one that
// matches ErrSpoolFull when there is no place for the body; the error of ctx.
func (s *Store) Read(ctx context.Context, r io.Reader, declared, limit int64) (*Buffer, error) {
	if limit > 0 && declared > limit {
		return nil, ErrTooLarge
	}
	if declared == 0 || r == nil {
		return &Buffer{}, nil
	}
	if declared > s.memory.limit-s.memory.Used() || !s.shareAllows(declared) {
		if err := s.spool.fits(declared); err != nil {
			return nil, err
		}
	}
	in := &intake{store: s, ctx: ctx, source: r, declared: declared, limit: limit}
	if err := in.run(); err != nil {
		in.abandon()
		return nil, err
	}
	return in.finish(), nil
}

// shareAllows says whether one body may have size bytes in memory. One large
// upload must not send everybody else to disk; without a disk it may.
func (s *Store) shareAllows(size int64) bool {
	return size <= max(leastShare, s.memory.limit/16) || !s.spool.exists()
}

// buffer returns the memory of step i; recycle takes it back.
func (s *Store) buffer(i int) []byte {
	return *s.buffers[i].Get().(*[]byte)
}

func (s *Store) recycle(b []byte) {
	for i, size := range steps {
		if cap(b) == size {
			b = b[:size]
			s.buffers[i].Put(&b)
		}
	}
}
