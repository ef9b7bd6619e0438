package exchange

import (
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// slowEngine is an engine whose clients take their time: reading a byte takes
// as long as the clock says, unless the deadline comes first.
type slowEngine struct {
	http.ResponseWriter
	clock    time.Time
	each     time.Duration // for a piece
	piece    int
	deadline time.Time
	moves    int
}

func (e *slowEngine) now() time.Time { return e.clock }

func (e *slowEngine) SetReadDeadline(t time.Time) error {
	e.deadline = t
	e.moves++
	return nil
}

func (e *slowEngine) Read(p []byte) (int, error) {
	arrives := e.clock.Add(e.each)
	if !e.deadline.IsZero() && e.deadline.Before(arrives) {
		e.clock = e.deadline
		return 0, os.ErrDeadlineExceeded
	}
	e.clock = arrives
	return min(e.piece, len(p)), nil
}

func (e *slowEngine) Close() error { return nil }

// paced reads a body at a pace until it fails or has lasted an hour, with a
// pause of the reader's own between two reads.
func paced(pace Pace, each time.Duration, piece int, pause time.Duration) (lasted time.Duration, e *slowEngine, err error) {
	start := time.Unix(1e9, 0)
	e = &slowEngine{clock: start, each: each, piece: piece}
	r := &http.Request{Body: e}
	b := newRequestBody(r, e, &r.Trailer, pace, e.now)
	buffer := make([]byte, 1<<10)
	for e.clock.Sub(start) < time.Hour {
		if _, err := b.Read(buffer); err != nil {
			return e.clock.Sub(start), e, err
		}
		e.clock = e.clock.Add(pause)
	}
	return time.Hour, e, nil
}

func TestPace(t *testing.T) {
	minute := Pace{Timeout: time.Minute, MinRate: 240}
	for _, row := range []struct {
		name        string
		pace        Pace
		each, pause time.Duration
		piece       int
		from, to    time.Duration // when it ends; 0: never
	}{
		{"fast", minute, time.Second, 0, 1000, 0, 0},
		{"just fast enough", minute, time.Second, 0, 241, 0, 0},
		{"too slow", minute, time.Second, 0, 24, 10 * time.Second, 13 * time.Second},
		{"too slow, but nobody looks", Pace{Timeout: time.Minute}, 30 * time.Second, 0, 1, 0, 0},
		{"silent", minute, time.Hour, 0, 1000, 10 * time.Second, 11 * time.Second},
		{"silent without a rate", Pace{Timeout: time.Minute}, time.Hour, 0, 1000, time.Minute, 65 * time.Second},
		{"slow because we do not read", minute, 10 * time.Millisecond, time.Minute, 24, 0, 0},
		{"a rate alone", Pace{MinRate: 1}, 9 * time.Second, 0, 100, 0, 0},
		{"any pace", Pace{}, 30 * time.Minute, 0, 1, 0, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			lasted, e, err := paced(row.pace, row.each, row.piece, row.pause)
			if row.to == 0 {
				if err != nil {
					t.Fatalf("ended after %v with %v", lasted, err)
				}
			} else if status, reason := bodyFailure(err); status != 408 || reason != ReasonBodyTimeout || lasted < row.from || lasted > row.to {
				t.Errorf("ended after %v with %v", lasted, err)
			}
			if row.pace == (Pace{}) && e.moves > 0 {
				t.Error("a deadline without a limit")
			}
		})
	}
}

// Moving a deadline costs something, so it moves in steps.
func TestPaceMovesInSteps(t *testing.T) {
	_, e, err := paced(Pace{Timeout: time.Minute}, 10*time.Millisecond, 100, 0)
	if err != nil || e.moves > 3600/5+1 {
		t.Errorf("the deadline moved %d times in an hour, %v", e.moves, err)
	}
}

func TestEndOfABody(t *testing.T) {
	r := &http.Request{Body: io.NopCloser(strings.NewReader("abc")), Trailer: http.Header{"X": {"1"}}}
	var trailer http.Header
	b := newRequestBody(r, nil, &trailer, Pace{Timeout: time.Minute}, time.Now)
	if text, err := io.ReadAll(b); string(text) != "abc" || err != nil || !b.complete() || len(trailer) != 1 {
		t.Errorf("%q, %v, complete %v, trailer %v", text, err, b.complete(), trailer)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
}
