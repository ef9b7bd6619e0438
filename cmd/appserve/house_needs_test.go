package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// requireVariable lists programs that must be there, separated by spaces:
// .ci/run sets it, so that nothing is skipped where everything can be installed.
const requireVariable = "APPSERVE_TEST_REQUIRE"

// needProgram finds a program that a test runs or compares appserve with.
// Where it is absent the test is skipped, or fails when it is required.
func needProgram(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		absent(t, name, "install it")
	}
	return path
}

// needVenv is the Python that has the packages of requirements.txt.
func needVenv(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs("../../.venv/bin/python")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		absent(t, "venv", "make deps")
	}
	return path
}

// needInVenv is a program that requirements.txt installs, such as gunicorn.
func needInVenv(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(filepath.Dir(needVenv(t)), name)
	if _, err := os.Stat(path); err != nil {
		absent(t, name, "make deps")
	}
	return path
}

func absent(t *testing.T, name, remedy string) {
	t.Helper()
	if slices.Contains(strings.Fields(os.Getenv(requireVariable)), name) {
		t.Fatalf("%s is not there: %s", name, remedy)
	}
	t.Skipf("%s is not there: %s", name, remedy)
}
