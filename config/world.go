package config

import (
	"errors"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// World is what CheckWorld asks the machine. A nil field asks the real one.
type World struct {
	UID         func() int                                  // effective
	LookupUser  func(name string) (uid, gid int, err error) // a number need not have an account
	LookupGroup func(name string) (gid int, err error)      // likewise
	Stat        func(path string) (fs.FileInfo, error)      // follows links
	ReadDir     func(path string) ([]fs.DirEntry, error)    // does not
	ReadFile    func(path string) ([]byte, error)           // small ones only: files of users
	Resolve     func(path string) (string, error)           // follows every link of a path
	Owner       func(info fs.FileInfo) (uid, gid int)       // of what Stat found
	Readable    func(path string) error                     // by this process
	Writable    func(path string) error                     // by this process
	InMemory    func(path string) bool                      // lies on a tmpfs
	CPUs        func() int                                  // that this process may use
}

// withDefaults fills in the real world where the caller left a field out.
func (w World) withDefaults() World {
	if w.UID == nil {
		w.UID = os.Geteuid
	}
	if w.LookupUser == nil {
		w.LookupUser = lookupUser
	}
	if w.LookupGroup == nil {
		w.LookupGroup = lookupGroup
	}
	if w.Stat == nil {
		w.Stat = os.Stat
	}
	if w.ReadDir == nil {
		w.ReadDir = os.ReadDir
	}
	if w.ReadFile == nil {
		w.ReadFile = os.ReadFile
	}
	if w.Resolve == nil {
		w.Resolve = filepath.EvalSymlinks
	}
	if w.Owner == nil {
		w.Owner = ownerOf
	}
	if w.Readable == nil {
		w.Readable = func(path string) error { return unix.Access(path, unix.R_OK) }
	}
	if w.Writable == nil {
		w.Writable = func(path string) error { return unix.Access(path, unix.W_OK) }
	}
	if w.InMemory == nil {
		w.InMemory = inMemory
	}
	if w.CPUs == nil {
		w.CPUs = availableCPUs
	}
	return w
}

func lookupUser(name string) (uid, gid int, err error) {
	if number, err := strconv.Atoi(name); err == nil {
		if account, err := user.LookupId(name); err == nil {
			gid, _ = strconv.Atoi(account.Gid)
		}
		return number, gid, nil
	}
	account, err := user.Lookup(name)
	if err != nil {
		return 0, 0, err
	}
	uid, errUID := strconv.Atoi(account.Uid)
	gid, errGID := strconv.Atoi(account.Gid)
	return uid, gid, errors.Join(errUID, errGID)
}

func lookupGroup(name string) (gid int, err error) {
	if number, err := strconv.Atoi(name); err == nil {
		return number, nil
	}
	group, err := user.LookupGroup(name)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(group.Gid)
}

// ownerOf is -1, -1 on a file system that knows no owners.
func ownerOf(info fs.FileInfo) (uid, gid int) {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(stat.Uid), int(stat.Gid)
	}
	return -1, -1
}

// inMemory reports whether a path, or the nearest folder above it that
// exists, lies in memory.
func inMemory(path string) bool {
	var stat unix.Statfs_t
	for {
		err := unix.Statfs(path, &stat)
		if err == nil {
			return int64(stat.Type) == unix.TMPFS_MAGIC || int64(stat.Type) == unix.RAMFS_MAGIC
		}
		parent := filepath.Dir(path)
		if parent == path {
			return false
		}
		path = parent
	}
}
