package exchange

import (
	"net/http"
	"time"
)

// Pace is how fast a request body has to come. What counts is the time that
// somebody waits for it: a client is not late because we do not read.
type Pace struct {
	Timeout time.Duration // without a byte; 0: no limit
	MinRate int64         // in bytes per second, after the first paceGrace; 0: no limit
}

const (
	// paceGrace is the time that a body has before its rate counts.
	paceGrace = 10 * time.Second
	// paceSteps is how often within a limit its deadline is moved: in between
	// the limit is exact enough, and moving it is not free everywhere.
	paceSteps = 12
)

// pacer sets the read deadlines that hold a body to its pace.
type pacer struct {
	pace   Pace
	engine interface{ SetReadDeadline(time.Time) error }
	now    func() time.Time
	asked  time.Time     // when the read under way began
	waited time.Duration // for the client, in all
	set    time.Time     // the deadline in force; zero: none
}

// newPacer gives nil when there is nothing to watch over.
func newPacer(pace Pace, w http.ResponseWriter, now func() time.Time) *pacer {
	engine, ok := w.(interface{ SetReadDeadline(time.Time) error })
	if !ok || pace == (Pace{}) {
		return nil
	}
	return &pacer{pace: pace, engine: engine, now: now}
}

// before is due before a read, with what has been read so far.
func (p *pacer) before(read int64) {
	if p == nil {
		return
	}
	p.asked = p.now()
	left := p.pace.Timeout
	if p.pace.MinRate > 0 {
		// So many bytes at the least rate take so long.
		earned := time.Duration(float64(read) / float64(p.pace.MinRate) * float64(time.Second))
		if byRate := max(paceGrace+earned-p.waited, 1); left == 0 || byRate < left {
			left = byRate
		}
	}
	due := p.asked.Add(left)
	if late := p.set.Sub(due); p.set.IsZero() || late < 0 || late > left/paceSteps {
		p.set = due.Add(left / paceSteps)
		_ = p.engine.SetReadDeadline(p.set) // an engine that cannot keeps its own time
	}
}

// after is due after a read.
func (p *pacer) after() {
	if p != nil {
		p.waited += p.now().Sub(p.asked)
	}
}
