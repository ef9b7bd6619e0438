package link_test

import (
	"os"
	"testing"

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
