package static

import (
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// openFlags opens for reading and never waits: not for the writer of a named
// pipe, not for a modem.
const openFlags = unix.O_RDONLY | unix.O_CLOEXEC | unix.O_NONBLOCK | unix.O_NOCTTY

// errNotRegular says that something is neither a regular file nor a folder.
var errNotRegular = errors.New("not a regular file")

// entry is what a lookup found: an open file, a folder (no file), or that the
// client should ask with a slash.
type entry struct {
	file     *os.File
	name     string
	size     int64     // bytes
	modified time.Time // zero when the file does not say
	redirect bool
	position int64 // where the next read of file begins
}

func (e *entry) close() { _ = e.file.Close() } // it was only read

// newEntry takes over a descriptor that was opened with openFlags.
func newEntry(fd int, name string) (entry, error) {
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil {
		_ = unix.Close(fd)
		return entry{}, fmt.Errorf("fstat: %w", err)
	}
	switch stat.Mode & unix.S_IFMT {
	case unix.S_IFDIR:
		_ = unix.Close(fd)
		return entry{name: name}, nil
	case unix.S_IFREG:
	default:
		_ = unix.Close(fd)
		return entry{}, errNotRegular
	}
	e := entry{file: os.NewFile(uintptr(fd), name), name: name, size: stat.Size}
	// Images and packages are often built with the time 0 or 1 in every file;
	// that says nothing about the content.
	if seconds := int64(stat.Mtim.Sec); seconds > 1 {
		e.modified = time.Unix(seconds, 0)
	}
	return e, nil
}

// openFile opens a path that the configuration names, following links.
func openFile(path string) (entry, error) {
	fd, err := openRetry(func() (int, error) { return unix.Open(path, openFlags, 0) })
	if err != nil {
		return entry{}, err
	}
	return newEntry(fd, path)
}

// checkFile says at start what would be wrong with each request.
func checkFile(path string) error {
	e, err := openFile(path)
	if err == nil && e.file == nil {
		err = errNotRegular
	}
	if err != nil {
		return fmt.Errorf("opening file %s: %w", path, err)
	}
	e.close()
	return nil
}

// openRetry repeats an open that a signal interrupted, and a few times one
// that met a rename. Sockets and devices without a driver cannot be opened at all.
func openRetry(open func() (int, error)) (fd int, err error) {
	for range 8 {
		fd, err = open()
		switch err {
		case unix.EINTR, unix.EAGAIN:
			continue
		case unix.ENXIO, unix.ENODEV:
			return -1, errNotRegular
		}
		return fd, err
	}
	return fd, err
}
