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
func TestUnread_Empty(t *testing.T) {
	conn, workerEnd, err := link.Pair("slot")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	unread, err := link.NewUnread(workerEnd)
	if err != nil {
		t.Fatal(err)
	}
	expect := func(want bool, when string) {
		t.Helper()
		if got := unread.Empty(); got != want {
			t.Errorf("empty is %v %s", got, when)
		}
	}
	expect(true, "at first")
	if err := conn.Send(link.AppendHeader(nil, link.TypeRequest, 0, 1), nil); err != nil {
		t.Fatal(err)
	}
	expect(false, "with a message")
	expect(false, "with the message that was only looked at")
	raw, err := workerEnd.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	_ = raw.Control(func(fd uintptr) { err = unix.Shutdown(int(fd), unix.SHUT_RD) })
	if err != nil {
		t.Fatal(err)
	}
	expect(false, "with a message, when the worker takes no more")
	if _, ok := unread.Take(); !ok {
		t.Error("the message is gone")
	}
	expect(true, "when the worker takes no more")
	_ = unread.Close()
	expect(false, "when nobody can know")
}
