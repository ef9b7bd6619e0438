package pool

import (
	"encoding/binary"
	"fmt"
	"net/http"
	"os"

	"github.com/appserve/appserve/pool/link"
	"github.com/appserve/appserve/pool/link/marshal"
	"golang.org/x/sys/unix"
)

// content is what a REQUEST is made of.
type content struct {
	request  *http.Request
	exchange exchange
	data     []byte   // the body in memory
	file     *os.File // or in a file
	size     int64
}

// message is one REQUEST, encoded before it has a slot.
type message struct {
	pool    *Pool
	content content
	bytes   []byte
	legacy  bool
	apart   bool // the body rides as a descriptor
}

// newMessage returns a message with a buffer; release gives it back.
func (p *Pool) newMessage() *message {
	m, ok := p.messages.Get().(*message)
	if !ok {
		m = &message{pool: p}
	}
	return m
}

func (m *message) release() {
	m.content = content{}
	m.pool.messages.Put(m)
}

// encode builds the message with the id 0.
func (m *message) encode(legacy bool) {
	c := &m.content
	m.legacy = legacy
	b := link.AppendHeader(m.bytes[:0], link.TypeRequest, 0, 0)
	b = append(b, 0, 0, 0, 0)
	const start = link.HeaderSize + 4
	b, identified := appendEnviron(b, marshal.Encoder{Legacy: legacy}, c.request, c.exchange, c.size)
	binary.LittleEndian.PutUint32(b[link.HeaderSize:], uint32(len(b)-start))
	m.apart = c.file != nil || len(c.data) > link.MaxInlineBody || len(b)+len(c.data) > link.MaxRequest
	if !m.apart {
		b = append(b, c.data...)
	}
	var flags uint8
	if m.apart {
		flags |= link.FlagBodyFD
	}
	if c.request.Method == http.MethodHead {
		flags |= link.FlagHeadOnly
	}
	if identified {
		flags |= link.FlagIdentified
	}
	link.SetFlags(b, flags)
	m.bytes = b
}

// sendTo sends the message to the slot that the request was placed in. After
// a failure, which is what becomes of the request, or an error of the link
// nothing was sent that the worker acts upon: a body without its request is
// closed there, when the next one comes.
func (m *message) sendTo(s *slot, r *request) (*failure, error) {
	if legacy := s.worker.pool.legacy.Load(); legacy != m.legacy {
		m.encode(legacy) // the request was handed over to another Python
	}
	if len(m.bytes) > link.MaxRequest {
		return failTooLarge(), nil
	}
	link.SetID(m.bytes, r.id)
	if !m.apart {
		return nil, s.conn.Send(m.bytes, nil)
	}
	body, err := m.openBody()
	if err != nil {
		s.worker.log().Error("cannot pass on a request body", "request", r.name, "error", err)
		return failSpool(), nil
	}
	defer body.Close()
	if err := s.worker.bodies.Send(m.bytes[:link.HeaderSize], body); err != nil {
		return nil, err
	}
	return nil, s.conn.Send(m.bytes, nil)
}

// openBody returns the body as a file of its own, open for reading at offset
// 0: another dispatch or another process must not share the offset.
func (m *message) openBody() (*os.File, error) {
	c := &m.content
	if c.file == nil {
		return memoryFile("request body", c.data)
	}
	var opened *os.File
	err := control(c.file, func(fd uintptr) error {
		var err error
		opened, err = os.Open(fmt.Sprintf("/proc/self/fd/%d", fd))
		return err
	})
	if err == nil {
		return opened, nil
	}
	return m.duplicateBody() // there is no /proc
}

// duplicateBody shares the offset, which is set to 0.
func (m *message) duplicateBody() (*os.File, error) {
	if _, err := m.content.file.Seek(0, 0); err != nil {
		return nil, fmt.Errorf("rewinding a request body: %w", err)
	}
	var number int
	err := control(m.content.file, func(fd uintptr) error {
		var err error
		number, err = unix.FcntlInt(fd, unix.F_DUPFD_CLOEXEC, 0)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("duplicating a request body: %w", err)
	}
	return os.NewFile(uintptr(number), "request body"), nil
}
