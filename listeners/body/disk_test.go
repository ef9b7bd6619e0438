package body

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestDiskBoundsCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := NewDisk(3)
		var now, most atomic.Int32
		for range 20 {
			go func() {
				err := d.Do(t.Context(), func() error {
					most.Store(max(most.Load(), now.Add(1)))
					time.Sleep(time.Second)
					now.Add(-1)
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}()
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if most.Load() != 3 {
			t.Errorf("%d calls at once, want 3", most.Load())
		}
	})
}

func TestDiskWaitEndsWithTheContext(t *testing.T) {
	d := NewDisk(1)
	ctx, cancel := context.WithCancel(t.Context())
	err := d.Do(t.Context(), func() error {
		cancel()
		return d.Do(ctx, func() error { t.Error("called"); return nil })
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Do = %v, want the error of the context", err)
	}
}
