package pool

import (
	"testing"
	"time"
)

func TestBackoff_Delay(t *testing.T) {
	var b backoff
	middle := []time.Duration{0, 0, 500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second,
		8 * time.Second, 16 * time.Second, 30 * time.Second, 30 * time.Second}
	for failures, want := range middle {
		b.failures = failures
		for range 100 {
			if got := b.delay(1); got < want*3/4 || got > want*5/4 {
				t.Fatalf("after %d failures %v, want about %v", failures, got, want)
			}
		}
	}
	b.succeeded()
	b.failed()
	if got := b.delay(0); got < 375*time.Millisecond || got > 625*time.Millisecond {
		t.Errorf("first delay %v", got)
	}
}
