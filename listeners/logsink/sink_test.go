package logsink_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/appserve/appserve/listeners/logsink"
)

func TestLinesWaitForCompany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &recorder{}
		s := logsink.New(logsink.Options{Stderr: out})
		w := writer(t, s, "stderr")
		say(t, w, "one\n")
		say(t, w, "two") // the line end is added
		time.Sleep(199 * time.Millisecond)
		synctest.Wait()
		if got := out.count(); got != 0 {
			t.Errorf("%d writes before 200 ms, want none", got)
		}
		time.Sleep(time.Millisecond)
		synctest.Wait()
		if got, want := out.writes, "one\ntwo\n"; len(got) != 1 || got[0] != want {
			t.Errorf("writes = %q, want one of %q", got, want)
		}
		closeSink(t, s)
	})
}

func TestFullChunkLeavesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &recorder{}
		s := logsink.New(logsink.Options{Stderr: out})
		w := writer(t, s, "stderr")
		line := strings.Repeat("x", 1023) + "\n"
		for range 65 {
			say(t, w, line)
		}
		synctest.Wait()
		if got := out.count(); got == 0 {
			t.Error("64 KiB waited for the clock")
		}
		closeSink(t, s)
		if got, want := out.text(), strings.Repeat(line, 65); got != want {
			t.Errorf("%d bytes arrived, want %d in order", len(got), len(want))
		}
		for _, write := range out.writes {
			if !strings.HasSuffix(write, "\n") {
				t.Errorf("a write of %d bytes ends within a line", len(write))
			}
		}
	})
}

func TestFullQueueDropsCountsAndSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &recorder{gate: make(chan struct{})}
		var told []int64
		s := logsink.New(logsink.Options{Stdout: out, Notice: func(name string, lost int64) []byte {
			told = append(told, lost)
			return []byte("LOST " + name + "\n")
		}})
		w := writer(t, s, "stdout")
		line := strings.Repeat("y", 4095) + "\n"
		const total = 3000 // 12 MiB
		for range total {
			say(t, w, line)
		}
		time.Sleep(time.Minute) // nobody reads; every Write above returned
		close(out.gate)
		synctest.Wait()
		time.Sleep(time.Second)
		synctest.Wait()
		arrived := strings.Count(out.text(), line)
		if len(told) != 1 || int64(total-arrived) != told[0] {
			t.Errorf("%d of %d lines arrived, told %v", arrived, total, told)
		}
		if held := arrived * len(line); held < 7<<20 || held > 9<<20 {
			t.Errorf("%d bytes were held, want about 8 MiB", held)
		}
		if got := out.writes[len(out.writes)-1]; got != "LOST stdout\n" {
			t.Errorf("last write %.40q, want the notice behind the lines before the loss", got)
		}
		closeSink(t, s)
	})
}

func TestNoticeAtMostEveryTenSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &recorder{fail: errors.New("no space left on device")}
		var told []time.Time
		var lost int64
		s := logsink.New(logsink.Options{Stderr: out, Notice: func(_ string, n int64) []byte {
			told = append(told, time.Now())
			lost = n
			return []byte("notice\n")
		}})
		w := writer(t, s, "stderr")
		for range 20 {
			say(t, w, "a\nb\n")
			time.Sleep(time.Second)
		}
		synctest.Wait()
		for i := 1; i < len(told); i++ {
			if d := told[i].Sub(told[i-1]); d < 10*time.Second {
				t.Errorf("notices %v apart", d)
			}
		}
		out.set(nil)
		time.Sleep(11 * time.Second) // no further line is needed for the notice
		synctest.Wait()
		if out.text() != "notice\n" || lost != 40 {
			t.Errorf("output %q, told of %d lost lines, want the notice and 40", out.text(), lost)
		}
		closeSink(t, s)
	})
}

func TestTextNotice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &recorder{fail: io.ErrClosedPipe}
		clock := func() time.Time { return time.Date(2026, 11, 22, 10, 0, 0, 120e6, time.UTC) }
		s := logsink.New(logsink.Options{Stderr: out, Now: clock})
		say(t, writer(t, s, "stderr"), "gone\n")
		time.Sleep(time.Second)
		out.set(nil)
		closeSink(t, s)
		want := "2026-11-22T10:00:00.120Z [WARN]  log: 1 lines lost: output=stderr cannot keep up\n"
		if got := out.text(); got != want {
			t.Errorf("notice %q, want %q", got, want)
		}
	})
}

func TestOutputsAreSharedByIdentity(t *testing.T) {
	dir := t.TempDir()
	opened := 0
	s := logsink.New(logsink.Options{OpenFile: func(path string) (logsink.File, error) {
		opened++
		return logsink.OpenFile(path)
	}})
	path := filepath.Join(dir, "a.log")
	first := writer(t, s, path)
	second := writer(t, s, filepath.Join(dir, "x", "..", "a.log"))
	say(t, first, "1\n")
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	if err := first.Close(); err != nil { // idempotent: second still holds the file
		t.Error(err)
	}
	say(t, second, "2\n")
	if _, err := first.Write([]byte("late\n")); !errors.Is(err, os.ErrClosed) {
		t.Errorf("Write after Close: %v, want os.ErrClosed", err)
	}
	closeSink(t, s)
	if got, err := os.ReadFile(path); err != nil || string(got) != "1\n2\n" || opened != 1 {
		t.Errorf("file %q, %v, opened %d times", got, err, opened)
	}
}

func TestStandardErrorOnStandardOutputIsOneQueue(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	s := logsink.New(logsink.Options{Stdout: w, Stderr: w})
	out, errs := writer(t, s, "/dev/stdout"), writer(t, s, "stderr")
	say(t, out, "a\n")
	say(t, errs, "b\n")
	say(t, out, "c\n")
	closeSink(t, s)
	w.Close()
	if got, _ := io.ReadAll(r); string(got) != "a\nb\nc\n" {
		t.Errorf("read %q, want the order of writing", got)
	}
}
