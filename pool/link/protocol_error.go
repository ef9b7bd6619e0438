package link

import "fmt"

// shownBytes is how much of a bad message an error keeps.
const shownBytes = 64

// ProtocolError says that a worker sent what no sound worker sends.
type ProtocolError struct {
	What string
	// First holds at most the first 64 bytes of the message.
	First []byte
}

// Error names the offence; the bytes are for the log line.
func (e *ProtocolError) Error() string { return "link protocol broken: " + e.What }

// NewProtocolError returns an error about a message, of which it keeps the first bytes.
func NewProtocolError(what string, message []byte) *ProtocolError {
	first := message[:min(len(message), shownBytes)]
	return &ProtocolError{What: what, First: append([]byte(nil), first...)}
}

// protocolError is NewProtocolError with a format.
func protocolError(format string, message []byte, args ...any) error {
	return NewProtocolError(fmt.Sprintf(format, args...), message)
}
