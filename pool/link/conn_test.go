package link_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"
	"time"

	"github.com/appserve/appserve/pool/link"
	"golang.org/x/sys/unix"
)

// pair returns a connected pair; the worker's end as a raw descriptor, so that
// a test can do with it what Python would.
func pair(t testing.TB) (*link.Conn, int) {
	t.Helper()
	conn, file, err := link.Pair("test")
	if err != nil {
		t.Fatal(err)
	}
	fd, err := unix.FcntlInt(file.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	_ = file.Close()
	t.Cleanup(func() { _ = conn.Close(); _ = unix.Close(fd) })
	return conn, fd
}

func openDescriptors(t testing.TB) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

func TestPair_DescriptorFlags(t *testing.T) {
	conn, file, err := link.Pair("test")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	defer file.Close()
	raw, err := file.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	_ = raw.Control(func(fd uintptr) {
		if flags, _ := unix.FcntlInt(fd, unix.F_GETFD, 0); flags&unix.FD_CLOEXEC == 0 {
			t.Error("the worker's end is not close-on-exec")
		}
		if flags, _ := unix.FcntlInt(fd, unix.F_GETFL, 0); flags&unix.O_NONBLOCK != 0 {
			t.Error("the worker's end is non-blocking")
		}
	})
	conn.Inspect(func(fd uintptr) {
		if flags, _ := unix.FcntlInt(fd, unix.F_GETFD, 0); flags&unix.FD_CLOEXEC == 0 {
			t.Error("our end is not close-on-exec")
		}
		if flags, _ := unix.FcntlInt(fd, unix.F_GETFL, 0); flags&unix.O_NONBLOCK == 0 {
			t.Error("our end blocks")
		}
	})
}

func TestConn_RoundTrip(t *testing.T) {
	conn, fd := pair(t)
	for _, size := range []int{1, 8, 4096, link.MaxRequest} {
		want := bytes.Repeat([]byte{'x'}, size)
		if err := conn.Send(want, nil); err != nil {
			t.Fatalf("sending %d bytes: %v", size, err)
		}
		got := make([]byte, link.ReceiveBuffer)
		n, err := unix.Read(fd, got)
		if err != nil || !bytes.Equal(got[:n], want) {
			t.Fatalf("the worker's end read %d bytes of %d: %v", n, size, err)
		}
		if _, err := unix.Write(fd, want); err != nil {
			t.Fatal(err)
		}
		m, err := conn.Receive(got)
		if err != nil || !bytes.Equal(m.Data, want) {
			t.Fatalf("received %d bytes of %d: %v", len(m.Data), size, err)
		}
	}
}

func TestConn_ReceiveWaits(t *testing.T) {
	conn, fd := pair(t)
	go func() { _, _ = unix.Write(fd, []byte("late")) }()
	m, err := conn.Receive(make([]byte, 16))
	if err != nil || string(m.Data) != "late" {
		t.Fatalf("got %q, %v", m.Data, err)
	}
}

func TestConn_SendsDescriptor(t *testing.T) {
	conn, fd := pair(t)
	file, err := os.Open("/dev/null")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := conn.Send([]byte("body"), file); err != nil {
		t.Fatal(err)
	}
	oob := make([]byte, unix.CmsgSpace(4))
	_, oobn, _, _, err := unix.Recvmsg(fd, make([]byte, 16), oob, unix.MSG_CMSG_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	messages, _ := unix.ParseSocketControlMessage(oob[:oobn])
	if len(messages) != 1 {
		t.Fatalf("%d control messages", len(messages))
	}
	fds, err := unix.ParseUnixRights(&messages[0])
	if err != nil || len(fds) != 1 {
		t.Fatalf("descriptors %v, %v", fds, err)
	}
	_ = unix.Close(fds[0])
}

func TestConn_SendNeverWaits(t *testing.T) {
	conn, _ := pair(t)
	message := make([]byte, 64<<10)
	for range 1000 {
		err := conn.Send(message, nil)
		if errors.Is(err, link.ErrFull) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Fatal("the kernel took 64 MB")
}

func TestConn_SendToClosedEnd(t *testing.T) {
	conn, file, err := link.Pair("test")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = file.Close()
	if err := conn.Send([]byte("x"), nil); !errors.Is(err, unix.EPIPE) {
		t.Fatalf("got %v, want EPIPE (and no signal)", err)
	}
}

func TestConn_EndsOfConnection(t *testing.T) {
	buf := make([]byte, link.ReceiveBuffer)
	t.Run("closed", func(t *testing.T) {
		conn, file, _ := link.Pair("test")
		defer conn.Close()
		_ = file.Close()
		if _, err := conn.Receive(buf); err != io.EOF {
			t.Fatalf("got %v", err)
		}
	})
	t.Run("closed with a request unread", func(t *testing.T) {
		conn, file, _ := link.Pair("test")
		defer conn.Close()
		_ = conn.Send([]byte("request"), nil)
		_, _ = file.Write([]byte("response"))
		_ = file.Close() // the kernel reports a reset first
		m, err := conn.Receive(buf)
		if err != nil || string(m.Data) != "response" {
			t.Fatalf("lost the response: %q, %v", m.Data, err)
		}
		if _, err := conn.Receive(buf); err != io.EOF {
			t.Fatalf("got %v", err)
		}
	})
	t.Run("pending after the deadline", func(t *testing.T) {
		conn, fd := pair(t)
		_ = conn.SetReadDeadline(time.Unix(1, 0))
		_, _ = unix.Write(fd, []byte("there"))
		if _, err := conn.Receive(buf); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("got %v", err)
		}
		if m, err := conn.ReceivePending(buf); err != nil || string(m.Data) != "there" {
			t.Fatalf("got %q, %v", m.Data, err)
		}
		if _, err := conn.ReceivePending(buf); err != link.ErrEmpty {
			t.Fatalf("got %v", err)
		}
	})
	t.Run("closed here", func(t *testing.T) {
		conn, _ := pair(t)
		done := make(chan error)
		go func() { _, err := conn.Receive(buf); done <- err }()
		_ = conn.Close()
		if err := <-done; !errors.Is(err, os.ErrClosed) {
			t.Fatalf("got %v", err)
		}
	})
}

func TestConn_BadMessages(t *testing.T) {
	rights := func(n int) []byte { return unix.UnixRights(make([]int, n)...) } // descriptor 0, n times
	cases := map[string]struct {
		data []byte
		oob  []byte
		want string
	}{
		"empty":                {nil, nil, "empty message"},
		"too large":            {make([]byte, link.ReceiveBuffer+1), nil, "too large"},
		"too many descriptors": {[]byte("x"), rights(9), "too large"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			conn, fd := pair(t)
			before := openDescriptors(t)
			if err := unix.Sendmsg(fd, c.data, c.oob, nil, 0); err != nil {
				t.Fatal(err)
			}
			_, err := conn.Receive(make([]byte, link.ReceiveBuffer))
			var broken *link.ProtocolError
			if !errors.As(err, &broken) || !bytes.Contains([]byte(broken.What), []byte(c.want)) {
				t.Fatalf("got %v", err)
			}
			if len(broken.First) > 64 {
				t.Errorf("kept %d bytes", len(broken.First))
			}
			if after := openDescriptors(t); after != before {
				t.Errorf("%d descriptors before, %d after", before, after)
			}
		})
	}
}

func TestConn_DescriptorsAreTheCallersToClose(t *testing.T) {
	conn, fd := pair(t)
	before := openDescriptors(t)
	if err := unix.Sendmsg(fd, []byte("x"), unix.UnixRights(0, 0), nil, 0); err != nil {
		t.Fatal(err)
	}
	m, err := conn.Receive(make([]byte, 16))
	if err != nil || m.Descriptors.Len() != 2 {
		t.Fatalf("%d descriptors, %v", m.Descriptors.Len(), err)
	}
	m.Descriptors.Close()
	m.Descriptors.Close()
	if after := openDescriptors(t); after != before {
		t.Errorf("%d descriptors before, %d after", before, after)
	}
}

func TestConn_AllocatesNothing(t *testing.T) {
	conn, fd := pair(t)
	buf := make([]byte, link.ReceiveBuffer)
	message := make([]byte, 512)
	got := testing.AllocsPerRun(100, func() {
		if err := conn.Send(message, nil); err != nil {
			t.Fatal(err)
		}
		_, _ = unix.Read(fd, buf)
		_, _ = unix.Write(fd, message)
		if _, err := conn.Receive(buf); err != nil {
			t.Fatal(err)
		}
	})
	if got != 0 {
		t.Errorf("%v allocations per message", got)
	}
}

// BenchmarkMessage is one message each way, without a change of goroutine.
func BenchmarkMessage(b *testing.B) {
	conn, fd := pair(b)
	buf := make([]byte, link.ReceiveBuffer)
	message := make([]byte, 512)
	b.ReportAllocs()
	for b.Loop() {
		_ = conn.Send(message, nil)
		_, _ = unix.Read(fd, buf)
		_, _ = unix.Write(fd, message)
		_, _ = conn.Receive(buf)
	}
}
