package compress

import "sync/atomic"

// Budget bounds how many encoders work at once. Each holds 1 to 2 MB for as
// long as its client takes, so that many slow clients would hold all memory;
// those beyond the budget get their responses as they are. One budget serves
// all rules of a process.
type Budget struct {
	left atomic.Int64
}

// NewBudget makes a budget of that many encoders.
func NewBudget(encoders int) *Budget {
	b := &Budget{}
	b.left.Store(int64(encoders))
	return b
}

// take asks for an encoder; a nil budget has no bound.
func (b *Budget) take() bool {
	if b == nil || b.left.Add(-1) >= 0 {
		return true
	}
	b.left.Add(1)
	return false
}

func (b *Budget) giveBack() {
	if b != nil {
		b.left.Add(1)
	}
}
