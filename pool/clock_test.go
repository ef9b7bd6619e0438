package pool

import (
	"testing"
	"time"
)

// A pool whose requests keep coming and going ahead keeps its pace: changing it
// wakes the clock up each time.
func TestClock_KeepsItsPaceForAWhile(t *testing.T) {
	p, idle := &Pool{ahead: 1}, 0
	if got, _ := p.tick(time.Now(), &idle); got != shortTick {
		t.Fatalf("%v while a request stands behind another", got)
	}
	p.ahead = 0
	for i := range idleTicks {
		if got, _ := p.tick(time.Now(), &idle); got != shortTick {
			t.Fatalf("tick %d: %v", i, got)
		}
	}
	if got, _ := p.tick(time.Now(), &idle); got != 0 {
		t.Errorf("it runs on every %v for nothing", got)
	}
}
