package pool

import "context"

// BootSlots is a semaphore shared by all pools: importing an application keeps
// a core busy, and boots on all cores are the latency spike of a reload.
type BootSlots struct {
	tokens chan struct{}
}

// NewBootSlots returns a semaphore for n boots at once; n below 1 counts as 1.
func NewBootSlots(n int) *BootSlots {
	return &BootSlots{tokens: make(chan struct{}, max(n, 1))}
}

// acquire waits for a boot slot; the error is the context's. A nil semaphore has no bound.
func (b *BootSlots) acquire(ctx context.Context) error {
	if b == nil {
		return ctx.Err()
	}
	select {
	case b.tokens <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// release gives the boot slot back.
func (b *BootSlots) release() {
	if b != nil {
		<-b.tokens
	}
}
