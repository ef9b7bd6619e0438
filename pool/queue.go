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

// restore puts a request that was taken back where its age belongs, which is
// at or near the front.
func (q *queue) restore(r *request) {
	next := q.first
	for next != nil && !r.asked.Before(next.asked) {
		next = next.after
	}
	if next == nil {
		q.push(r)
		return
	}
	r.before, r.after = next.before, next
	if next.before == nil {
		q.first = r
	} else {
		next.before.after = r
	}
	next.before = r
	q.length++
}

// merge takes over all requests of another queue, in the order of arrival.
func (q *queue) merge(other *queue) {
	var all queue
	for q.first != nil || other.first != nil {
		from := q
		if q.first == nil || other.first != nil && other.first.asked.Before(q.first.asked) {
			from = other
		}
		all.push(from.pop())
	}
	*q = all
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
