package h1

import (
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// lookStep is how often connections that work on a request are looked
	// after; a request that is over by then costs nothing.
	lookStep = 100 * time.Millisecond
	// lookSeldom is how often a client is looked for whose request runs long.
	lookSeldom = time.Second
)

// watch keeps a coarse clock, and looks after clients that are gone while
// their requests are worked on. It runs on a timer, and only while there are
// such requests: a request says that it began by one store, and its connection
// is on the list until a look finds it idle.
type watch struct {
	base  time.Time
	clock atomic.Int64 // nanoseconds after base, never 0; right to lookStep while a request runs
	date  atomic.Pointer[date]

	mu      sync.Mutex
	timer   *time.Timer
	running bool
	list    []*Conn
	fresh   []*Conn // came while the list is looked through

	asked []unix.PollFd // only look's
	about []*Conn       // whom asked is about
}

// date is the text of a second for the Date field.
type date struct {
	unix int64
	text string
}

func (w *watch) init() {
	w.base = time.Now().Add(-time.Second) // so that now is never 0
	w.timer = time.AfterFunc(time.Hour, w.look)
	w.timer.Stop()
	w.refresh()
}

// now is the exact time in nanoseconds after base.
func (w *watch) now() int64 { return int64(time.Since(w.base)) }

// refresh sets the coarse clock.
func (w *watch) refresh() int64 {
	now := time.Now()
	at := int64(now.Sub(w.base))
	w.clock.Store(at)
	if d := w.date.Load(); d == nil || d.unix != now.Unix() {
		w.date.Store(&date{now.Unix(), now.UTC().Format(http.TimeFormat)})
	}
	return at
}

// begin says that a connection works on a request from now on.
func (w *watch) begin(c *Conn) {
	c.began.Store(w.clock.Load())
	if !c.listed.Load() && c.listed.CompareAndSwap(false, true) {
		w.add(c)
		c.began.Store(w.clock.Load())
	}
}

// end says that it does not any more.
func (w *watch) end(c *Conn) { c.began.Store(0) }

func (w *watch) add(c *Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fresh = append(w.fresh, c)
	if !w.running {
		w.running = true
		w.refresh()
		w.timer.Reset(lookStep)
	}
}

// look is what the timer runs; it ends when nobody works any more.
func (w *watch) look() {
	now := w.refresh()
	w.mu.Lock()
	w.list = append(w.list, w.fresh...)
	clear(w.fresh)
	w.fresh = w.fresh[:0]
	w.mu.Unlock()
	kept := w.list[:0]
	for _, c := range w.list {
		if w.keep(c, now) {
			kept = append(kept, c)
		}
	}
	clear(w.list[len(kept):])
	w.list = kept
	w.ask()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.running = len(w.list)+len(w.fresh) > 0; w.running {
		w.timer.Reset(lookStep)
	}
}

// keep reports whether a connection stays on the list, and puts it on the list
// of those to ask for when its request runs long enough.
func (w *watch) keep(c *Conn, now int64) bool {
	began := c.began.Load()
	if began == 0 {
		c.listed.Store(false)
		return c.began.Load() != 0 && c.listed.CompareAndSwap(false, true)
	}
	age := now - began
	if age < int64(lookStep) || c.fd < 0 || c.closed.Load() {
		return true
	}
	if c.looked < began {
		c.looked, c.halfSeen = began, false
	} else if now-c.looked < min(age/4, int64(lookSeldom)) {
		return true
	}
	c.looked = now
	ask := unix.PollFd{Fd: int32(c.fd)}
	if !c.halfSeen {
		ask.Events = unix.POLLRDHUP
	}
	w.asked, w.about = append(w.asked, ask), append(w.about, c)
	return true
}

// ask looks at all of them in one system call. A descriptor may be another
// connection's by now; then its own has ended anyway.
func (w *watch) ask() {
	if len(w.asked) == 0 {
		return
	}
	n, _ := pollNow(w.asked) // interrupted: the next look will do
	for i := range w.asked {
		if n <= 0 {
			break
		}
		switch got, c := w.asked[i].Revents, w.about[i]; {
		case got == 0 || c.closed.Load():
		case got&(unix.POLLERR|unix.POLLHUP|unix.POLLNVAL) != 0:
			c.context.cancel()
		case got&unix.POLLRDHUP != 0:
			c.halfSeen = true
			c.context.closeHalf()
		}
	}
	clear(w.about)
	w.asked, w.about = w.asked[:0], w.about[:0]
}
