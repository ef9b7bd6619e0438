package certificates

import (
	"os"
	"syscall"
	"time"
)

// stamp tells one content of a file from the next without reading it. A file
// that cannot be seen has the zero stamp.
type stamp struct {
	changed time.Time
	size    int64
	device  uint64
	inode   uint64
	status  syscall.Timespec // when the inode changed: a copy may keep the time of its content
}

// stampOf follows links: certbot's files are links that move.
func stampOf(path string) stamp {
	info, err := os.Stat(path)
	if err != nil {
		return stamp{}
	}
	s := stamp{changed: info.ModTime(), size: info.Size()}
	if system, ok := info.Sys().(*syscall.Stat_t); ok {
		s.device, s.inode, s.status = system.Dev, system.Ino, system.Ctim
	}
	return s
}
