package conn

import (
	"errors"
	"fmt"
	"time"
)

// ErrBufferFull means that a whole buffer holds no end of what is looked for.
var ErrBufferFull = errors.New("the buffer is full")

// ErrAbandoned is the cause when the context given to Watch has ended.
var ErrAbandoned = errors.New("the request was given up")

// TimeoutError means that the peer made no progress for too long.
type TimeoutError struct {
	Writing bool          // it took nothing; otherwise it sent nothing
	After   time.Duration // the limit that passed
}

// Error says which way was silent, and for how long.
func (e *TimeoutError) Error() string {
	if e.Writing {
		return fmt.Sprintf("it took nothing for %s", e.After)
	}
	return fmt.Sprintf("it was silent for %s", e.After)
}

// Timeout makes it a net.Error's kind of timeout.
func (e *TimeoutError) Timeout() bool { return true }
