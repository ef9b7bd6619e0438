package logsink

import (
	"bytes"
	"os"
	"sync"
)

const (
	// queueSize bounds the memory of one output, in bytes.
	queueSize = 8 << 20
	// chunkSize is what one write takes, in bytes; a longer line gets a chunk of its own.
	chunkSize = 64 << 10
)

// chunk is lines that are written together, or a file to write to from here on.
type chunk struct {
	lines []byte
	file  File
	lost  int64 // lines that did not fit behind it
}

// queue is the ring between those who log and the goroutine that writes. Its
// memory is taken chunk by chunk: an output whose reader keeps up holds two
// chunks, not queueSize.
type queue struct {
	some chan struct{} // a chunk was begun
	full chan struct{} // there is something that need not wait for more

	mu     sync.Mutex
	chunks []*chunk // oldest first; the last one is being filled
	held   int      // bytes of all chunks, the one being written included
	spare  []byte   // the buffer of the chunk written last
	lost   int64    // lines, not yet reported
	closed bool
}

func newQueue() *queue {
	return &queue{some: make(chan struct{}, 1), full: make(chan struct{}, 1)}
}

func (q *queue) put(p []byte) error {
	if len(p) == 0 {
		return nil
	}
	torn := p[len(p)-1] != '\n'
	size := len(p)
	if torn {
		size++
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return os.ErrClosed
	}
	tail := q.room(size)
	if tail == nil {
		lost := int64(bytes.Count(p, []byte{'\n'}))
		if torn {
			lost++
		}
		q.drop(lost)
		return nil
	}
	tail.lines = append(tail.lines, p...)
	if torn {
		tail.lines = append(tail.lines, '\n')
	}
	return nil
}

// room returns the chunk that takes size more bytes, nil when the queue is
// full. A line is never split over two chunks: somebody else may write to the
// same pipe between two writes.
func (q *queue) room(size int) *chunk {
	if n := len(q.chunks); n > 0 {
		tail := q.chunks[n-1]
		if tail.file == nil && cap(tail.lines)-len(tail.lines) >= size {
			return tail
		}
	}
	buffer := max(chunkSize, size)
	if q.held+buffer > queueSize {
		return nil
	}
	tail := &chunk{}
	if buffer == chunkSize && q.spare != nil {
		tail.lines, q.spare = q.spare, nil
	} else {
		tail.lines = make([]byte, 0, buffer)
	}
	if len(q.chunks) > 0 {
		ring(q.full)
	}
	q.held += buffer
	q.chunks = append(q.chunks, tail)
	ring(q.some)
	return tail
}

// drop counts lines at the place where they are missing, so that they are
// reported behind what was written before them.
func (q *queue) drop(lines int64) {
	if n := len(q.chunks); n > 0 {
		q.chunks[n-1].lost += lines
		return
	}
	q.lost += lines
}

// exchange queues a change of the file behind everything that is queued.
func (q *queue) exchange(file File) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.chunks = append(q.chunks, &chunk{file: file})
	ring(q.some)
	ring(q.full)
}

func (q *queue) length() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.chunks)
}

// take removes the oldest chunk, nil when there is none. Its memory counts
// until it is given back.
func (q *queue) take() *chunk {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.chunks) == 0 {
		return nil
	}
	c := q.chunks[0]
	q.chunks[0] = nil
	q.chunks = q.chunks[1:]
	if len(q.chunks) == 0 {
		q.chunks = nil
	}
	return c
}

// give returns a chunk that was written, lost lines of it were not.
func (q *queue) give(c *chunk, lost int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.lost += lost + c.lost
	if c.file != nil {
		return
	}
	q.held -= cap(c.lines)
	if cap(c.lines) == chunkSize {
		q.spare = c.lines[:0]
	}
}

// takeLost returns the lines lost since the last call.
func (q *queue) takeLost() int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	lost := q.lost
	q.lost = 0
	return lost
}

func (q *queue) addLost(lines int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.lost += lines
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
}

// ring leaves a note for the one who waits; one note is enough.
func ring(bell chan struct{}) {
	select {
	case bell <- struct{}{}:
	default:
	}
}
