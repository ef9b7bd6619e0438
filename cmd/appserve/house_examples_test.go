package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// runPython runs Python in a folder of examples and fails the test when it fails.
func runPython(t *testing.T, interpreter, folder string, arguments ...string) {
	t.Helper()
	data := t.TempDir()
	run := exec.Command(interpreter, arguments...)
	run.Dir = filepath.Join("../../examples", folder)
	run.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1",
		"COFFEEHOUSE_DATABASE="+filepath.Join(data, "db.sqlite3"),
		"COFFEEHOUSE_STATIC="+filepath.Join(data, "static"),
		"COFFEEHOUSE_MEDIA="+filepath.Join(data, "media"))
	if output, err := run.CombinedOutput(); err != nil {
		t.Errorf("%s %s in %s: %v\n%s", interpreter, strings.Join(arguments, " "), folder, err, output)
	}
}

// TestExamples_QuickstartKeepsToWSGI runs on PyPy too: it is the standard library only.
func TestExamples_QuickstartKeepsToWSGI(t *testing.T) {
	for _, name := range []string{"python3", "pypy3"} {
		t.Run(name, func(t *testing.T) {
			runPython(t, needProgram(t, name), "quickstart", "-W", "error", "-m", "unittest", "--quiet")
		})
	}
}

func TestExamples_CoffeehouseKeepsToWSGI(t *testing.T) {
	t.Parallel()
	runPython(t, needVenv(t), "coffeehouse", "manage.py", "test", "--verbosity", "0")
}

func TestExamples_CoffeehouseMigrationsAreComplete(t *testing.T) {
	t.Parallel()
	runPython(t, needVenv(t), "coffeehouse", "manage.py", "makemigrations", "--check", "--dry-run", "--verbosity", "0")
}

// TestExamples_CoffeehouseCanBePrepared: the one command between a clone and a site.
func TestExamples_CoffeehouseCanBePrepared(t *testing.T) {
	t.Parallel()
	runPython(t, needVenv(t), "coffeehouse", "manage.py", "prepare", "--password", "crema")
}

const helloChecks = `
import hello_bottle, hello_flask, hello_pyramid, hello_wsgi, webtest

for application, path in (
    (hello_bottle.application, "/hello/x"),
    (hello_flask.app, "/"),
    (hello_pyramid.main(), "/"),
    (hello_wsgi.application, "/"),
):
    webtest.TestApp(application, lint=True).get(path, status=200)
`

func TestExamples_HellosKeepToWSGI(t *testing.T) {
	t.Parallel()
	runPython(t, needVenv(t), "hello", "-c", helloChecks)
}
