package main

import "testing"

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{
		{nil, 0},
		{[]float64{7}, 7},
		{[]float64{9, 1}, 5},
		{[]float64{100, 1, 3}, 3},
		{[]float64{4, 1, 100, 2}, 3},
	} {
		if got := median(c.values); got != c.want {
			t.Errorf("median of %v is %v, want %v", c.values, got, c.want)
		}
	}
}

func TestMedianOf_IsByColumn(t *testing.T) {
	got := medianOf([]sample{
		{Rate: 1, P50: 30, P99: 200, CPU: 9, RSS: 5, Errors: 1},
		{Rate: 2, P50: 10, P99: 300, CPU: 8, RSS: 7, Errors: 2},
		{Rate: 3, P50: 20, P99: 100, CPU: 7, RSS: 6},
	})
	if want := (sample{Rate: 2, P50: 20, P99: 200, CPU: 8, RSS: 6, Errors: 3}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// The machine slowed down to a tenth after the first round: round by round
// ours was always twice as fast for half of the CPU.
func TestCompare_IsRoundByRound(t *testing.T) {
	ours := []sample{{Rate: 2000, CPU: 10}, {Rate: 200, CPU: 100}, {Rate: 220, CPU: 90}}
	theirs := []sample{{Rate: 1000, CPU: 20}, {Rate: 100, CPU: 200}, {Rate: 110, CPU: 180}}
	if got := compare(ours, theirs); got != (ratios{Rate: 2, CPU: 0.5}) {
		t.Errorf("%+v", got)
	}
	if got := compare(ours, []sample{{}}); got != (ratios{}) {
		t.Errorf("against nothing: %+v", got)
	}
}
