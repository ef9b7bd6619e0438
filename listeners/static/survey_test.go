package static_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/appserve/appserve/listeners/static"
)

func TestSurvey(t *testing.T) {
	top := tree(t, map[string]string{
		"usr/admin/x.css":     "x",
		"static/admin":        "-> ../usr/admin",
		"static/alias":        "-> css",
		"static/css/out.css":  "-> ../../usr/admin/x.css",
		"static/a/b/c/deep":   "-> ../../../../usr",
		"static/dangling":     "-> nothing",
		"static/.hidden":      "-> ../usr",
		"static/css/base.css": "x",
	})
	dir := filepath.Join(top, "static")
	admin := static.RefusedLink{Link: dir + "/admin", Target: top + "/usr/admin"}
	alias := static.RefusedLink{Link: dir + "/alias", Target: dir + "/css"}
	css := static.RefusedLink{Link: dir + "/css/out.css", Target: top + "/usr/admin/x.css"}
	hidden := static.RefusedLink{Link: dir + "/.hidden", Target: top + "/usr"}
	for _, c := range []struct {
		links    static.Symlinks
		dotfiles bool
		levels   int
		want     []static.RefusedLink
	}{
		{static.Inside, false, 1, []static.RefusedLink{admin}},
		{static.Inside, false, 2, []static.RefusedLink{admin, css}},
		{static.Inside, true, 2, []static.RefusedLink{hidden, admin, css}},
		{static.None, false, 2, []static.RefusedLink{admin, alias, css}},
		{static.Follow, true, 9, nil},
	} {
		got, err := static.Survey(dir, c.links, c.dotfiles, c.levels)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("Survey(%s, %v, %d) = %v, %v\nwant %v", c.links, c.dotfiles, c.levels, got, err, c.want)
		}
	}
	if _, err := static.Survey(filepath.Join(dir, "missing"), static.Inside, false, 1); err == nil {
		t.Error("no error for a folder that is not there")
	}
}
