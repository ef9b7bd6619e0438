package body

import "context"

// Disk bounds how many goroutines are in disk calls at once. Each parks a
// thread of the operating system for as long as the disk takes, and Go gives
// up at 10,000 threads.
type Disk struct {
	slots chan struct{}
}

// NewDisk allows n calls at once.
func NewDisk(n int) *Disk { return &Disk{slots: make(chan struct{}, n)} }

// Do runs call when there is room, and returns its error; the error of ctx
// when that ended first.
func (d *Disk) Do(ctx context.Context, call func() error) error {
	select {
	case d.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-d.slots }()
	return call()
}
