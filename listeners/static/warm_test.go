package static

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/appserve/appserve/listeners/body"
)

// coldFile returns a file of which nothing is in memory.
func coldFile(t *testing.T, m *warmer) *os.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cold")
	if err := os.WriteFile(path, make([]byte, 1<<20), 0o644); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	if err := file.Sync(); err != nil {
		t.Fatal(err)
	}
	cool(t, m, file)
	return file
}

// cool drops a file from memory.
func cool(t *testing.T, m *warmer, file *os.File) {
	t.Helper()
	raw, err := file.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if failed := raw.Control(func(fd uintptr) { err = unix.Fadvise(int(fd), 0, 0, unix.FADV_DONTNEED) }); failed != nil || err != nil {
		t.Fatal(failed, err)
	}
	if !m.cold(file, 0) {
		t.Skip("this file system keeps or cannot say what is in memory")
	}
}

// coldOffsets are those of some offsets of a file of 1 MiB that are not in memory.
func coldOffsets(m *warmer, file *os.File) (cold []int64) {
	for _, offset := range []int64{0, 1 << 19, 1<<20 - 1} {
		if m.cold(file, offset) {
			cold = append(cold, offset)
		}
	}
	return cold
}

// A kernel may take pages back between the reading and the question (short of
// memory, or eager to have some): so the question is asked again, and about a
// piece that the test itself has read.
func TestColdPieceIsReadInsideTheBound(t *testing.T) {
	m := newWarmer(body.NewDisk(1))
	file := coldFile(t, m)
	var warmed, read []int64
	for range 20 {
		if err := m.warm(t.Context(), file, 0, 1<<20); err != nil {
			t.Fatal(err)
		}
		if offset, err := file.Seek(0, 1); offset != 0 || err != nil {
			t.Fatalf("offset moved to %d, %v", offset, err)
		}
		if warmed = coldOffsets(m, file); warmed == nil {
			return
		}
		cool(t, m, file)
		if _, err := file.ReadAt(make([]byte, 1<<20), 0); err != nil {
			t.Fatal(err)
		}
		if left := coldOffsets(m, file); left != nil {
			read = left
		}
		cool(t, m, file)
	}
	if read != nil {
		t.Skipf("this kernel drops pages by itself: offsets %v right after reading them", read)
	}
	t.Errorf("offsets %v are still cold", warmed)
}

func TestColdPieceWaitsForTheBound(t *testing.T) {
	disk := body.NewDisk(1)
	m := newWarmer(disk)
	m.cold = func(*os.File, int64) bool { return true }
	file, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := m.warm(t.Context(), file, 0, 1); err != nil {
		t.Errorf("warm = %v while the slot is free", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err = disk.Do(t.Context(), func() error { return m.warm(ctx, file, 0, 1<<20) })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("warm = %v, want to wait for the one slot until the client is gone", err)
	}
}
