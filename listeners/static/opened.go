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

// opened is what a fresh look at the file system found: an open file, or a
// folder (no file).
type opened struct {
	file *os.File
	name string
	seen identity
}

// identity tells one state of a file from another.
type identity struct {
	device, inode     uint64
	size              int64 // bytes
	modified, changed unix.Timespec
}

func identityOf(stat *unix.Stat_t) identity {
	return identity{uint64(stat.Dev), uint64(stat.Ino), stat.Size, stat.Mtim, stat.Ctim}
}

// sameContent reports whether two looks at one open file saw the same content,
// as far as its size and time tell.
func (i identity) sameContent(other identity) bool {
	return i.size == other.size && i.modified == other.modified
}

// settled reports whether whatever changes the file from now on changes its
// time too: file systems keep time in ticks of up to some milliseconds, FAT in
// two seconds, and within one tick a second change cannot be seen.
func (i identity) settled(now time.Time) bool {
	return now.Sub(time.Unix(i.changed.Unix())) > settles && now.Sub(time.Unix(i.modified.Unix())) > settles
}

const settles = 2 * time.Second

func (o *opened) close() { _ = o.file.Close() } // it was only read

// newOpened takes over a descriptor that was opened with openFlags.
func newOpened(fd int, name string) (opened, error) {
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil {
		_ = unix.Close(fd)
		return opened{}, fmt.Errorf("fstat: %w", err)
	}
	switch stat.Mode & unix.S_IFMT {
	case unix.S_IFDIR:
		_ = unix.Close(fd)
		return opened{name: name}, nil
	case unix.S_IFREG:
	default:
		_ = unix.Close(fd)
		return opened{}, errNotRegular
	}
	return opened{file: os.NewFile(uintptr(fd), name), name: name, seen: identityOf(&stat)}, nil
}

// look is what an open file is now.
func look(file *os.File) (identity, error) {
	raw, err := file.SyscallConn()
	if err != nil {
		return identity{}, err
	}
	var stat unix.Stat_t
	if failed := raw.Control(func(fd uintptr) { err = unix.Fstat(int(fd), &stat) }); failed != nil {
		return identity{}, failed
	}
	return identityOf(&stat), err
}

// openFile opens a path that the configuration names, following links.
func openFile(path string) (opened, error) {
	fd, err := openRetry(func() (int, error) { return unix.Open(path, openFlags, 0) })
	if err != nil {
		return opened{}, err
	}
	return newOpened(fd, path)
}

// checkFile says at start what would be wrong with each request.
func checkFile(path string) error {
	o, err := openFile(path)
	if err == nil && o.file == nil {
		err = errNotRegular
	}
	if err != nil {
		return fmt.Errorf("opening file %s: %w", path, err)
	}
	o.close()
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
