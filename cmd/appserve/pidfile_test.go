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
