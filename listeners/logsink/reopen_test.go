package logsink_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/appserve/appserve/listeners/logsink"
)

func read(t *testing.T, path string) string {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(got)
}

func TestReopenSplitsAtTheCall(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "access.log")
	s := logsink.New(logsink.Options{})
	w := writer(t, s, path)
	say(t, w, "before\n")
	if err := os.Rename(path, path+".1"); err != nil {
		t.Fatal(err)
	}
	if err := s.Reopen(); err != nil {
		t.Fatal(err)
	}
	say(t, w, "after\n")
	closeSink(t, s)
	if got := read(t, path+".1"); got != "before\n" {
		t.Errorf("rotated file %q", got)
	}
	if got := read(t, path); got != "after\n" {
		t.Errorf("new file %q", got)
	}
}

func TestReopenIsAllOrNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		files := map[string][]*recorder{}
		refuse := ""
		s := logsink.New(logsink.Options{OpenFile: func(path string) (logsink.File, error) {
			if path == refuse {
				return nil, fs.ErrPermission
			}
			f := &recorder{}
			files[path] = append(files[path], f)
			return f, nil
		}})
		a, b := writer(t, s, "/a"), writer(t, s, "/b")
		refuse = "/b"
		if err := s.Reopen(); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("Reopen = %v, want the reason", err)
		}
		say(t, a, "one\n")
		say(t, b, "two\n")
		time.Sleep(time.Second)
		synctest.Wait()
		if got := files["/a"][0].text(); got != "one\n" || files["/a"][0].closed != 0 {
			t.Errorf("the old file of /a holds %q and was closed %d times", got, files["/a"][0].closed)
		}
		if unused := files["/a"][1]; unused.closed != 1 || unused.count() != 0 {
			t.Errorf("the new file of /a: closed %d times, %d writes", unused.closed, unused.count())
		}
		refuse = ""
		if err := s.Reopen(); err != nil {
			t.Fatal(err)
		}
		closeSink(t, s)
		for path, opened := range files {
			for i, f := range opened {
				if f.closed != 1 {
					t.Errorf("file %d of %s was closed %d times", i, path, f.closed)
				}
			}
		}
	})
}

func TestOpenFileErrorNamesThePath(t *testing.T) {
	s := logsink.New(logsink.Options{})
	path := filepath.Join(t.TempDir(), "missing", "x.log")
	_, err := s.Writer(path)
	var named *fs.PathError
	if !errors.As(err, &named) || named.Path != path {
		t.Errorf("Writer = %v, want a PathError of %s", err, path)
	}
	closeSink(t, s)
}
