package static

import (
	"context"
	"io"
	"os"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"github.com/appserve/appserve/listeners/body"
)

// warmer brings cold pieces of a file into memory before they are sent.
// sendfile of a cold file, or one on a network, parks a thread for as long as
// the disk takes; enough clients of cold files would use up all threads.
type warmer struct {
	disk  *body.Disk
	blind atomic.Bool // the file system cannot say what is in memory
	pool  sync.Pool   // of *[]byte
	cold  func(file *os.File, offset int64) bool
}

func newWarmer(disk *body.Disk) *warmer {
	m := &warmer{disk: disk, pool: sync.Pool{New: func() any {
		b := make([]byte, 64<<10)
		return &b
	}}}
	m.cold = m.probe
	return m
}

// warm returns when n bytes at offset can be sent without waiting for a disk;
// at once when their first is in memory already, because the kernel reads
// ahead behind it.
func (m *warmer) warm(ctx context.Context, file *os.File, offset, n int64) error {
	if m.disk == nil || m.blind.Load() || !m.cold(file, offset) {
		return nil
	}
	return m.disk.Do(ctx, func() error {
		b := m.pool.Get().(*[]byte)
		defer m.pool.Put(b)
		piece := io.NewSectionReader(file, offset, n)
		for {
			if _, err := piece.Read(*b); err == io.EOF {
				return nil
			} else if err != nil {
				return err
			}
		}
	})
}

// do makes a call that may wait for a disk.
func (m *warmer) do(ctx context.Context, call func() error) error {
	if m.disk == nil {
		return call()
	}
	return m.disk.Do(ctx, call)
}

// probe asks the kernel for one byte, if it needs no disk.
func (m *warmer) probe(file *os.File, offset int64) bool {
	raw, err := file.SyscallConn()
	if err != nil {
		return false
	}
	var probe [1]byte
	err = nil
	failed := raw.Control(func(fd uintptr) {
		_, err = unix.Preadv2(int(fd), [][]byte{probe[:]}, offset, unix.RWF_NOWAIT)
	})
	if err == unix.EOPNOTSUPP || err == unix.ENOSYS {
		m.blind.Store(true)
	}
	return failed == nil && err == unix.EAGAIN
}
