package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// quietWorld is a machine on which everything exists and nothing is wrong:
// paths lead into a real folder, accounts are all there.
func quietWorld() World {
	return World{
		UID:         func() int { return 1000 },
		LookupUser:  func(string) (int, int, error) { return 1000, 1000, nil },
		LookupGroup: func(string) (int, error) { return 1000, nil },
		InMemory:    func(string) bool { return false },
		CPUs:        func() int { return testCPUs },
		Owner:       func(fs.FileInfo) (int, int) { return 1000, 1000 },
	}
}

// worldConfig is a configuration whose paths lie in its own folder.
func worldConfig(t *testing.T, replace ...string) string {
	t.Helper()
	folder := writeConfig(t, map[string]string{"app.py": "", "app.env": "A=b\n", "robots.txt": ""})
	for _, name := range []string{"lib", "static", "static/deep", "run"} {
		if err := os.MkdirAll(filepath.Join(folder, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	text := strings.NewReplacer(replace...).Replace(`
appserve {
  user     = "www-data"
  pid_file = "run/appserve.pid"
}
log {
  output = "run/appserve.log"
}
listener "http" {
  address = "unix:run/http.sock"
  group   = "www-data"
}
pool "app" {
  app        = "./app.py"
  pythonpath = ["lib"]
  env_file   = "app.env"
  supplementary_groups = ["media"]
}
site "x" {
  access_log {
    output = "run/access.log"
  }
  location "/" {
    pass = pool.app
  }
  location "/static" {
    static {
      directory = "static"
    }
  }
  location "/robots.txt" {
    static {
      file = "robots.txt"
    }
  }
}
`)
	if err := os.WriteFile(filepath.Join(folder, "a.hcl"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

// inspect loads a folder's configuration and compares it with a machine.
func inspect(t *testing.T, folder string, w World) *Loaded {
	t.Helper()
	l := Load(testOptions(folder))
	if l.HasErrors() || l.HasWarnings() {
		t.Fatalf("does not load:\n%s", textOf(l))
	}
	CheckWorld(l, w)
	return l
}

func TestCheckWorld_Quiet(t *testing.T) {
	if text := textOf(inspect(t, worldConfig(t), quietWorld())); text != "" {
		t.Errorf("nothing is wrong, but it says\n%s", text)
	}
}

// worldCase is one thing that is wrong with a machine.
type worldCase struct {
	name    string
	replace []string
	change  func(t *testing.T, folder string, w *World)
	want    finding
	detail  string
}

// worldCases are all the things that can be wrong.
func worldCases() []worldCase {
	missing := func(string) (int, int, error) { return 0, 0, errors.New("no such user") }
	return []worldCase{
		{"no user", nil, func(_ *testing.T, _ string, w *World) { w.LookupUser = missing }, finding{3, "ERROR", `There is no user "www-data"`}, "Create the account"},
		{"no group", nil, func(_ *testing.T, _ string, w *World) {
			w.LookupGroup = func(name string) (int, error) {
				if name == "media" {
					return 0, errors.New("no such group")
				}
				return 1, nil
			}
		}, finding{17, "ERROR", `There is no group "media"`}, "Create the group"},
		{"root by user", nil, func(_ *testing.T, _ string, w *World) {
			w.LookupUser = func(string) (int, int, error) { return 0, 0, nil }
		}, finding{13, "ERROR", `Pool "app" would run Python as root`}, "allow_root = true"},
		{"root by start", []string{`user     = "www-data"`, ""}, func(_ *testing.T, _ string, w *World) { w.UID = func() int { return 0 } },
			finding{13, "ERROR", `Pool "app" would run Python as root`}, "allow_root = true"},
		{"no chdir", []string{"pythonpath", "chdir = \"nowhere\"\npythonpath"}, nil, finding{15, "ERROR", `The folder of pool "app" is not there`}, "There is no such file or folder."},
		{"chdir is a file", []string{"pythonpath", "chdir = \"app.py\"\npythonpath"}, nil, finding{15, "ERROR", `The folder of pool "app" is no folder`}, "app.py"},
		{"no app file", []string{"./app.py", "./other.py:app"}, nil, finding{14, "ERROR", "The application's file is not there"}, "other.py"},
		{"app is a folder", []string{"./app.py", "./static"}, nil, finding{14, "ERROR", "The application is a folder"}, "wsgi.py:application"},
		{"no import folder", []string{`["lib"]`, `["lib", "libs"]`}, nil, finding{15, "WARNING", "This import folder is not there"}, "libs"},
		{"no env file", []string{"app.env", "none.env"}, nil, finding{16, "ERROR", "This file cannot be read"}, "none.env"},
		{"env file for everybody", nil, func(t *testing.T, folder string, _ *World) { chmod(t, filepath.Join(folder, "app.env"), 0o644) },
			finding{16, "WARNING", "Everybody can read this file"}, "chmod o-r"},
		{"no socket folder", []string{"unix:run/", "unix:nowhere/"}, nil, finding{10, "ERROR", "The folder of this socket is not there"}, "RuntimeDirectory="},
		{"file instead of socket", []string{"unix:run/http.sock", "unix:robots.txt"}, nil, finding{10, "ERROR", "There is a file where this socket belongs"}, "robots.txt"},
		{"no log folder", []string{"run/access.log", "nowhere/access.log"}, nil, finding{21, "ERROR", "The folder of this file is not there"}, "nowhere"},
		{"pid file is a folder", []string{"run/appserve.pid", "run"}, nil, finding{4, "ERROR", "This pid file is a folder"}, "/run/appserve.pid\""},
		{"pid folder not writable", nil, func(_ *testing.T, folder string, w *World) {
			w.Writable = func(path string) error {
				if path == filepath.Join(folder, "run") {
					return fs.ErrPermission
				}
				return nil
			}
		}, finding{4, "ERROR", "The folder of this file cannot be written"}, "/run"},
		{"no pid folder", []string{"run/appserve.pid", "robots.txt/x.pid"}, nil, finding{4, "ERROR", "The folder of this file is no folder"}, "robots.txt"},
		{"no static folder", []string{`"static"`, `"statics"`}, nil, finding{28, "ERROR", "This directory cannot be read"}, "statics"},
		{"static is a file", []string{`"static"`, `"robots.txt"`}, nil, finding{28, "ERROR", "This is a file, not a directory"}, "Write: file = "},
		{"file is a folder", []string{`file = "robots.txt"`, `file = "static"`}, nil, finding{33, "ERROR", "This is a directory, not a file"}, "Write: directory = "},
		{"link out", nil, func(t *testing.T, folder string, _ *World) { link(t, "/usr", filepath.Join(folder, "static/deep/out")) },
			finding{28, "WARNING", "This directory has a link that is not served"}, "static/deep/out points to /usr"},
		{"link with none", []string{`directory = "static"`, "directory = \"static\"\n      symlinks = \"none\""}, func(t *testing.T, folder string, _ *World) {
			link(t, "deep", filepath.Join(folder, "static/in"))
		}, finding{28, "WARNING", "This directory has a link that is not served"}, `symlinks = "none" serves no link`},
		{"spool in memory", nil, func(_ *testing.T, _ string, w *World) { w.InMemory = func(string) bool { return true } },
			finding{2, "WARNING", "The spool lies in memory"}, "tmpfs"},
		{"log is a folder", []string{"run/appserve.log", "run"}, nil, finding{7, "ERROR", "This log is a folder"}, "appserve.log"},
		{"spool is a file", []string{"pid_file = \"run/appserve.pid\"", "spool_directory = \"robots.txt/spool\""}, nil, finding{4, "ERROR", "The spool cannot be made"}, "is a file"},
		{"spool not writable", []string{"pid_file = \"run/appserve.pid\"", "spool_directory = \"static/new/spool\""}, func(_ *testing.T, folder string, w *World) {
			w.Writable = func(path string) error {
				if path == filepath.Join(folder, "static") {
					return os.ErrPermission
				}
				return nil
			}
		}, finding{4, "WARNING", "The spool cannot be written"}, "permissions"},
		{"body larger than spool", []string{"site \"x\" {", "site \"x\" {\nmax_body_size = \"2GiB\""}, nil, finding{20, "WARNING", "The spool is smaller than this body"}, `spool_max_size = "4GiB"`},
		{"many processes", []string{"pythonpath", "processes = 40\npythonpath"}, nil, finding{15, "WARNING", "40 processes for 3 CPUs"}, "app 40"},
		{"folder of somebody else", nil, func(_ *testing.T, _ string, w *World) { w.Owner = func(fs.FileInfo) (int, int) { return 0, 0 } },
			finding{13, "NOTE", "Python cannot keep compiled modules in this folder"}, "compileall"},
	}
}

func TestCheckWorld(t *testing.T) {
	for _, c := range append(worldCases(), secretCases()...) {
		t.Run(c.name, func(t *testing.T) {
			folder := worldConfig(t, c.replace...)
			w := quietWorld()
			if c.change != nil {
				c.change(t, folder, &w)
			}
			l := inspect(t, folder, w)
			found := findings(l)
			if len(found) == 0 {
				t.Fatal("nothing is said")
			}
			for i, got := range found {
				if got == c.want && strings.Contains(l.diagnostics.sorted(l.sources.order)[i].detail, c.detail) {
					return
				}
			}
			t.Errorf("want %+v with %q, got\n%s", c.want, c.detail, textOf(l))
		})
	}
}

func TestCheckWorld_LinkInsideIsFine(t *testing.T) {
	folder := worldConfig(t)
	link(t, "deep", filepath.Join(folder, "static/in"))
	if text := textOf(inspect(t, folder, quietWorld())); text != "" {
		t.Errorf("a link that stays inside is blamed:\n%s", text)
	}
}

// TestCheckWorld_Real asks the real machine; its user exists and its spool may lie anywhere.
func TestCheckWorld_Real(t *testing.T) {
	l := loadText(t, "appserve {\n  allow_root = true\n}\n"+answering(`"x"`))
	CheckWorld(l, World{})
	if l.HasErrors() {
		t.Errorf("%s", textOf(l))
	}
}

func TestCheckWorld_AfterErrors(t *testing.T) {
	l := loadText(t, "pool {}")
	before := textOf(l)
	CheckWorld(l, quietWorld())
	if textOf(l) != before {
		t.Error("a broken configuration is compared with the machine")
	}
}

func TestLookup(t *testing.T) {
	if uid, _, err := lookupUser("root"); err != nil || uid != 0 {
		t.Errorf("root is %d, %v", uid, err)
	}
	if uid, _, err := lookupUser("4242"); err != nil || uid != 4242 {
		t.Errorf("4242 is %d, %v", uid, err)
	}
	if _, _, err := lookupUser("nobody-of-this-name"); err == nil {
		t.Error("an account out of nothing")
	}
	if gid, err := lookupGroup("root"); err != nil || gid != 0 {
		t.Errorf("group root is %d, %v", gid, err)
	}
	if gid, err := lookupGroup("77"); err != nil || gid != 77 {
		t.Errorf("77 is %d, %v", gid, err)
	}
	if _, err := lookupGroup("no-group-of-this-name"); err == nil {
		t.Error("a group out of nothing")
	}
}

func chmod(t *testing.T, path string, mode fs.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, target, name string) {
	t.Helper()
	if err := os.Symlink(target, name); err != nil {
		t.Fatal(err)
	}
}
