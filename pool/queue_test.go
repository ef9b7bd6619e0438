package pool

import "testing"

func TestQueue(t *testing.T) {
	var q queue
	r := make([]request, 5)
	for i := range r {
		q.push(&r[i])
	}
	q.remove(&r[0])
	q.remove(&r[2])
	q.remove(&r[4])
	q.push(&r[0])
	for i, want := range []*request{&r[1], &r[3], &r[0], nil} {
		if got := q.pop(); got != want {
			t.Errorf("pop %d: %p, want %p", i, got, want)
		}
	}
	if q.length != 0 || q.first != nil || q.last != nil {
		t.Errorf("not empty: %+v", q)
	}
}
