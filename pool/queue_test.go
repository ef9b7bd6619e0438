package pool

import (
	"testing"
	"time"
)

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

// aged returns requests that asked one after the other.
func aged(n int) []*request {
	all := make([]*request, n)
	for i := range all {
		all[i] = &request{asked: time.Unix(int64(i), 0)}
	}
	return all
}

// inOrder empties a queue and checks that it held all requests by age.
func inOrder(t *testing.T, q *queue, want []*request) {
	t.Helper()
	if q.length != len(want) {
		t.Errorf("%d requests, want %d", q.length, len(want))
	}
	for i := range want {
		if got := q.pop(); got != want[i] {
			t.Errorf("place %d is wrong", i)
		}
	}
	if q.first != nil || q.last != nil || q.length != 0 {
		t.Errorf("not empty: %+v", q)
	}
}

func TestQueue_RestoresByAge(t *testing.T) {
	r := aged(6)
	var q queue
	for _, i := range []int{2, 4} {
		q.push(r[i])
	}
	for _, i := range []int{3, 0, 5, 1} {
		q.restore(r[i])
	}
	inOrder(t, &q, r)
}

func TestQueue_MergesByAge(t *testing.T) {
	r := aged(6)
	for name, split := range map[string][]int{"mixed": {0, 1, 0, 0, 1, 1}, "one empty": {0, 0, 0, 0, 0, 0}, "other empty": {1, 1, 1, 1, 1, 1}} {
		var q [2]queue
		for i, to := range split {
			q[to].push(r[i])
		}
		q[0].merge(&q[1])
		if q[1].length != 0 || q[1].first != nil || q[1].last != nil {
			t.Errorf("%s: not moved: %+v", name, q[1])
		}
		inOrder(t, &q[0], r)
	}
}
