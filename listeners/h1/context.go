package h1

import (
	"context"
	"sync"
	"time"
)

// connContext is the context of all requests of a connection: nothing is made
// before somebody asks for it. It implements the AfterFunc that package
// context looks for, so that a context derived from it needs no goroutine.
type connContext struct {
	mu    sync.Mutex
	done  chan struct{}
	ended chan struct{}
	half  bool
	err   error
	after map[*afterFunc]struct{}
}

// afterFunc is a function to be called at the end.
type afterFunc struct{ call func() }

// Deadline implements context.Context.
func (x *connContext) Deadline() (deadline time.Time, ok bool) { return time.Time{}, false }

// Value implements context.Context.
func (x *connContext) Value(any) any { return nil }

// Done implements context.Context.
func (x *connContext) Done() <-chan struct{} {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.done == nil {
		x.done = make(chan struct{})
		if x.err != nil {
			close(x.done)
		}
	}
	return x.done
}

// Err implements context.Context.
func (x *connContext) Err() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.err
}

// AfterFunc calls f in a goroutine of its own once the context is cancelled,
// unless stop is called before; stop reports whether it came in time.
func (x *connContext) AfterFunc(f func()) (stop func() bool) {
	entry := &afterFunc{call: f}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.err != nil {
		go entry.call()
		return func() bool { return false }
	}
	if x.after == nil {
		x.after = map[*afterFunc]struct{}{}
	}
	x.after[entry] = struct{}{}
	return func() bool { return x.forget(entry) }
}

func (x *connContext) forget(entry *afterFunc) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	_, there := x.after[entry]
	delete(x.after, entry)
	return there
}

// cancel ends the context.
func (x *connContext) cancel() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.err != nil {
		return
	}
	x.err = context.Canceled
	if x.done != nil {
		close(x.done)
	}
	x.endHalf()
	for entry := range x.after {
		go entry.call()
	}
	x.after = nil
}

// halfClosed is a channel that is closed when the client has ended its
// direction of the connection, or all of it.
func (x *connContext) halfClosed() <-chan struct{} {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.ended == nil {
		x.ended = make(chan struct{})
		if x.half {
			close(x.ended)
		}
	}
	return x.ended
}

// closeHalf says that the client has ended its direction.
func (x *connContext) closeHalf() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.endHalf()
}

// endHalf does it with the lock held.
func (x *connContext) endHalf() {
	if x.half {
		return
	}
	x.half = true
	if x.ended != nil {
		close(x.ended)
	}
}
