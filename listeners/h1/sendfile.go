package h1

import (
	"errors"
	"io"
	"math"
	"os"

	"golang.org/x/sys/unix"
)

// part is a part of a file that can go out by sendfile.
type part struct {
	file    *os.File
	offset  int64 // -1: the file's own
	length  int64
	limited *io.LimitedReader // to be told what was taken
	section *io.SectionReader
}

// partOf recognises a file, a part of one, and the beginning of either.
func partOf(src io.Reader) (p part, ok bool) {
	p = part{offset: -1, length: math.MaxInt64}
	if l, is := src.(*io.LimitedReader); is {
		p.limited, p.length = l, l.N
		src = l.R
	}
	switch s := src.(type) {
	case *os.File:
		p.file = s
	case *io.SectionReader:
		whole, begin, size := s.Outer()
		at, err := s.Seek(0, io.SeekCurrent)
		if err != nil {
			return p, false
		}
		p.file, _ = whole.(*os.File)
		p.section, p.offset, p.length = s, begin+at, min(p.length, size-at)
	}
	return p, p.file != nil
}

// taken tells the readers around the file how far it was read.
func (p *part) taken(n int64) {
	if p.limited != nil {
		p.limited.N -= n
	}
	if p.section != nil {
		_, _ = p.section.Seek(n, io.SeekCurrent) // forward, inside the section
	}
}

// errNoSendfile says that the kernel cannot do it between these two.
var errNoSendfile = errors.New("no sendfile")

// sendPiece is how much one call of sendfile is asked for, in bytes.
const sendPiece = 1 << 20

// sending is a file on its way. Only one goroutine writes to a connection.
type sending struct {
	conn *Conn
	in   int
	part *part
	sent int64
	err  error
	end  bool // of the file
}

// sendFile sends a part of a file at the client's pace. It returns
// errNoSendfile when the kernel cannot, before anything was sent.
func (c *Conn) sendFile(p *part) (n int64, err error) {
	source, err := p.file.SyscallConn()
	if err != nil {
		return 0, err
	}
	s := &sending{conn: c, part: p}
	c.out.before = false
	failed := source.Control(func(fd uintptr) {
		s.in = int(fd)
		err = s.run()
	})
	if err == nil {
		err = failed
	}
	p.taken(s.sent)
	c.out.sent += s.sent
	c.written(err)
	return s.sent, err
}

func (s *sending) run() error {
	for {
		before := s.sent
		err := s.conn.raw.Write(s.try)
		if err == nil {
			return s.err
		}
		if !isTimeout(err) || s.conn.stalled(s.sent-before) {
			return err
		}
		s.conn.armWrite()
	}
}

// try is one attempt, as syscall.RawConn calls it: false waits.
func (s *sending) try(fd uintptr) bool {
	for s.sent < s.part.length {
		piece := int(min(s.part.length-s.sent, sendPiece))
		var offset *int64
		if s.part.offset >= 0 {
			at := s.part.offset + s.sent
			offset = &at
		}
		n, err := unix.Sendfile(int(fd), s.in, offset, piece)
		if n > 0 {
			s.sent += int64(n)
		}
		switch err {
		case nil:
			if n == 0 {
				s.end = true
				return true
			}
		case unix.EINTR:
		case unix.EAGAIN:
			if !s.conn.out.armed {
				s.conn.armWrite()
			}
			return false
		default:
			s.err = os.NewSyscallError("sendfile", err)
			if s.sent == 0 && (err == unix.EINVAL || err == unix.ENOSYS || err == unix.EOPNOTSUPP) {
				s.err = errNoSendfile
			}
			return true
		}
	}
	return true
}
