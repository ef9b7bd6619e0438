package pool

import (
	"strings"
	"testing"
)

func TestResponse_Room(t *testing.T) {
	wake, room := make(chan struct{}, 1), make(chan struct{}, 1)
	r := &response{wake: wake}
	half := []byte(strings.Repeat("x", responseCap/2))
	r.add(&head{status: 200}, half, false)
	if r.full(room) {
		t.Fatal("full at half")
	}
	r.add(nil, half, false)
	if !r.full(room) {
		t.Fatal("not full at its cap")
	}
	if p := r.take(); p.head == nil || len(p.data) != responseCap || p.ended {
		t.Fatalf("took %d bytes", len(p.data))
	}
	<-room // told that something changed
	if !r.full(room) {
		t.Fatal("what is being written does not count")
	}
	if p := r.take(); !p.empty() {
		t.Fatalf("took %+v", p)
	}
	<-room
	if r.full(room) {
		t.Fatal("full without content")
	}
}

func TestResponse_CloseSwallows(t *testing.T) {
	wake, room := make(chan struct{}, 1), make(chan struct{}, 1)
	r := &response{wake: wake}
	r.add(nil, make([]byte, responseCap), false)
	if !r.full(room) {
		t.Fatal("not full")
	}
	<-wake
	r.close()
	<-room // a reader that waited looks again
	r.add(&head{}, []byte("x"), true)
	r.addInfo(head{})
	r.fail(failTimeout())
	select {
	case <-wake:
		t.Error("the owner, or whoever has its channel now, was woken")
	default:
	}
	if r.full(room) || r.buffer != nil {
		t.Error("it keeps what comes")
	}
}

func TestResponse_FirstFailureStays(t *testing.T) {
	r := &response{wake: make(chan struct{}, 1)}
	r.fail(failTimeout())
	r.fail(failCrashed())
	if p := r.take(); p.failure.reason != "request_timeout" {
		t.Errorf("%+v", p.failure)
	}
	r = &response{wake: make(chan struct{}, 1)}
	r.add(&head{}, nil, true)
	r.fail(failCrashed())
	if p := r.take(); p.failure != nil || !p.ended {
		t.Errorf("a complete response failed: %+v", p.failure)
	}
}
