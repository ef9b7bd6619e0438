package static

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func FuzzParseRange(f *testing.F) {
	for _, seed := range []string{"bytes=0-", "bytes=-5", "bytes=1-2, 3-4,,", "bytes=9-1", "BYTES=0-0", "bytes=18446744073709551616-", "items=0-1", "bytes=-0,-0"} {
		f.Add(seed, int64(10))
	}
	f.Fuzz(func(t *testing.T, value string, size int64) {
		size = max(size, 0)
		spans, verdict := parseRange(value, size)
		if (verdict == satisfiable) != (len(spans) > 0) {
			t.Fatalf("%q of %d: verdict %d with %d spans", value, size, verdict, len(spans))
		}
		if len(spans) > mostRanges {
			t.Fatalf("%q: %d spans", value, len(spans))
		}
		var total int64
		for i, s := range spans {
			for _, other := range spans[i+1:] {
				if _, near := s.join(other); near {
					t.Fatalf("%q of %d: %+v and %+v are two spans", value, size, s, other)
				}
			}
			if s.start < 0 || s.length <= 0 || s.start > size-s.length {
				t.Fatalf("%q of %d: span %+v is outside", value, size, s)
			}
			if total += s.length; total < 0 || len(spans) > 1 && total > size {
				t.Fatalf("%q of %d: more than the file", value, size)
			}
		}
	})
}

func FuzzEntityTags(f *testing.F) {
	v := newFile(&opened{seen: identity{size: 10, modified: unix.Timespec{Sec: 1795341600}}}, "", time.Unix(1795341600, 0)).validators()
	f.Add(v.tag)
	f.Add(`W/"x", ` + v.tag)
	f.Add(`"`)
	f.Fuzz(func(t *testing.T, list string) {
		strong, weak := v.matches([]string{list}, true), v.matches([]string{list}, false)
		if strong && !weak {
			t.Fatalf("%q matches strongly and not weakly", list)
		}
	})
}

// FuzzName asks for paths that need not be canonical; what is found must lie in the folder.
func FuzzName(f *testing.F) {
	top := f.TempDir()
	dir := filepath.Join(top, "in")
	for _, path := range []string{"in/a/b.txt", "in/.hidden", "out.txt"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(top, path)), 0o755); err != nil {
			f.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(top, path), []byte(path), 0o644); err != nil {
			f.Fatal(err)
		}
	}
	folder, err := openFolder(dir, Inside)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { folder.close() })
	for _, seed := range []string{"/a/b.txt", "/../out.txt", "//a//b.txt", "/a/../.hidden", "/\x00", "/a/b.txt/", "..", "/.."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, path string) {
		name, _, ok := clean(path, false)
		if !ok {
			return
		}
		for _, open := range []func(int, string) (int, error){openat2, walk} {
			folder.beyond = open
			e, err := folder.open(name)
			if err != nil || e.file == nil {
				continue
			}
			e.close()
			if name != "a/b.txt" {
				t.Fatalf("%q found %q", path, name)
			}
		}
	})
}

func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	name := "static/admin/css/base.css"
	if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), make([]byte, 1024), 0o644); err != nil {
		b.Fatal(err)
	}
	folder, err := openFolder(dir, Inside)
	if err != nil {
		b.Fatal(err)
	}
	defer folder.close()
	root, err := os.OpenRoot(dir)
	if err != nil {
		b.Fatal(err)
	}
	defer root.Close()
	for name, open := range map[string]func(string) (*os.File, error){
		"openat2": func(name string) (*os.File, error) { e, err := folder.open(name); return e.file, err },
		"walk": func(name string) (*os.File, error) {
			other := *folder
			other.beyond = walk
			e, err := other.open(name)
			return e.file, err
		},
		"os.Root": root.Open,
		"os":      func(name string) (*os.File, error) { return os.Open(filepath.Join(dir, name)) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				file, err := open("static/admin/css/base.css")
				if err != nil {
					b.Fatal(err)
				}
				file.Close()
			}
		})
	}
}

var _ http.Handler = (*Handler)(nil)
