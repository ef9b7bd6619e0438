package logsink_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/appserve/appserve/listeners/logsink"
)

func TestStalledPipeNeverBlocksAWrite(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	s := logsink.New(logsink.Options{Stderr: w})
	log := writer(t, s, "stderr")
	line := []byte(strings.Repeat("z", 1000) + "\n")
	const writers, lines = 8, 2000 // 16 MB into a pipe nobody reads
	var group sync.WaitGroup
	for range writers {
		group.Go(func() {
			for range lines {
				if _, err := log.Write(line); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait() // this is the assertion: it would hang
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := s.Close(ctx); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "stderr") {
		t.Errorf("Close = %v, want the deadline and the name of the output", err)
	}
	read := make(chan []byte)
	go func() { all, _ := io.ReadAll(r); read <- all }()
	if err := s.Close(t.Context()); err != nil { // now somebody reads
		t.Errorf("second Close: %v", err)
	}
	w.Close()
	got := <-read
	arrived := bytes.Count(got, line)
	notice := got[bytes.LastIndexByte(got[:len(got)-1], '\n')+1:]
	if arrived == 0 || arrived == writers*lines || !bytes.Contains(notice, []byte("lines lost")) {
		t.Errorf("%d of %d lines arrived, last line %.100q", arrived, writers*lines, notice)
	}
}

func TestWriterAfterCloseOfTheSink(t *testing.T) {
	s := logsink.New(logsink.Options{})
	w := writer(t, s, "stdout")
	closeSink(t, s)
	if _, err := s.Writer("stdout"); !errors.Is(err, os.ErrClosed) {
		t.Errorf("Writer after Close: %v", err)
	}
	if _, err := w.Write([]byte("x\n")); !errors.Is(err, os.ErrClosed) {
		t.Errorf("Write after Close: %v", err)
	}
	if err := s.Reopen(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("Reopen after Close: %v", err)
	}
}

func BenchmarkWrite(b *testing.B) {
	s := logsink.New(logsink.Options{})
	w, err := s.Writer("stdout")
	if err != nil {
		b.Fatal(err)
	}
	line := []byte(`127.0.0.1 - - [22/Nov/2026:10:00:05 +0000] "GET /static/admin/css/base.css HTTP/1.1" 200 21207 "-" "curl/8"` + "\n")
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			_, _ = w.Write(line)
		}
	})
}
