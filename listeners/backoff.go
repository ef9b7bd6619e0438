package listeners

import (
	"errors"
	"time"

	"golang.org/x/sys/unix"
)

// backoff waits longer and longer while accept fails. A shortage that comes
// and goes (of descriptors, as a rule) is told once a minute, not each time.
type backoff struct {
	door  *door
	delay time.Duration // 0: accept works
	since time.Time     // it does not
	said  time.Time     // when the log was told last
	told  bool          // of this trouble
}

const (
	firstPause = 5 * time.Millisecond
	lastPause  = time.Second
)

func (b *backoff) wait(err error) {
	if errors.Is(err, unix.ECONNABORTED) {
		return // that client is gone; nothing is wrong with us
	}
	if b.delay == 0 {
		b.begin(err)
	}
	b.delay = min(max(b.delay*2, firstPause), lastPause)
	pause := time.NewTimer(b.delay)
	defer pause.Stop()
	select {
	case <-pause.C:
	case <-b.door.leave:
	}
}

func (b *backoff) begin(err error) {
	b.since = time.Now()
	if b.told = b.since.Sub(b.said) >= quotaSilence; b.told {
		b.said = b.since
		b.door.server.logger.Error("cannot accept connections, trying again until it works (this line once a minute)",
			"listener", b.door.name(), "error", err)
	}
}

func (b *backoff) over() {
	if b.delay == 0 {
		return
	}
	if b.told {
		b.door.server.logger.Info("accepting connections again", "listener", b.door.name(), "after", time.Since(b.since))
	}
	b.delay = 0
}
