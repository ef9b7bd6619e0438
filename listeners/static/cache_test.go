package static_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/appserve/appserve/listeners/body"
	"github.com/appserve/appserve/listeners/static"
)

const small, large = 4 << 10, 100 << 10 // kept in memory, and not

var roomy = static.Limits{Entries: 1024, Bytes: 1 << 20, FileSize: 64 << 10, Descriptors: 64}

// clock is a time that stands still until a test moves it.
type clock struct{ at atomic.Int64 }

func (c *clock) now() time.Time          { return time.Unix(0, c.at.Load()) }
func (c *clock) advance(d time.Duration) { c.at.Add(int64(d)) }

// newCache makes a cache whose clock begins an hour from now, so that all files are old.
func newCache(t testing.TB, limits static.Limits) (*static.Cache, *clock) {
	t.Helper()
	cache, c := static.NewCache(limits), &clock{}
	c.at.Store(time.Now().Add(time.Hour).UnixNano())
	static.SetClock(cache, c.now)
	c.advance(time.Hour)
	t.Cleanup(func() {
		if err := cache.Close(); err != nil {
			t.Error(err)
		}
		if entries, bytes, descriptors := static.Kept(cache); entries != 0 || bytes != 0 || descriptors != 0 {
			t.Errorf("after the end: %d entries, %d bytes, %d descriptors", entries, bytes, descriptors)
		}
	})
	return cache, c
}

// replace puts another file under a name at once, as a deployment does.
func replace(t testing.TB, path, content string) {
	t.Helper()
	if err := os.WriteFile(path+".new", []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

func TestCache_ShowsWhatChangedAfterASecond(t *testing.T) {
	for _, size := range []int{0, 10, small, large} {
		old, fresh := strings.Repeat("a", size), strings.Repeat("b", size+1)
		dir := tree(t, map[string]string{"f.txt": old})
		path := filepath.Join(dir, "f.txt")
		touch(t, path, time.Unix(1795341600, 0))
		cache, clock := newCache(t, roomy)
		h := handler(t, static.Config{Directory: dir, Cache: cache, Precompressed: []string{"br"}})
		expect := func(want, tag string) {
			t.Helper()
			answer, _ := request(h, http.MethodGet, "/f.txt", nil)
			content, _ := io.ReadAll(answer.Body)
			if string(content) != want || answer.Header.Get("Etag") != tag || answer.Header.Get("Content-Length") != strconv.Itoa(len(want)) {
				t.Errorf("%d bytes: got %d, %v; want %d with %s", size, len(content), answer.Header, len(want), tag)
			}
		}
		first := `"6b02bd20-` + strconv.FormatInt(int64(size), 16) + `"`
		expect(old, first)
		expect(old, first)
		replace(t, path, fresh)
		touch(t, path, time.Unix(1795341700, 0))
		clock.advance(999 * time.Millisecond)
		expect(old, first)
		clock.advance(time.Millisecond)
		expect(fresh, `"6b02bd84-`+strconv.FormatInt(int64(size+1), 16)+`"`)
	}
}

func TestCache_ForgetsInTime(t *testing.T) {
	top := tree(t, map[string]string{"outside/x.txt": secret, "static/gone.txt": "x", "static/dir/x.txt": "x", "static/link": "-> dir", "static/folder/keep": "x"})
	dir := filepath.Join(top, "static")
	cache, clock := newCache(t, roomy)
	h := handler(t, static.Config{Directory: dir, Cache: cache})
	paths := []string{"/gone.txt", "/link/x.txt", "/later.txt", "/folder"}
	check := func(when string, want ...int) {
		t.Helper()
		for i, path := range paths {
			if status, content := get(t, h, path); status != want[i] || strings.Contains(content, "SECRET") {
				t.Errorf("%s: %s = %d %q, want %d", when, path, status, content, want[i])
			}
		}
	}
	check("at first", 200, 200, 404, 301)
	for _, name := range []string{"gone.txt", "link", "folder/keep", "folder"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	plant(t, dir, map[string]string{"link": "-> ../outside", "later.txt": "x", "folder": "a file now"})
	check("within a second", 200, 200, 404, 301)
	clock.advance(time.Second)
	check("after a second", 404, 404, 200, 200)
}

func TestCache_SeesAnOpenFileChangeAtOnce(t *testing.T) {
	dir := tree(t, map[string]string{"f.bin": strings.Repeat("a", large)})
	path := filepath.Join(dir, "f.bin")
	touch(t, path, time.Unix(1795341600, 0))
	cache, _ := newCache(t, roomy)
	h := handler(t, static.Config{Directory: dir, Cache: cache})
	get(t, h, "/f.bin")
	if err := os.WriteFile(path, []byte(strings.Repeat("b", large+5)), 0o644); err != nil {
		t.Fatal(err)
	}
	answer, _ := request(h, http.MethodGet, "/f.bin", nil)
	content, _ := io.ReadAll(answer.Body)
	if strings.Count(string(content), "b") != large+5 || answer.Header.Get("Etag") == `"6b02bd20-19000"` {
		t.Errorf("%d bytes with the tag %s: the new content must not go under the old tag", len(content), answer.Header.Get("Etag"))
	}
}

func TestCache_ClosesFilesThatNobodyAsksFor(t *testing.T) {
	dir := tree(t, map[string]string{"f.bin": strings.Repeat("a", large), "f.txt": "x"})
	cache, clock := newCache(t, roomy)
	h := handler(t, static.Config{Directory: dir, Cache: cache})
	for range 3 {
		get(t, h, "/f.bin")
		get(t, h, "/f.txt")
		get(t, h, "/nothing")
	}
	if entries, bytes, descriptors := static.Kept(cache); entries != 3 || bytes < 1 || descriptors != 1 {
		t.Fatalf("%d entries, %d bytes, %d descriptors kept", entries, bytes, descriptors)
	}
	clock.advance(2 * time.Second)
	if left := static.Sweep(cache); !left {
		t.Error("nothing left after two seconds")
	}
	if entries, _, descriptors := static.Kept(cache); entries != 3 || descriptors != 0 {
		t.Errorf("after two seconds: %d entries, %d descriptors", entries, descriptors)
	}
	clock.advance(time.Minute)
	if left := static.Sweep(cache); left {
		t.Error("something left after a minute")
	}
	if status, _ := get(t, h, "/f.bin"); status != 200 {
		t.Errorf("status %d", status)
	}
}

func TestCache_IsBounded(t *testing.T) {
	limits := static.Limits{Entries: 64, Bytes: 16 * 30_000, FileSize: 64 << 10, Descriptors: 3}
	files := map[string]string{}
	for i := range 300 {
		files[fmt.Sprintf("s%d.txt", i)] = strings.Repeat("s", small)
		files[fmt.Sprintf("l%d.bin", i)] = strings.Repeat("l", large)
	}
	dir := tree(t, files)
	cache, _ := newCache(t, limits)
	h := handler(t, static.Config{Directory: dir, Cache: cache})
	for name, want := range files {
		if status, content := get(t, h, "/"+name); status != 200 || content != want {
			t.Fatalf("%s: %d, %d bytes", name, status, len(content))
		}
		get(t, h, "/missing-"+name)
	}
	if entries, bytes, descriptors := static.Kept(cache); entries > 2*limits.Entries || bytes > 2*limits.Bytes || descriptors > limits.Descriptors || entries == 0 {
		t.Errorf("%d entries, %d bytes, %d descriptors", entries, bytes, descriptors)
	}
	if open := openBeneath(t, dir); len(open) > 3 {
		t.Errorf("open: %v", open)
	}
}

// slowly is a client that asks for something else before it reads on.
type slowly struct {
	bytes.Buffer
	between func()
}

func (s *slowly) Write(p []byte) (int, error) { s.between(); return s.Buffer.Write(p) }

func TestCache_GivesUpWhatIsBeingSent(t *testing.T) {
	content := strings.Repeat("0123456789abcdef", 3<<16) // 3 MiB
	dir := tree(t, map[string]string{"big.bin": content, "other.bin": strings.Repeat("x", large)})
	cache, _ := newCache(t, static.Limits{Entries: 1, Bytes: 1, FileSize: 64 << 10, Descriptors: 1})
	h := handler(t, static.Config{Directory: dir, Cache: cache})
	other := 0
	client := &slowly{between: func() {
		if other++; other < 50 {
			get(t, h, "/other.bin")
			get(t, h, "/missing")
			if err := os.Remove(filepath.Join(dir, "big.bin")); err != nil && !os.IsNotExist(err) {
				t.Error(err)
			}
		}
	}}
	serveTo(h, "/big.bin", client)
	if client.String() != content || other < 2 {
		t.Errorf("%d bytes in %d pieces", client.Len(), other)
	}
}

func TestCache_ConcurrentChangesNeverMix(t *testing.T) {
	dir := tree(t, map[string]string{"small": "0", "large": "0"})
	write := func(i int) {
		letter := string(rune('a' + i%26))
		replace(t, filepath.Join(dir, "small"), strings.Repeat(letter, small+i))
		replace(t, filepath.Join(dir, "large"), strings.Repeat(letter, large+i))
	}
	write(0)
	cache, clock := newCache(t, static.Limits{Entries: 32, Bytes: 1 << 20, FileSize: 64 << 10, Descriptors: 4})
	h := handler(t, static.Config{Directory: dir, Cache: cache, Disk: body.NewDisk(2)})
	var readers sync.WaitGroup
	stop := make(chan struct{})
	for i := range 8 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				answer, _ := request(h, http.MethodGet, []string{"/small", "/large"}[i%2], nil)
				content, _ := io.ReadAll(answer.Body)
				if len(content) == 0 || strings.Count(string(content), string(content[:1])) != len(content) || answer.Header.Get("Content-Length") != strconv.Itoa(len(content)) {
					t.Errorf("status %d, %d bytes, %v", answer.StatusCode, len(content), answer.Header)
					return
				}
			}
		})
	}
	for i := range 60 {
		write(i)
		clock.advance(300 * time.Millisecond)
		if i%10 == 0 {
			static.Sweep(cache)
		}
	}
	close(stop)
	readers.Wait()
}

func openBeneath(t testing.TB, dir string) (files []string) {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip(err)
	}
	for _, e := range entries {
		if target, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil && strings.HasPrefix(target, dir+"/") {
			files = append(files, target)
		}
	}
	return files
}

func TestCache_HoldsNothingOfAClosedHandler(t *testing.T) {
	dir := tree(t, map[string]string{"f.bin": strings.Repeat("a", large), "f.txt": "x"})
	cache, _ := newCache(t, roomy)
	old, err := static.New(static.Config{Directory: dir, Cache: cache}, nil)
	if err != nil {
		t.Fatal(err)
	}
	fresh := handler(t, static.Config{Directory: dir, Cache: cache})
	for _, h := range []http.Handler{old, fresh} {
		get(t, h, "/f.bin")
		get(t, h, "/f.txt")
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	if entries, _, descriptors := static.Kept(cache); entries != 2 || descriptors != 1 || len(openBeneath(t, dir)) != 1 {
		t.Errorf("%d entries, %d descriptors, open %v; want those of the other handler", entries, descriptors, openBeneath(t, dir))
	}
}

// BenchmarkHit is what a request costs that the cache knows, the engine aside.
func BenchmarkHit(b *testing.B) {
	for _, size := range []int{1 << 10, 20 << 10, 1 << 20} {
		b.Run(fmt.Sprintf("%dKiB", size>>10), func(b *testing.B) {
			dir := tree(b, map[string]string{"css/f.css": strings.Repeat("x", size)})
			limits := roomy
			limits.Bytes = 32 << 20
			cache := static.NewCache(limits)
			defer cache.Close()
			h := handler(b, static.Config{Directory: dir, Cache: cache, Disk: body.NewDisk(8), Precompressed: []string{"br", "zstd", "gzip"}, Immutable: static.ImmutableAuto})
			w, r := newNowhere(), newRequest("/css/f.css")
			b.ReportAllocs()
			for b.Loop() {
				clear(w.header)
				h.ServeHTTP(w, r)
			}
		})
	}
}
