package body

import (
	"sync"
	"testing"
)

func TestBudgetIsNeverExceeded(t *testing.T) {
	b := NewBudget(1000)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 1000 {
				if b.Take(300) {
					if used := b.Used(); used < 300 {
						t.Errorf("%d used while 300 are held", used)
					}
					b.Give(300)
				}
			}
		})
	}
	group.Wait()
	if b.Used() != 0 || !b.Take(1000) || b.Take(1) || b.Limit() != 1000 {
		t.Errorf("%d of %d used; the whole budget and no more must be there", b.Used(), b.Limit())
	}
}

func TestGivingTooMuchIsABug(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	NewBudget(10).Give(1)
}
