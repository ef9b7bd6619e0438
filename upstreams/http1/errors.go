package http1

import (
	"errors"
	"fmt"
)

// ErrNoResponse means that the server closed the connection before it sent a byte.
var ErrNoResponse = errors.New("it closed the connection without an answer")

// ErrCut means that the server closed the connection in the middle of a message.
var ErrCut = errors.New("it closed the connection in the middle of its response")

// BadResponse is a response that cannot be passed on. Its text names the fault.
type BadResponse struct {
	What string
}

// Error names the fault.
func (e *BadResponse) Error() string { return "bad response: " + e.What }

func bad(format string, args ...any) error { return &BadResponse{fmt.Sprintf(format, args...)} }

// excerpt quotes the beginning of foreign bytes for a message.
func excerpt(s string) string {
	const most = 60
	if len(s) > most {
		return fmt.Sprintf("%q...", s[:most])
	}
	return fmt.Sprintf("%q", s)
}
