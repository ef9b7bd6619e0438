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
	return file
}

func TestColdPieceIsReadInsideTheBound(t *testing.T) {
	disk := body.NewDisk(1)
	m := newWarmer(disk)
	file := coldFile(t, m)
	if err := m.warm(t.Context(), file, 0, 1<<20); err != nil {
		t.Fatal(err)
	}
	for _, offset := range []int64{0, 1 << 19, 1<<20 - 1} {
		if m.cold(file, offset) {
			t.Errorf("offset %d is still cold", offset)
		}
	}
	if offset, err := file.Seek(0, 1); offset != 0 || err != nil {
		t.Errorf("offset moved to %d, %v", offset, err)
	}
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
