package conn

import (
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// pair returns both ends of a connection over the given network.
func pair(t *testing.T, network string) (near *Conn, far net.Conn) {
	t.Helper()
	if network == "pipe" {
		a, b := net.Pipe()
		t.Cleanup(func() { _ = a.Close(); _ = b.Close() })
		return New(a, new(Buffers)), b
	}
	address := "127.0.0.1:0"
	if network == "unix" {
		address = filepath.Join(t.TempDir(), "s")
	}
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	a, err := net.Dial(network, l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	b, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close(); _ = b.Close() })
	return New(a, new(Buffers)), b
}

func eachNetwork(t *testing.T, test func(t *testing.T, near *Conn, far net.Conn)) {
	for _, network := range []string{"tcp", "unix", "pipe"} {
		t.Run(network, func(t *testing.T) {
			near, far := pair(t, network)
			test(t, near, far)
		})
	}
}

func send(t *testing.T, far net.Conn, text string) {
	t.Helper()
	if _, err := far.Write([]byte(text)); err != nil {
		t.Error(err)
	}
}

func TestConn_FillCollectsUntilDiscarded(t *testing.T) {
	eachNetwork(t, func(t *testing.T, near *Conn, far net.Conn) {
		near.Begin(Limits{Read: 5 * time.Second})
		go send(t, far, "one")
		if err := near.Fill(); err != nil {
			t.Fatal(err)
		}
		go send(t, far, "two")
		if err := near.Fill(); err != nil {
			t.Fatal(err)
		}
		if got := string(near.Buffered()); got != "onetwo" {
			t.Fatalf("buffered %q", got)
		}
		near.Discard(6)
		_ = far.Close()
		if err := near.Fill(); err != io.EOF {
			t.Fatalf("at the end: %v, want io.EOF", err)
		}
	})
}

func TestConn_BeforeWaitOnlyWhenItWaits(t *testing.T) {
	near, far := pair(t, "unix")
	calls := 0
	near.Begin(Limits{Read: 5 * time.Second, BeforeWait: func() error {
		calls++
		go send(t, far, "late")
		return nil
	}})
	send(t, far, "early")
	if err := near.Fill(); err != nil || calls != 0 {
		t.Fatalf("with bytes there: %v, %d calls, want none", err, calls)
	}
	near.Discard(len(near.Buffered()))
	if err := near.Fill(); err != nil || calls != 1 {
		t.Fatalf("with nothing there: %v, %d calls, want one", err, calls)
	}
	if got := string(near.Buffered()); got != "late" {
		t.Fatalf("buffered %q", got)
	}
}

func TestConn_BeforeWaitEndsTheFill(t *testing.T) {
	eachNetwork(t, func(t *testing.T, near *Conn, _ net.Conn) {
		gone := errors.New("client gone")
		near.Begin(Limits{BeforeWait: func() error { return gone }})
		if err := near.Fill(); err != gone {
			t.Fatalf("got %v, want %v", err, gone)
		}
	})
}

func TestConn_HoldsNoBufferWhileWaiting(t *testing.T) {
	near, _ := pair(t, "unix")
	held := true
	near.Begin(Limits{Read: time.Millisecond, BeforeWait: func() error {
		held = near.buf != nil
		return nil
	}})
	var timeout *TimeoutError
	if err := near.Fill(); !errors.As(err, &timeout) {
		t.Fatalf("got %v, want a timeout", err)
	}
	if held {
		t.Error("a buffer is held while the connection waits")
	}
}

func TestConn_ReadLimit(t *testing.T) {
	eachNetwork(t, func(t *testing.T, near *Conn, _ net.Conn) {
		near.Begin(Limits{Read: 20 * time.Millisecond})
		start := time.Now()
		var timeout *TimeoutError
		if err := near.Fill(); !errors.As(err, &timeout) || timeout.Writing {
			t.Fatalf("got %v, want a read timeout", err)
		}
		if took := time.Since(start); took < 20*time.Millisecond {
			t.Fatalf("it passed after %s, too early", took)
		}
	})
}

func TestConn_PauseStopsTheReadLimit(t *testing.T) {
	near, _ := pair(t, "tcp")
	near.Begin(Limits{Read: 20 * time.Millisecond})
	near.Pause()
	start := time.Now()
	time.AfterFunc(100*time.Millisecond, near.Resume)
	var timeout *TimeoutError
	if err := near.Fill(); !errors.As(err, &timeout) {
		t.Fatalf("got %v, want a timeout", err)
	}
	if took := time.Since(start); took < 120*time.Millisecond {
		t.Fatalf("it passed after %s: the limit ran while paused", took)
	}
}

func TestConn_WriteLimit(t *testing.T) {
	eachNetwork(t, func(t *testing.T, near *Conn, _ net.Conn) {
		near.Begin(Limits{Write: 20 * time.Millisecond})
		var timeout *TimeoutError
		if _, err := near.Write(make([]byte, 64<<20)); !errors.As(err, &timeout) || !timeout.Writing {
			t.Fatalf("got %v, want a write timeout", err)
		}
	})
}

func TestConn_CancelWakesAndStays(t *testing.T) {
	eachNetwork(t, func(t *testing.T, near *Conn, _ net.Conn) {
		first, second := errors.New("first"), errors.New("second")
		near.Begin(Limits{Read: time.Minute, Write: time.Minute, BeforeWait: func() error {
			go func() { near.Cancel(first); near.Cancel(second) }()
			return nil
		}})
		if err := near.Fill(); err != first {
			t.Fatalf("the waiting read ended with %v", err)
		}
		if err := near.Fill(); err != first {
			t.Fatalf("the next read ended with %v", err)
		}
		if _, err := near.Write([]byte("x")); err != first {
			t.Fatalf("the next write ended with %v", err)
		}
		if near.Park() {
			t.Error("a cancelled connection was parked")
		}
	})
}

func TestConn_Alive(t *testing.T) {
	for _, network := range []string{"tcp", "unix"} {
		t.Run(network, func(t *testing.T) {
			near, far := pair(t, network)
			near.Begin(Limits{Read: time.Millisecond})
			if !near.Alive() {
				t.Error("an idle connection is not alive")
			}
			time.Sleep(5 * time.Millisecond) // the deadline of the last request passes
			if !near.Alive() {
				t.Error("a passed deadline made it dead")
			}
			send(t, far, "unasked")
			waitFor(t, func() bool { return !near.Alive() })

			near, far = pair(t, network)
			_ = far.Close()
			waitFor(t, func() bool { return !near.Alive() })
		})
	}
}

func TestConn_ParkRefusesUnreadBytes(t *testing.T) {
	near, far := pair(t, "unix")
	near.Begin(Limits{Read: time.Second})
	send(t, far, "ab")
	if err := near.Fill(); err != nil {
		t.Fatal(err)
	}
	near.Discard(1)
	if near.Park() {
		t.Error("parked with a byte unread")
	}
	near.Discard(1)
	if !near.Park() || near.buf != nil {
		t.Error("not parked, or parked with a buffer")
	}
}

func TestConn_BufferFull(t *testing.T) {
	near, far := pair(t, "unix")
	near.Begin(Limits{Read: 5 * time.Second})
	go send(t, far, string(make([]byte, BufferSize+1)))
	var err error
	for err == nil {
		err = near.Fill()
	}
	if err != ErrBufferFull || len(near.Buffered()) != BufferSize {
		t.Fatalf("got %v with %d bytes", err, len(near.Buffered()))
	}
}

func TestConn_SystemErrorIsKept(t *testing.T) {
	near, far := pair(t, "unix")
	near.Begin(Limits{Read: 5 * time.Second})
	if _, err := near.Write([]byte("never read")); err != nil {
		t.Fatal(err)
	}
	_ = far.Close() // with unread bytes: a reset
	err := near.Fill()
	var system *os.SyscallError
	if !errors.As(err, &system) || !errors.Is(err, syscall.ECONNRESET) {
		t.Fatalf("got %v, want ECONNRESET", err)
	}
}

// waitFor polls: the kernel says nothing when a byte or a FIN arrives.
func waitFor(t *testing.T, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); !condition(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it did not happen in time")
		}
	}
}
