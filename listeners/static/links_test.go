package static_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/appserve/appserve/listeners/static"
)

func TestSymlinks(t *testing.T) {
	top := tree(t, map[string]string{
		"outside/x.txt":     "outside",
		"static/real/x.txt": "real",
		"static/relative":   "-> real/x.txt",
		"static/folder":     "-> real",
		"static/nested/up":  "-> ../real",
		"static/out":        "-> ../outside",
		"static/out.txt":    "-> ../outside/x.txt",
		"static/back":       "-> ../static/real/x.txt",
	})
	dir := filepath.Join(top, "static")
	if err := os.Symlink(filepath.Join(dir, "real"), filepath.Join(dir, "absolute")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		rest                 string
		inside, follow, none int
	}{
		{"/real/x.txt", 200, 200, 200},
		{"/relative", 200, 200, 404},
		{"/folder/x.txt", 200, 200, 404},
		{"/folder", 301, 301, 404},
		{"/folder/", 404, 404, 404},
		{"/nested/up/x.txt", 200, 200, 404},
		{"/absolute/x.txt", 200, 200, 404},
		{"/back", 200, 200, 404},
		{"/out.txt", 404, 200, 404},
		{"/out/x.txt", 404, 200, 404},
		{"/out/missing", 404, 404, 404},
	} {
		for links, want := range map[static.Symlinks]int{static.Inside: c.inside, static.Follow: c.follow, static.None: c.none} {
			h := handler(t, static.Config{Directory: dir, Symlinks: links})
			if status, content := get(t, h, c.rest); status != want {
				t.Errorf("symlinks %s: %s = %d %q, want %d", links, c.rest, status, content, want)
			}
			static.UseWalk(h)
			if status, content := get(t, h, c.rest); status != want {
				t.Errorf("symlinks %s without openat2: %s = %d %q, want %d", links, c.rest, status, content, want)
			}
		}
	}
}

func TestRefusedLinkIsNamedOnce(t *testing.T) {
	top := tree(t, map[string]string{
		"usr/admin/x.css": "x",
		"static/admin":    "-> ../usr/admin",
		"static/inner":    "-> admin",
	})
	dir := filepath.Join(top, "static")
	var log bytes.Buffer
	h := loggingHandler(t, static.Config{Directory: dir}, &log)
	for range 5 {
		if status, _ := get(t, h, "/admin/x.css"); status != http.StatusNotFound {
			t.Errorf("status %d, want 404", status)
		}
	}
	want := `[ERROR] static: link leaves the folder; write symlinks = "follow" if that is meant: site=shop location=/static link=` +
		dir + "/admin target=" + top + "/usr/admin\n"
	if got := log.String(); got != want {
		t.Errorf("log %q\nwant %q", got, want)
	}
	log.Reset()
	none := loggingHandler(t, static.Config{Directory: dir, Symlinks: static.None}, &log)
	get(t, none, "/inner/x.css")
	if got := log.String(); !strings.Contains(got, "link="+dir+"/inner ") || !strings.Contains(got, `symlinks is "none"`) {
		t.Errorf("log %q, want the link and the setting", got)
	}
}

func TestFolderIsPinned(t *testing.T) {
	top := tree(t, map[string]string{"v1/x.txt": "one", "v2/x.txt": "two", "current": "-> v1"})
	link := filepath.Join(top, "current")
	old := handler(t, static.Config{Directory: link})
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("v2", link); err != nil {
		t.Fatal(err)
	}
	fresh := handler(t, static.Config{Directory: link})
	if _, content := get(t, old, "/x.txt"); content != "one" {
		t.Errorf("the old generation serves %q", content)
	}
	if _, content := get(t, fresh, "/x.txt"); content != "two" {
		t.Errorf("the new generation serves %q", content)
	}
}
