package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

func TestPIDFile_WrittenAndRemoved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "appserve.pid")
	if err := writePIDFile(path); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if want := fmt.Sprintf("%d\n", os.Getpid()); err != nil || string(content) != want {
		t.Fatalf("pid file holds %q, %v; want %q", content, err, want)
	}
	if err := removePIDFile(path); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(path + "*"); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	if err := removePIDFile(path); err != nil {
		t.Errorf("removing a pid file that is gone: %v", err)
	}
}

func TestPIDFile_OfAnotherProcessIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "appserve.pid")
	if err := os.WriteFile(path, []byte("1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := removePIDFile(path); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Errorf("the pid file of another process was removed: %v", err)
	}
}

func TestPIDFile_MovesWithTheConfiguration(t *testing.T) {
	first, second := filepath.Join(t.TempDir(), "first"), filepath.Join(t.TempDir(), "second")
	var f pidFile
	for _, step := range []struct{ to, there, gone string }{
		{"", "", first}, {first, first, second}, {first, first, second}, {second, second, first}, {"", "", second},
	} {
		if err := f.move(step.to); err != nil {
			t.Fatalf("to %q: %v", step.to, err)
		}
		if _, err := os.Stat(step.there); step.there != "" && err != nil {
			t.Errorf("moved to %q: %v", step.to, err)
		}
		if _, err := os.Stat(step.gone); !os.IsNotExist(err) {
			t.Errorf("moved to %q: %s is there, or %v", step.to, step.gone, err)
		}
	}
	if err := f.move(first); err != nil {
		t.Fatal(err)
	}
	if err := f.move("/no/such/folder/x.pid"); err == nil || f.path != first {
		t.Errorf("moved into a folder that is not there: %v, and is at %q", err, f.path)
	}
}
