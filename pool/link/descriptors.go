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

// parseDescriptors takes the descriptors out of a message's control data.
// Those of a malformed one are closed as far as they can be read.
func parseDescriptors(oob []byte) (*Descriptors, error) {
	messages, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return nil, err
	}
	d := &Descriptors{}
	for i := range messages {
		if messages[i].Header.Type != unix.SCM_RIGHTS {
			continue
		}
		fds, err := unix.ParseUnixRights(&messages[i])
		if err != nil {
			d.Close()
			return nil, err
		}
		d.fds = append(d.fds, fds...)
	}
	if len(d.fds) == 0 {
		return nil, nil
	}
	return d, nil
}
