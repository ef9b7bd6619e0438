package body

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// spool makes files without a name and counts what is in them.
type spool struct {
	used  atomic.Int64 // bytes, of all files
	named atomic.Bool  // the file system has no O_TMPFILE

	mu        sync.Mutex
	directory string
	maxSize   int64
}

var (
	errNoDirectory = errors.New("no spool_directory")
	errMaxSize     = errors.New("spool_max_size is reached")
)

func (s *spool) configure(directory string, maxSize int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if directory != s.directory {
		s.named.Store(false)
	}
	s.directory, s.maxSize = directory, maxSize
}

func (s *spool) settings() (directory string, maxSize int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.directory, s.maxSize
}

// exists says whether bodies may go to disk at all.
func (s *spool) exists() bool {
	directory, _ := s.settings()
	return directory != ""
}

// fits refuses a body of n bytes before its first byte is read.
func (s *spool) fits(n int64) error {
	directory, maxSize := s.settings()
	switch {
	case directory == "":
		return &spoolError{err: errNoDirectory}
	case maxSize > 0 && s.used.Load()+n > maxSize:
		return &spoolError{directory: directory, err: errMaxSize}
	}
	return nil
}

// reserve counts n more bytes before they are written.
func (s *spool) reserve(n int64) error {
	directory, maxSize := s.settings()
	if s.used.Add(n) > maxSize && maxSize > 0 {
		s.used.Add(-n)
		return &spoolError{directory: directory, err: errMaxSize}
	}
	return nil
}

// create returns an empty file that has no name. Any reason why there is none
// is an error that matches ErrSpoolFull.
func (s *spool) create() (*os.File, error) {
	directory, _ := s.settings()
	if directory == "" {
		return nil, &spoolError{err: errNoDirectory}
	}
	file, err := s.open(directory)
	if errors.Is(err, fs.ErrNotExist) {
		if err = os.MkdirAll(directory, 0o700); err == nil {
			file, err = s.open(directory)
		}
	}
	if err != nil {
		return nil, &spoolError{directory: directory, err: err}
	}
	// A worker with another user opens it again by /proc/self/fd to have an
	// offset of its own; without a name nobody else can.
	if err := file.Chmod(0o444); err != nil {
		_ = file.Close() // it is empty
		return nil, &spoolError{directory: directory, err: err}
	}
	return file, nil
}

func (s *spool) open(directory string) (*os.File, error) {
	if !s.named.Load() {
		file, err := os.OpenFile(directory, unix.O_TMPFILE|unix.O_EXCL|os.O_RDWR, 0o400)
		if !errors.Is(err, unix.EOPNOTSUPP) && !errors.Is(err, unix.EISDIR) && !errors.Is(err, unix.EINVAL) {
			return file, err
		}
		s.named.Store(true)
	}
	file, err := os.CreateTemp(directory, "body-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(file.Name()); err != nil {
		_ = file.Close() // it is empty
		return nil, err
	}
	return file, nil
}

// write appends p at offset, inside the bound of disk calls. A full disk is as
// good as a full spool.
func (s *spool) write(ctx context.Context, disk *Disk, file *os.File, p []byte, offset int64) error {
	err := disk.Do(ctx, func() error {
		_, err := file.WriteAt(p, offset)
		return err
	})
	if err != nil && ctx.Err() == nil {
		directory, _ := s.settings()
		return &spoolError{directory: directory, err: err}
	}
	return err
}

// readOnly exchanges a written file for a descriptor that cannot change it.
// Without /proc it stays as it is.
func readOnly(file *os.File) *os.File {
	raw, err := file.SyscallConn()
	if err != nil {
		return file
	}
	var again *os.File
	if raw.Control(func(fd uintptr) {
		again, err = os.Open(fmt.Sprintf("/proc/self/fd/%d", fd))
	}) != nil || err != nil {
		return file
	}
	_ = file.Close() // writes are checked one by one, and again holds the file
	return again
}
