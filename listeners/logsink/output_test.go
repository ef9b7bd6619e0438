package logsink

import (
	"bytes"
	"errors"
	"io"
	"testing"
)

// shortWriter takes a few bytes and then fails once, like a full disk.
type shortWriter struct {
	bytes.Buffer
	take int
}

func (s *shortWriter) Write(p []byte) (int, error) {
	if s.take >= 0 && len(p) > s.take {
		n, _ := s.Buffer.Write(p[:s.take])
		s.take = -1
		return n, errors.New("no space left on device")
	}
	return s.Buffer.Write(p)
}

func TestTornLineIsEndedBeforeTheNext(t *testing.T) {
	target := &shortWriter{take: 6}
	o := newOutput("x", target, nil, nil)
	if lost := o.write([]byte("one\ntwo\nthree\n")); lost != 2 {
		t.Errorf("lost %d lines, want the torn one and the one behind it", lost)
	}
	if lost := o.write([]byte("four\n")); lost != 0 {
		t.Errorf("lost %d lines, want 0", lost)
	}
	if got, want := target.String(), "one\ntw\nfour\n"; got != want {
		t.Errorf("output %q, want %q", got, want)
	}
}

// overclaimer breaks the contract of io.Writer.
type overclaimer struct{}

func (overclaimer) Write(p []byte) (int, error) { return len(p) + 1, io.ErrShortWrite }

func TestWriteOfAWrongCount(t *testing.T) {
	o := newOutput("x", overclaimer{}, nil, nil)
	if lost := o.write([]byte("a\n")); lost != 0 {
		t.Errorf("lost %d, want 0: all bytes were claimed", lost)
	}
}
