package logsink_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/appserve/appserve/listeners/logsink"
)

func TestOpenFileAppends(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log")
	for _, text := range []string{"1\n", "2\n"} {
		f, err := logsink.OpenFile(path)
		if err != nil {
			t.Fatal(err)
		}
		say(t, f, text)
		f.Close()
	}
	if got := read(t, path); got != "1\n2\n" {
		t.Errorf("file %q, want both lines", got)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm()&0o027 != 0 {
		t.Errorf("mode %v, %v: others can read the log", info.Mode(), err)
	}
}

func TestOpenFileDoesNotWaitForAPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip(err)
	}
	if _, err := logsink.OpenFile(path); !errors.Is(err, syscall.ENXIO) {
		t.Errorf("OpenFile of a pipe nobody reads = %v, want ENXIO", err)
	}
}
