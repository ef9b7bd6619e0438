package link

import (
	"golang.org/x/sys/unix"
)

// maxDescriptors is how many descriptors one received message may carry; the
// kernel drops and closes those beyond it and says so.
const maxDescriptors = 4

// Descriptors are open descriptors that arrived in a message. Whoever holds
// them closes them.
type Descriptors struct {
	fds []int
}

// Len is the number of descriptors.
func (d *Descriptors) Len() int {
	if d == nil {
		return 0
	}
	return len(d.fds)
}

// Close closes all of them. It is idempotent and works on nil.
func (d *Descriptors) Close() {
	if d == nil {
		return
	}
	for _, fd := range d.fds {
		_ = unix.Close(fd) // a received descriptor; nothing is lost when closing it is refused
	}
	d.fds = nil
}
