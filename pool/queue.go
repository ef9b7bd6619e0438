package pool

// queue is the FIFO of requests that wait for a slot: a linked list, so that a
// client that goes away leaves it at once. The pool's lock is held for all.
type queue struct {
	first, last *request
	length      int
}

// push appends a request.
func (q *queue) push(r *request) {
	r.before, r.after = q.last, nil
	if q.last == nil {
		q.first = r
	} else {
		q.last.after = r
	}
	q.last = r
	q.length++
}

// pushFront puts a request that was taken back before all others.
func (q *queue) pushFront(r *request) {
	r.before, r.after = nil, q.first
	if q.first == nil {
		q.last = r
	} else {
		q.first.before = r
	}
	q.first = r
	q.length++
}

// remove takes a request out, wherever it stands.
func (q *queue) remove(r *request) {
	if r.before == nil {
		q.first = r.after
	} else {
		r.before.after = r.after
	}
	if r.after == nil {
		q.last = r.before
	} else {
		r.after.before = r.before
	}
	r.before, r.after = nil, nil
	q.length--
}

// pop takes out the oldest request; nil when there is none.
func (q *queue) pop() *request {
	r := q.first
	if r != nil {
		q.remove(r)
	}
	return r
}
