package body

import (
	"errors"
	"fmt"
)

// ErrTooLarge says that a body is longer than it may be.
var ErrTooLarge = errors.New("body is larger than allowed")

// ErrSpoolFull says that neither memory nor the spool has room for a body. The
// errors of Read that match it also name the directory and the reason.
var ErrSpoolFull = errors.New("no room for the body")

// ReadError says that the client's side failed: it went away, was too slow, or
// sent something that is no body.
type ReadError struct {
	Read int64 // bytes that did arrive
	Err  error
}

// Error says how far the body came.
func (e *ReadError) Error() string {
	return fmt.Sprintf("reading the body, %d bytes arrived: %v", e.Read, e.Err)
}

// Unwrap returns what the reader said, so that os.ErrDeadlineExceeded and
// io.ErrUnexpectedEOF can be asked for.
func (e *ReadError) Unwrap() error { return e.Err }

// spoolError is any reason why a body cannot be held.
type spoolError struct {
	directory string
	err       error
}

func (e *spoolError) Error() string {
	if e.directory == "" {
		return fmt.Sprintf("%v: memory is used up and there is no spool: %v", ErrSpoolFull, e.err)
	}
	return fmt.Sprintf("%v: spool %s: %v", ErrSpoolFull, e.directory, e.err)
}

func (e *spoolError) Unwrap() error { return e.err }

func (e *spoolError) Is(target error) bool { return target == ErrSpoolFull }
