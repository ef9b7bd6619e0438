package pool

import (
	"sync"
	"time"
)

// rareInterval is how often a line about something frequent is logged.
const rareInterval = 10 * time.Second

// rareLine counts events of which only one in rareInterval is worth a line.
type rareLine struct {
	mu    sync.Mutex
	last  time.Time
	since int
}

// count counts an event. When a line is due it returns how many there were
// since the last one, this one included; else 0.
func (l *rareLine) count(now time.Time) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.since++
	if !l.last.IsZero() && now.Sub(l.last) < rareInterval {
		return 0
	}
	n := l.since
	l.last, l.since = now, 0
	return n
}
