package link_test

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/appserve/appserve/pool/link"
)

func TestUnread_TakesBackWhatWasNotReceived(t *testing.T) {
	conn, workerEnd, err := link.Pair("slot")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	unread, err := link.NewUnread(workerEnd)
	if err != nil {
		t.Fatal(err)
	}
	defer unread.Close()
	if id, ok := unread.Take(); ok {
		t.Fatalf("took message %d of an empty link", id)
	}
	before := openDescriptors(t)
	rider, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	for id := uint32(1); id <= 3; id++ {
		message := append(link.AppendHeader(nil, link.TypeRequest, 0, id), make([]byte, 1000)...)
		if err := conn.Send(message, rider); err != nil {
			t.Fatal(err)
		}
	}
	rider.Close()
	for want := uint32(1); want <= 3; want++ {
		if id, ok := unread.Take(); !ok || id != want {
			t.Errorf("took %d, %v; want the oldest, %d", id, ok, want)
		}
	}
	if id, ok := unread.Take(); ok {
		t.Errorf("took %d twice", id)
	}
	if after := openDescriptors(t); after != before {
		t.Errorf("%d descriptors are open, %d were: those in the messages leak", after, before)
	}
}

// A worker that was told to take no more may still have messages to take.
func TestUnread_Received(t *testing.T) {
	conn, workerEnd, err := link.Pair("slot")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	unread, err := link.NewUnread(workerEnd)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := workerEnd.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	expect := func(when string, want ...bool) { // of the messages 1 and 2
		t.Helper()
		for i := range want {
			if got := unread.Received(uint32(i + 1)); got != want[i] {
				t.Errorf("%s: message %d received: %v", when, i+1, got)
			}
		}
	}
	for id := uint32(1); id <= 2; id++ {
		if err := conn.Send(link.AppendHeader(nil, link.TypeRequest, 0, id), nil); err != nil {
			t.Fatal(err)
		}
	}
	expect("none taken", false)
	expect("looking takes nothing", false)
	unread.Take()
	expect("one taken", true, false)
	_ = raw.Control(func(fd uintptr) { err = unix.Shutdown(int(fd), unix.SHUT_RD) })
	if err != nil {
		t.Fatal(err)
	}
	expect("the worker takes no more", true, false)
	unread.Take()
	expect("all taken", true, true)
	_ = unread.Close()
	expect("nobody can know", false, false)
}
