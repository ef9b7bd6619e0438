package body_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/appserve/appserve/listeners/body"
)

// pattern is n bytes that show when a piece is missing, doubled or moved. It
// repeats after a prime number of bytes, which no buffer size divides.
func pattern(n int) []byte {
	const period = 65_521
	seed := make([]byte, period)
	for i := range seed {
		seed[i] = byte(i ^ i>>8)
	}
	return bytes.Repeat(seed, n/period+1)[:n]
}

// content reads a buffer the way a pool does: bytes, or the descriptor opened again.
func content(t *testing.T, b *body.Buffer) []byte {
	t.Helper()
	if b.File() == nil {
		return b.Bytes()
	}
	raw, err := b.File().SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var again *os.File
	if err := raw.Control(func(fd uintptr) {
		again, err = os.Open("/proc/self/fd/" + strconv.Itoa(int(fd)))
	}); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatalf("opening the descriptor again: %v", err)
	}
	defer again.Close()
	got, err := io.ReadAll(again)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func nothingHeld(t *testing.T, s *body.Store) {
	t.Helper()
	if memory, spooled := s.Memory().Used(), s.Spooled(); memory != 0 || spooled != 0 {
		t.Errorf("%d bytes of memory and %d of the spool are still taken", memory, spooled)
	}
}

// descriptors counts open files whose name holds part.
func descriptors(t *testing.T, part string) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip(err)
	}
	n := 0
	for _, e := range entries {
		if target, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil && strings.Contains(target, part) {
			n++
		}
	}
	return n
}

func TestReadHoldsEverySizeWhole(t *testing.T) {
	const limit = 64 << 20 // one body may take 4 MiB of it
	dir := t.TempDir()
	for _, c := range []struct {
		size int
		held string
	}{
		{0, "bytes"}, {1, "bytes"}, {4095, "bytes"}, {4096, "bytes"}, {4097, "bytes"}, {16384, "bytes"}, {16385, "bytes"},
		{65535, "bytes"}, {65536, "bytes"}, {65537, "memory"}, {1 << 20, "memory"}, {4 << 20, "memory"}, {4<<20 + 1, "spool"}, {9 << 20, "spool"},
	} {
		for _, known := range []bool{true, false} {
			for name, wrap := range map[string]func(io.Reader) io.Reader{
				"whole": func(r io.Reader) io.Reader { return r },
				"eof":   iotest.DataErrReader,
				"half":  iotest.HalfReader,
			} {
				if c.size > 1<<20 && name != "whole" {
					continue // slow, and nothing new beyond the first file
				}
				t.Run(fmt.Sprintf("%d/%v/%s", c.size, known, name), func(t *testing.T) {
					s := body.NewStore(body.Options{MemoryLimit: limit, Directory: dir})
					sent, declared := pattern(c.size), int64(-1)
					if known {
						declared = int64(c.size)
					}
					b, err := s.Read(t.Context(), wrap(bytes.NewReader(sent)), declared, 0)
					if err != nil {
						t.Fatal(err)
					}
					if got := content(t, b); !bytes.Equal(got, sent) || b.Size() != int64(len(sent)) {
						t.Errorf("%d bytes, size %d; want the %d that were sent", len(got), b.Size(), len(sent))
					}
					held := "bytes"
					if b.File() != nil && s.Spooled() == 0 {
						held = "memory"
					} else if b.File() != nil {
						held = "spool"
					}
					// 64 KiB of unknown length may or may not be known to be the end.
					if held != c.held && !(c.size == 65536 && !known) {
						t.Errorf("held as %s, want %s", held, c.held)
					}
					if memory := s.Memory().Used(); c.size > 0 && held != "spool" && memory < int64(c.size) {
						t.Errorf("%d bytes counted for a body of %d", memory, c.size)
					}
					if err := errors.Join(b.Close(), b.Close()); err != nil {
						t.Error(err)
					}
					nothingHeld(t, s)
				})
			}
		}
	}
	if n := descriptors(t, dir) + descriptors(t, "request-body"); n != 0 {
		t.Errorf("%d descriptors are still open", n)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("%d files are left in the spool", len(left))
	}
}

func TestFileCannotBeChanged(t *testing.T) {
	s := body.NewStore(body.Options{MemoryLimit: 64 << 20, Directory: t.TempDir()})
	for _, size := range []int{1 << 20, 5 << 20} {
		b, err := s.Read(t.Context(), bytes.NewReader(pattern(size)), -1, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.File().WriteAt([]byte("x"), 0); err == nil {
			t.Errorf("%d bytes: the file can be written", size)
		}
		if err := b.File().Truncate(0); err == nil {
			t.Errorf("%d bytes: the file can be cut", size)
		}
		if offset, err := b.File().Seek(0, io.SeekCurrent); offset != 0 || err != nil {
			t.Errorf("%d bytes: offset %d, %v; want 0", size, offset, err)
		}
		info, err := b.File().Stat()
		if err != nil || info.Mode().Perm()&0o444 != 0o444 {
			t.Errorf("%d bytes: mode %v, %v: a worker with another user cannot open it again", size, info.Mode(), err)
		}
		b.Close()
	}
	nothingHeld(t, s)
}

func TestExhaustedBudgetSpoolsFromTheFirstByte(t *testing.T) {
	s := body.NewStore(body.Options{MemoryLimit: 1 << 20, Directory: t.TempDir()})
	if !s.Memory().Take(1 << 20) {
		t.Fatal("the budget is not there")
	}
	for _, size := range []int{1, 5000, 100_000, 3 << 20} {
		b, err := s.Read(t.Context(), bytes.NewReader(pattern(size)), int64(size), 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := content(t, b); b.File() == nil || !bytes.Equal(got, pattern(size)) {
			t.Errorf("size %d: %d bytes, file %v", size, len(got), b.File())
		}
		if got := s.Spooled(); got != int64(size) {
			t.Errorf("%d bytes of the spool are taken for %d", got, size)
		}
		b.Close()
	}
	s.Memory().Give(1 << 20)
	nothingHeld(t, s)
}

// hungry takes the whole budget after some bytes were read.
type hungry struct {
	io.Reader
	after  int
	budget *body.Budget
	taken  int64
}

func (h *hungry) Read(p []byte) (int, error) {
	n, err := h.Reader.Read(p)
	h.after -= n
	for h.after <= 0 && h.budget.Take(1024) {
		h.taken += 1024
	}
	return n, err
}

func TestBudgetThatEndsWithinABody(t *testing.T) {
	sent := pattern(3 << 20)
	for _, after := range []int{1, 4096, 5000, 20_000, 65_536, 70_000, 1 << 20, 2 << 20} {
		s := body.NewStore(body.Options{MemoryLimit: 64 << 20, Directory: t.TempDir()})
		h := &hungry{Reader: bytes.NewReader(sent), after: after, budget: s.Memory()}
		b, err := s.Read(t.Context(), h, -1, 0)
		if err != nil {
			t.Fatalf("after %d: %v", after, err)
		}
		if got := content(t, b); !bytes.Equal(got, sent) {
			t.Errorf("after %d: the body changed on its way to the spool", after)
		}
		if got := s.Spooled(); got != int64(len(sent)) {
			t.Errorf("after %d: %d bytes in the spool, want all", after, got)
		}
		b.Close()
		s.Memory().Give(h.taken)
		nothingHeld(t, s)
	}
	if n := descriptors(t, "request-body"); n != 0 {
		t.Errorf("%d memory files are still open", n)
	}
}

func TestBuffersAreNotShared(t *testing.T) {
	s := body.NewStore(body.Options{MemoryLimit: 8 << 20, Directory: t.TempDir()})
	var group sync.WaitGroup
	for i := range 16 {
		group.Go(func() {
			for j := range 20 {
				sent := bytes.Repeat([]byte{byte(i), byte(j)}, (i+1)*(j+1)*240)
				b, err := s.Read(t.Context(), iotest.HalfReader(bytes.NewReader(sent)), -1, 0)
				if err != nil {
					t.Error(err)
					return
				}
				if !bytes.Equal(content(t, b), sent) {
					t.Errorf("body %d.%d is not what was sent", i, j)
				}
				b.Close()
			}
		})
	}
	group.Wait()
	nothingHeld(t, s)
}

func BenchmarkRead(b *testing.B) {
	for _, c := range []struct {
		name   string
		size   int
		memory int64
	}{
		{"4KiB", 4 << 10, 1 << 30}, {"60KiB", 60 << 10, 1 << 30}, {"1MiB-memory", 1 << 20, 1 << 30}, {"1MiB-spool", 1 << 20, 512 << 10},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := body.NewStore(body.Options{MemoryLimit: c.memory, Directory: b.TempDir()})
			sent := pattern(c.size)
			b.SetBytes(int64(c.size))
			b.ReportAllocs()
			for b.Loop() {
				buffer, err := s.Read(b.Context(), bytes.NewReader(sent), int64(c.size), 0)
				if err != nil {
					b.Fatal(err)
				}
				buffer.Close()
			}
		})
	}
}
