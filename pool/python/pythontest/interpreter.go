// Package pythontest finds the Python interpreters of the machine for tests,
// so that one table of names decides what "every Python" means.
//
// It owns the search: the usual names on PATH and the versions that pyenv
// keeps. An interpreter that is not there skips a test, or fails it when
// APPSERVE_TEST_REQUIRE names it, as .ci/run does. It refuses nothing but Pythons older than the product supports, is
// imported by tests only, and decides nothing about the interpreter that a
// pool gets (package pool does).
package pythontest

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// requireVariable lists programs that must be there, separated by spaces.
const requireVariable = "APPSERVE_TEST_REQUIRE"

// Names are the interpreters that tests look for, oldest first.
func Names() []string {
	return []string{"python3.9", "python3.10", "python3.11", "python3.12", "python3.13", "python3.13t", "python3.14", "pypy3"}
}

// Find returns the path of the interpreter of that name, or ends the test
// when the machine has none that runs.
func Find(t testing.TB, name string) string {
	t.Helper()
	for _, path := range candidates(name) {
		if runs(path) {
			return path
		}
	}
	absent(t, name)
	return ""
}

// Any returns the python3 of PATH, else the first interpreter found, for a
// test that needs just one; without any it ends the test.
func Any(t testing.TB) string {
	t.Helper()
	for _, name := range append([]string{"python3"}, Names()...) {
		for _, path := range candidates(name) {
			if runs(path) {
				return path
			}
		}
	}
	absent(t, "python3")
	return ""
}

// absent skips a test that needs an interpreter, or fails it when the
// interpreter is required.
func absent(t testing.TB, name string) {
	t.Helper()
	if slices.Contains(strings.Fields(os.Getenv(requireVariable)), name) {
		t.Fatalf("%s is not installed", name)
	}
	t.Skipf("%s is not installed", name)
}

// candidates lists where an interpreter of that name may be. The versions of
// pyenv come before PATH: pyenv's own shims are on PATH but run only the
// version that is switched on.
func candidates(name string) []string {
	root := os.Getenv("PYENV_ROOT")
	if home, err := os.UserHomeDir(); root == "" && err == nil {
		root = filepath.Join(home, ".pyenv")
	}
	paths, err := filepath.Glob(filepath.Join(root, "versions", "*", "bin", name))
	if err != nil {
		paths = nil // only a malformed root; PATH remains
	}
	if path, err := exec.LookPath(name); err == nil {
		if name == "python3" {
			return append([]string{path}, paths...)
		}
		paths = append(paths, path)
	}
	return paths
}

// runs says whether a candidate starts and is new enough for the worker.
func runs(path string) bool {
	out, err := exec.Command(path, "-c", "import sys; print(sys.version_info >= (3, 9))").Output()
	return err == nil && strings.TrimSpace(string(out)) == "True"
}
