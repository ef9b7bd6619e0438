package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
)

// pidFile is the file with our process id; it follows the live configuration.
type pidFile struct {
	path string // "": there is none
}

// move writes the file at another path, "" for none, and removes it where it
// was. On an error it is where it was, or at both paths.
func (f *pidFile) move(path string) error {
	if path == f.path {
		return nil
	}
	if path != "" {
		if err := writePIDFile(path); err != nil {
			return err
		}
	}
	old := f.path
	f.path = path
	if old == "" {
		return nil
	}
	return removePIDFile(old)
}

// writePIDFile puts our process id into path in one step, so that a reader
// never sees half a number.
func writePIDFile(path string) error {
	temporary := fmt.Sprintf("%s.tmp.%d", path, os.Getpid())
	if err := os.WriteFile(temporary, pidLine(), 0o644); err != nil {
		return fmt.Errorf("writing pid_file: %w", err)
	}
	if err := os.Rename(temporary, path); err != nil {
		_ = os.Remove(temporary)
		return fmt.Errorf("writing pid_file: %w", err)
	}
	return nil
}

// removePIDFile removes path if it is still ours: another appserve may have
// taken the name since.
func removePIDFile(path string) error {
	content, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("removing pid_file: %w", err)
	}
	if !bytes.Equal(content, pidLine()) {
		return nil
	}
	if err := os.Remove(path); err != nil {
		return fmt.Errorf("removing pid_file: %w", err)
	}
	return nil
}

func pidLine() []byte {
	return append(strconv.AppendInt(nil, int64(os.Getpid()), 10), '\n')
}
