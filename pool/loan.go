package pool

// firstBuffer is the size of a response's buffers at first, in bytes.
const firstBuffer = 4 << 10

// loan is what a request borrows while it lives, so that it need not be made
// for each: a channel to be woken by, and the buffers of its response.
type loan struct {
	wake          chan struct{} // room for one
	buffer, spare []byte
}

// borrow takes a loan out of the pool's stock.
func (p *Pool) borrow() *loan {
	if l, ok := p.loans.Get().(*loan); ok {
		return l
	}
	return &loan{wake: make(chan struct{}, 1), buffer: make([]byte, 0, firstBuffer), spare: make([]byte, 0, firstBuffer)}
}

// giveBack returns a loan that nobody uses any more.
func (p *Pool) giveBack(l *loan) {
	select {
	case <-l.wake: // left over
	default:
	}
	l.buffer, l.spare = l.buffer[:0], l.spare[:0]
	p.loans.Put(l)
}
