package body

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func TestSpoolWithoutNamelessFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "when needed")
	s := &spool{}
	s.configure(dir, 0)
	s.named.Store(true) // as after O_TMPFILE was refused
	file, err := s.create()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("the folder holds %v, %v; want nothing", left, err)
	}
	if err := s.write(t.Context(), NewDisk(1), file, []byte("body"), 0); err != nil {
		t.Fatal(err)
	}
	again := readOnly(file)
	defer again.Close()
	if got, err := io.ReadAll(again); string(got) != "body" || err != nil {
		t.Errorf("read %q, %v", got, err)
	}
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder mode %v, %v; want 0700", info.Mode(), err)
	}
}

func TestFailedWriteIsAFullSpool(t *testing.T) {
	s := &spool{}
	s.configure(t.TempDir(), 0)
	full, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
	if err != nil {
		t.Skip(err)
	}
	defer full.Close()
	if err := s.write(t.Context(), NewDisk(1), full, []byte("x"), 0); !errors.Is(err, ErrSpoolFull) {
		t.Errorf("write on a full disk = %v, want ErrSpoolFull", err)
	}
}

func TestSpoolIsConfiguredAnew(t *testing.T) {
	s := NewStore(Options{MemoryLimit: 1 << 20, Directory: t.TempDir(), MaxSize: 10})
	if err := s.spool.reserve(11); !errors.Is(err, ErrSpoolFull) || s.Spooled() != 0 {
		t.Errorf("reserve above the limit = %v, %d taken", err, s.Spooled())
	}
	s.SetSpool(t.TempDir(), 0)
	if err := s.spool.reserve(11); err != nil || s.Spooled() != 11 {
		t.Errorf("reserve without a limit = %v, %d taken", err, s.Spooled())
	}
}
