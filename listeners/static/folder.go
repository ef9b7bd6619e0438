package static

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// errChanged says that a link was exchanged while it was followed.
var errChanged = errors.New("a link changed while it was followed")

// folder is a directory that stays open, and the policy for links beneath it.
type folder struct {
	path   string // resolved
	dir    *os.File
	raw    syscall.RawConn
	links  Symlinks
	beyond func(dir int, name string) (int, error) // openat2 or walk
}

// openFolder resolves path and opens it.
func openFolder(path string, links Symlinks) (*folder, error) {
	resolved, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, fmt.Errorf("opening directory %s: %w", path, err)
	}
	dir, err := os.OpenFile(resolved, unix.O_DIRECTORY|unix.O_PATH, 0)
	if err != nil {
		return nil, fmt.Errorf("opening directory: %w", err)
	}
	raw, err := dir.SyscallConn()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening directory %s: %w", path, err), dir.Close())
	}
	f := &folder{path: resolved, dir: dir, raw: raw, links: links, beyond: openat2}
	if fd, err := f.at(openat2, "."); err == nil {
		_ = unix.Close(fd)
	} else {
		f.beyond = walk // before Linux 5.6, or a sandbox that does not know the call
	}
	return f, nil
}

func (f *folder) close() error { return f.dir.Close() }

// open opens a clean name beneath the folder. Errors: errors of the kernel,
// *linkError, errNotRegular, errChanged.
func (f *folder) open(name string) (opened, error) {
	fd, err := f.descriptor(name)
	if err != nil {
		return opened{}, err
	}
	return newOpened(fd, name)
}

// openFolder opens a clean name that is a folder. Errors: as of open, and that
// it is none.
func (f *folder) openFolder(name string) (*os.File, error) {
	fd, err := f.descriptor(strings.TrimPrefix(name+"/.", "/"))
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), name), nil
}

func (f *folder) descriptor(name string) (int, error) {
	fd, err := f.at(f.beyond, name)
	if err == unix.ELOOP {
		return f.follow(name)
	}
	return fd, err
}

// follow opens a name with a link in it, as the policy says.
func (f *folder) follow(name string) (int, error) {
	switch f.links {
	case Follow:
		return f.at(openFollowing, name)
	case None:
		return -1, f.refused(name, func(string) bool { return false })
	}
	target, err := resolve(filepath.Join(f.path, name))
	if err != nil {
		return -1, err
	}
	relative, ok := f.beneath(target)
	if !ok {
		return -1, f.refused(name, func(target string) bool { _, ok := f.beneath(target); return ok })
	}
	fd, err := f.at(f.beyond, relative)
	if err == unix.ELOOP {
		err = errChanged
	}
	return fd, err
}

// resolve follows all links of a path. Links in a circle are ELOOP, for which
// the standard library has no name.
func resolve(path string) (string, error) {
	target, err := filepath.EvalSymlinks(path)
	var named *os.PathError
	if err != nil && !errors.As(err, &named) {
		return "", unix.ELOOP
	}
	return target, err
}

// beneath makes a resolved path relative to the folder, if it is inside.
func (f *folder) beneath(target string) (string, bool) {
	if target == f.path {
		return "", true
	}
	return strings.CutPrefix(target, strings.TrimSuffix(f.path, "/")+"/")
}

// refused finds the first link in name whose target is not allowed.
func (f *folder) refused(name string, allowed func(target string) bool) error {
	for end := range len(name) + 1 {
		if end < len(name) && name[end] != '/' {
			continue
		}
		link := filepath.Join(f.path, name[:end])
		info, err := os.Lstat(link)
		if err != nil {
			return err
		}
		if info.Mode()&os.ModeSymlink == 0 {
			continue
		}
		target, err := resolve(link)
		if err != nil {
			return err
		}
		if !allowed(target) {
			return &linkError{link: link, target: target, policy: f.links}
		}
	}
	return errChanged
}

// at opens a name relative to the folder; "" is the folder.
func (f *folder) at(open func(dir int, name string) (int, error), name string) (fd int, err error) {
	if name == "" {
		name = "."
	}
	failed := f.raw.Control(func(dir uintptr) {
		fd, err = openRetry(func() (int, error) { return open(int(dir), name) })
	})
	if failed != nil {
		return -1, failed
	}
	return fd, err
}
