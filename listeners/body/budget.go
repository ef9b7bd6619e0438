package body

import "sync/atomic"

// Budget is an amount of memory, in bytes, that many share. It holds no memory;
// it says who may take some.
type Budget struct {
	limit int64
	used  atomic.Int64
}

// NewBudget returns a budget of limit bytes.
func NewBudget(limit int64) *Budget { return &Budget{limit: limit} }

// Take asks for n bytes before they are used. It never waits.
func (b *Budget) Take(n int64) bool {
	if b.used.Add(n) <= b.limit {
		return true
	}
	b.used.Add(-n)
	return false
}

// Give returns n bytes that were taken.
func (b *Budget) Give(n int64) {
	if b.used.Add(-n) < 0 {
		panic("body: more memory was given back than taken")
	}
}

// Used is how many bytes are taken now.
func (b *Budget) Used() int64 { return b.used.Load() }

// Limit is the size of the budget in bytes.
func (b *Budget) Limit() int64 { return b.limit }
