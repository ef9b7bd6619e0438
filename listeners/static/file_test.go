package static

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestIdentity_Settled(t *testing.T) {
	now := time.Unix(1795341600, 0)
	for _, c := range []struct {
		modified, changed int64 // seconds before now
		want              bool
	}{{0, 0, false}, {1, 1, false}, {2, 2, false}, {3, 3, true}, {3600, 0, false}, {0, 3600, false}, {-60, 3600, false}} {
		i := identity{modified: unix.Timespec{Sec: now.Unix() - c.modified}, changed: unix.Timespec{Sec: now.Unix() - c.changed}}
		if got := i.settled(now); got != c.want {
			t.Errorf("modified %d s ago, changed %d s ago: settled %v", c.modified, c.changed, got)
		}
	}
}

// TestHandler_ReadsAgainWhatMayHaveChangedUnseen: within a tick of the file
// system's clock a second change does not show, so what was read then is not
// taken for true a second later.
func TestHandler_ReadsAgainWhatMayHaveChangedUnseen(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "f.txt"), []byte("true"), 0o644); err != nil {
		t.Fatal(err)
	}
	cache := NewCache(Limits{Entries: 10, Bytes: 1 << 20, FileSize: 1 << 10, Descriptors: 1})
	defer cache.Close()
	h, err := New(Config{Directory: dir, Cache: cache}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	for _, settled := range []bool{false, true} {
		now := time.Now()
		e, err := h.look(t.Context(), "f.txt", nil, now)
		if err != nil {
			t.Fatal(err)
		}
		e.file.content, e.file.settled = []byte("past"), settled
		next, err := h.look(t.Context(), "f.txt", e, now)
		if err != nil {
			t.Fatal(err)
		}
		if want := map[bool]string{false: "true", true: "past"}[settled]; string(next.file.content) != want {
			t.Errorf("settled %v: %q, want %q", settled, next.file.content, want)
		}
	}
}
