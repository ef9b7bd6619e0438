package pool

import "sync"

// responseCap is how much of a response, in bytes, is held for a client that
// is slower than the application; a slot with more is not read meanwhile.
const responseCap = 256 << 10

// response is the part of a response that was taken from the worker and not
// yet given to the client. A slot's reader adds, the owner of the request
// takes. A response that was closed swallows what still comes, so a reader may
// hold on to it for longer than its owner.
type response struct {
	mu      sync.Mutex
	wake    chan<- struct{} // the owner's
	away    away            // the owner does not wait for wake; nil: it does
	room    chan<- struct{} // of a reader that waits for room; nil when none does
	infos   []head
	head    *head
	buffer  []byte
	spare   []byte // what the owner took last, and may still be writing
	writing int    // its length
	ended   bool
	failure *failure
	closed  bool
}

// piece is what has come since the last take. Data is valid until the next.
type piece struct {
	infos   []head
	head    *head
	data    []byte
	ended   bool
	failure *failure
}

// empty says whether there is nothing to do.
func (p *piece) empty() bool {
	return p.infos == nil && p.head == nil && len(p.data) == 0 && !p.ended && p.failure == nil
}

// add takes one message's worth of a response, in full: it never waits, so
// that the last message cannot hold its slot back. When that completes the
// response, its owner may be claimed; complete is due then.
func (r *response) add(h *head, data []byte, ended bool) (owner claimed) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return claimed{}
	}
	if h != nil {
		r.head = h
	}
	r.buffer = append(r.buffer, data...)
	r.ended = r.ended || ended
	if ended && r.away != nil && r.away.Claim() {
		return claimed{r.away}
	}
	r.rouse()
	return claimed{}
}

// rouse tells the owner that something has come.
func (r *response) rouse() {
	if r.away != nil {
		r.away.Recall()
	} else {
		signal(r.wake)
	}
}

// back says that the owner is not away any more.
func (r *response) back() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.away = nil
}

// addInfo takes an interim response.
func (r *response) addInfo(h head) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.closed {
		r.infos = append(r.infos, h)
		r.rouse()
	}
}

// fail ends the response with appserve's own answer; the first failure stays,
// and one that comes after the end changes nothing.
func (r *response) fail(f *failure) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.closed && !r.ended && r.failure == nil {
		r.failure = f
		r.rouse()
	}
}

// take returns what has come.
func (r *response) take() piece {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := piece{infos: r.infos, head: r.head, data: r.buffer, ended: r.ended, failure: r.failure}
	r.infos, r.head = nil, nil
	r.buffer, r.spare = r.spare[:0], r.buffer
	r.writing = len(p.data)
	r.makeRoom()
	return p
}

// close says that the owner takes nothing any more. It returns the buffers.
func (r *response) close() (buffer, spare []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	r.makeRoom()
	buffer, spare = r.buffer, r.spare
	r.buffer, r.spare, r.wake = nil, nil, nil
	return buffer, spare
}

// makeRoom wakes a reader that waits.
func (r *response) makeRoom() {
	if r.room != nil {
		signal(r.room)
		r.room = nil
	}
}

// full says whether a reader must wait; the signal on room tells it to look again.
func (r *response) full(room chan<- struct{}) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed || len(r.buffer)+r.writing < responseCap {
		return false
	}
	r.room = room
	return true
}
