package static_test

import (
	"bytes"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/appserve/appserve/listeners/static"
)

const secret = "SECRET outside of the folder"

// hostile is what listeners could ever hand over as the rest of a path, and
// more: nothing here may show a file from outside, nor a hidden one.
var hostile = []string{
	// up
	"/..", "/../", "/../secret.txt", "/../../secret.txt", "/../../../../../../../../etc/passwd", "..", "../secret.txt",
	"/css/../../secret.txt", "/css/../../outside/secret.txt", "/css/..", "/css/../", "/css/../a.css", "/.", "/./", "/./a.css", "/css/./b.css",
	"/.../secret.txt", "/..a/secret.txt", "/a../../secret.txt", "/css/.. /secret.txt", "//../secret.txt", "/..//secret.txt", "/css//../../secret.txt",
	// what decoding once leaves of a double encoding
	"/%2e%2e/secret.txt", "/%2e%2e%2fsecret.txt", "/..%2fsecret.txt", "/%252e%252e/secret.txt", "/..%c0%afsecret.txt", "/%c0%ae%c0%ae/secret.txt",
	"/\xc0\xae\xc0\xae/secret.txt", "/..\xc0\xafsecret.txt", "/\uff0e\uff0e/secret.txt", "/..\u2215secret.txt",
	// NUL, backslashes, controls
	"/\x00", "/a.css\x00", "/a.css\x00.txt", "/../secret.txt\x00.css", "/..\x00/secret.txt", "/\\..\\secret.txt", "/..\\secret.txt", "/..\\..\\secret.txt",
	"/css\\..\\..\\secret.txt", "/..\\/secret.txt", "\\..\\secret.txt", "C:\\secret.txt", "/C:/secret.txt", "/..\n/secret.txt", "/..\t/secret.txt",
	// absolute, and names the kernel knows
	"//etc/passwd", "///etc/passwd", "/etc/passwd", "//secret.txt", "/proc/self/root/etc/passwd", "/dev/stdin", "/fd/0",
	// links out
	"/out", "/out/", "/out/secret.txt", "/file-out", "/chain", "/deep/up/secret.txt", "/deep/up/", "/loop", "/loop/x", "/dangling", "/magic/etc/passwd", "/out/../secret.txt",
	"/dir-chain/secret.txt", "/file-out/", "/out/.", "/parent/static-link/a.css",
	// hidden
	"/.env", "/.git/config", "/.git", "/.git/", "/css/.hidden", "/.htpasswd", "/.well-known/.env", "/.well-known/../.env", "/.hidden-dir/x.txt", "//.env", "/./.env",
	"/..env", "/.",
	// no regular files
	"/pipe", "/socket", "/null", "/pipe/",
	// lengths
	"/" + strings.Repeat("a", 300), "/" + strings.Repeat("a/", 3000) + "x", "/" + strings.Repeat("../", 500) + "etc/passwd",
}

func hostileTree(t *testing.T) string {
	t.Helper()
	top := tree(t, map[string]string{
		"secret.txt":                secret,
		"outside/secret.txt":        secret,
		"static/a.css":              "a",
		"static/css/b.css":          "b",
		"static/css/.hidden":        secret,
		"static/.env":               secret,
		"static/.htpasswd":          secret,
		"static/..env":              secret,
		"static/.git/config":        secret,
		"static/.hidden-dir/x.txt":  secret,
		"static/.well-known/.env":   secret,
		"static/out":                "-> ../outside",
		"static/file-out":           "-> ../secret.txt",
		"static/chain":              "-> file-out",
		"static/dir-chain":          "-> out",
		"static/deep/up":            "-> ../../outside",
		"static/loop":               "-> loop",
		"static/dangling":           "-> ../nothing",
		"static/magic":              "-> /proc/self/root",
		"static/parent/static-link": "-> ../..",
	})
	static := filepath.Join(top, "static")
	if err := unix.Mkfifo(filepath.Join(static, "pipe"), 0o644); err != nil {
		t.Fatal(err)
	}
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(static, "socket"), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	_ = unix.Mknod(filepath.Join(static, "null"), unix.S_IFCHR|0o644, int(unix.Mkdev(1, 3))) // only root can
	return static
}

func TestHostilePathsNeverLeaveTheFolder(t *testing.T) {
	dir := hostileTree(t)
	if len(hostile) < 60 {
		t.Fatalf("only %d paths", len(hostile))
	}
	try := [][]static.Part{{{Rest: true}}, {{Rest: true}, {Literal: "/secret.txt"}}, {{Literal: "/css"}, {Rest: true}}, {{Rest: true}, {Literal: "/"}}}
	for _, c := range []static.Config{
		{Directory: dir, Symlinks: static.Inside},
		{Directory: dir, Symlinks: static.None},
		{Directory: dir, Symlinks: static.Inside, Try: try, Index: []string{"secret.txt", "../secret.txt", "index.html"}},
	} {
		c.Precompressed = []string{"br", "gzip"}
		h, old := handler(t, c), handler(t, c)
		static.UseWalk(old)
		c.Cache, _ = newCache(t, roomy)
		remembering := handler(t, c)
		for range 2 {
			checkHostile(t, string(c.Symlinks)+" with a cache", remembering)
		}
		checkHostile(t, string(c.Symlinks), h)
		checkHostile(t, string(c.Symlinks)+" without openat2", old)
	}
}

func checkHostile(t *testing.T, name string, h http.Handler) {
	t.Helper()
	for _, rest := range hostile {
		answer, _ := request(h, http.MethodGet, rest, nil)
		var content bytes.Buffer
		_, _ = content.ReadFrom(answer.Body)
		if strings.Contains(content.String(), "SECRET") || strings.Contains(content.String(), "root:") {
			t.Errorf("%s: %.80q shows %q", name, rest, content.String())
		}
		// A redirect to a folder inside shows nothing; a file must not come.
		if answer.StatusCode != http.StatusNotFound && answer.StatusCode != http.StatusMovedPermanently {
			t.Errorf("%s: %.80q = %d, want 404", name, rest, answer.StatusCode)
		}
	}
	if status, content := get(t, h, "/css/b.css"); status != 200 || content != "b" {
		t.Errorf("%s: /css/b.css = %d %q: the test would pass with an empty folder", name, status, content)
	}
}

func TestHostilePathsWithOneFile(t *testing.T) {
	dir := hostileTree(t)
	h := handler(t, static.Config{File: filepath.Join(dir, "a.css")})
	for _, rest := range hostile {
		if status, content := get(t, h, rest); status != http.StatusNotFound || strings.Contains(content, "SECRET") {
			t.Errorf("%.80q = %d %q", rest, status, content)
		}
	}
}

// TestSwappedLink exchanges a folder for a link to the outside all the time,
// which defeats every check before an open.
func TestSwappedLink(t *testing.T) {
	top := tree(t, map[string]string{
		"outside/x.txt": secret, "static/swap/x.txt": "inside", "static/link": "-> ../outside", "static/real/x.txt": "inside",
		"static/via": "-> swap",
	})
	dir := filepath.Join(top, "static")
	for i, links := range []static.Symlinks{static.Inside, static.None, static.Inside, static.None, static.Inside} {
		c := static.Config{Directory: dir, Symlinks: links}
		tick := func() {}
		if i == 4 {
			var clock *clock
			c.Cache, clock = newCache(t, roomy)
			tick = func() { clock.advance(300 * time.Millisecond) }
		}
		h := handler(t, c)
		if i == 2 || i == 3 {
			static.UseWalk(h)
		}
		stop, stopped := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(stopped)
			swap, link := filepath.Join(dir, "swap"), filepath.Join(dir, "link")
			for {
				select {
				case <-stop:
					return
				default:
					_ = unix.Renameat2(unix.AT_FDCWD, swap, unix.AT_FDCWD, link, unix.RENAME_EXCHANGE)
				}
			}
		}()
		var inside, missed int
		for i := 0; i < 1500 || (inside == 0 || missed == 0) && i < 400_000; i++ {
			tick()
			rest := "/swap/x.txt"
			if i%2 == 1 {
				rest = "/via/x.txt"
			}
			switch status, content := get(t, h, rest); {
			case strings.Contains(content, "SECRET"):
				t.Fatalf("%s: %s left the folder", links, rest)
			case status == http.StatusOK:
				inside++
			default:
				missed++
			}
		}
		close(stop)
		<-stopped
		if inside == 0 || missed == 0 {
			t.Errorf("%s: %d hits and %d misses: the swap was not seen from both sides", links, inside, missed)
		}
	}
}
