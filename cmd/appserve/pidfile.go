package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
)

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
