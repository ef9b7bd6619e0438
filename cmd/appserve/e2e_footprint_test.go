package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// footprint is what /proc shows of a server: what it holds open, where it
// listens, its workers, and the socket files in the test's folder.
type footprint struct {
	Descriptors, Listening, Sockets []string
	Workers                         []int
}

func (s *instance) footprint() footprint {
	s.t.Helper()
	f := footprint{Descriptors: s.descriptorTargets(), Workers: s.workers(), Sockets: s.socketFiles()}
	slices.Sort(f.Descriptors)
	slices.Sort(f.Workers)
	f.Listening = listeningAmong(s.t, f.Descriptors)
	return f
}

// settledFootprint is the footprint once nothing changes any more: a request
// that was answered, or a reload that was refused, may still be tidied up.
func (s *instance) settledFootprint() footprint {
	s.t.Helper()
	s.client.CloseIdleConnections()
	last, since := s.footprint(), time.Now()
	eventually(s.t, 20*time.Second, func() string {
		if now := s.footprint(); !cmp.Equal(last, now) {
			last, since = now, time.Now()
		}
		if time.Since(since) < 200*time.Millisecond {
			return "descriptors, sockets and workers keep changing"
		}
		return ""
	})
	return last
}

// expectFootprint waits until the footprint is as it was.
func (s *instance) expectFootprint(what string, want footprint) {
	s.t.Helper()
	s.client.CloseIdleConnections()
	var diff string
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if diff = cmp.Diff(want, s.footprint()); diff == "" {
			return
		}
	}
	s.t.Errorf("%s left traces (-before +after):\n%s", what, diff)
}

// socketFiles are the unix sockets of the test, each with what makes it the same one.
func (s *instance) socketFiles() []string {
	var files []string
	paths, _ := filepath.Glob(filepath.Join(s.folder, "run", "*"))
	for _, path := range paths {
		if info, err := os.Lstat(path); err == nil {
			stat := info.Sys().(*syscall.Stat_t)
			files = append(files, fmt.Sprintf("%s %s inode %d of %d:%d", filepath.Base(path), info.Mode(), stat.Ino, stat.Uid, stat.Gid))
		}
	}
	return files
}

// listeningAmong names the addresses of those descriptors that are listening sockets.
func listeningAmong(t *testing.T, descriptors []string) []string {
	t.Helper()
	var found []string
	for _, table := range []struct {
		file, listening string // the state of a listening socket
		inode, name     int    // fields
	}{
		{"tcp", " 0A ", 9, 1},
		{"tcp6", " 0A ", 9, 1},
		{"unix", " 00010000 ", 6, 7}, // __SO_ACCEPTCON
	} {
		content, err := os.ReadFile("/proc/net/" + table.file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(content)) {
			if !strings.Contains(line, table.listening) { // most are connections, thousands on a busy machine
				continue
			}
			fields := append(strings.Fields(line), "") // a unix socket may have no name
			if len(fields) > table.name && slices.Contains(descriptors, "socket:["+fields[table.inode]+"]") {
				found = append(found, table.file+" "+fields[table.name])
			}
		}
	}
	slices.Sort(found)
	return found
}
