package link

import (
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// controlSize is the room for all that may come beside a message: the time at
// which it was sent, and maxDescriptors descriptors of four bytes. The kernel
// wants each part and its header, of two words and an int, aligned to words.
const controlSize = 2*unix.SizeofCmsghdr + int(unsafe.Sizeof(unix.Timespec{})) + maxDescriptors*4

// askForTimes has the kernel note when each message to this socket is sent.
// Where it does not know how (gVisor), they come without.
func askForTimes(fd int) {
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1)
}

// parseControl takes what came beside a message. The descriptors of malformed
// control data are closed as far as they can be read.
func (m *Message) parseControl(oob []byte) error {
	for len(oob) > 0 {
		header, data, rest, err := unix.ParseOneSocketControlMessage(oob)
		if err != nil {
			m.Descriptors.Close()
			return err
		}
		oob = rest
		switch {
		case header.Level != unix.SOL_SOCKET:
		case header.Type == unix.SCM_TIMESTAMPNS && len(data) >= int(unsafe.Sizeof(unix.Timespec{})):
			m.Sent = time.Unix((*unix.Timespec)(unsafe.Pointer(unsafe.SliceData(data))).Unix())
		case header.Type == unix.SCM_RIGHTS:
			fds, err := unix.ParseUnixRights(&unix.SocketControlMessage{Header: header, Data: data})
			if err != nil {
				m.Descriptors.Close()
				return err
			}
			m.add(fds)
		}
	}
	return nil
}

// add takes descriptors that came with the message.
func (m *Message) add(fds []int) {
	if len(fds) == 0 {
		return
	}
	if m.Descriptors == nil {
		m.Descriptors = &Descriptors{}
	}
	m.Descriptors.fds = append(m.Descriptors.fds, fds...)
}
