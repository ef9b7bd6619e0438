package python

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/appserve/appserve/pool/python/pythontest"
)

// suiteTimeout ends a suite that hangs; it takes some seconds on a busy machine.
const suiteTimeout = 3 * time.Minute

func TestArchive_IsTheSourcesAndDeterministic(t *testing.T) {
	archive := Archive()
	if !bytes.Equal(archive, Archive()) {
		t.Error("two archives differ")
	}
	reader, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("_appserve*.py")
	if err != nil || len(files) == 0 || len(files) != len(reader.File) {
		t.Fatalf("%d sources, %d in the archive, %v", len(files), len(reader.File), err)
	}
	for i, file := range reader.File {
		if file.Name != files[i] || file.Method != zip.Store {
			t.Errorf("entry %d is %s by method %d, want %s, stored", i, file.Name, file.Method, files[i])
		}
		opened, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		packed, err := io.ReadAll(opened)
		if err != nil {
			t.Fatal(err)
		}
		if source, err := os.ReadFile(file.Name); err != nil || !bytes.Equal(packed, source) {
			t.Errorf("%s in the archive differs from the source, %v", file.Name, err)
		}
	}
}

// smoke names the tests that every Python runs: what crosses the link, and one
// test of each thing that starts, stops or dumps a worker.
var smoke = []string{
	"test_request", "test_response", "test_garbage", "test_contract", "test_errors", "test_control.ControlTest.test_dump_by_signal",
	"test_control.ControlTest.test_cancel_ends_a_stream", "test_boot", "test_life.LifeTest.test_drain_of_threads",
	"test_life.LifeTest.test_appserve_killed", "test_life.LifeTest.test_forks", "test_life.LifeTest.test_multiprocessing_spawn",
}

// TestWorker_EveryPython runs the tests of the worker, which are Python's own
// unittest in tests/, under every interpreter of the machine: all of them under
// the python3 of PATH and under PyPy, smoke under the others. They start real
// workers from this archive and this bootstrap.
func TestWorker_EveryPython(t *testing.T) {
	archive := filepath.Join(t.TempDir(), "worker.zip")
	if err := os.WriteFile(archive, Archive(), 0o600); err != nil {
		t.Fatal(err)
	}
	slow := pythontest.Any(t)
	for _, name := range pythontest.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			python := pythontest.Find(t, name)
			if testing.Short() && python != slow {
				t.Skip("one interpreter is enough for -short")
			}
			environ := []string{"APPSERVE_TEST_ARCHIVE=" + archive}
			all := []string{"discover", "--failfast", "-s", "tests", "-t", "tests"}
			switch {
			case sameVersion(t, python, slow):
				runSuite(t, python, append(environ, "APPSERVE_TEST_SLOW=1"), all...)
			case name == "pypy3":
				runSuite(t, python, environ, all...)
			default:
				runSuite(t, python, append(environ, "PYTHONPATH=tests"), append([]string{"--failfast"}, smoke...)...)
			}
		})
	}
}

// runSuite runs tests under one interpreter and shows what it printed when they fail.
func runSuite(t *testing.T, python string, environ []string, tests ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), suiteTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, python, append([]string{"-W", "error::ResourceWarning", "-m", "unittest"}, tests...)...)
	cmd.Env = append(os.Environ(), environ...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", python, err, out)
	}
	if !strings.Contains(string(out), "Ran ") {
		t.Errorf("%s ran no tests:\n%s", python, out)
	}
}

// sameVersion says whether two interpreters are the same Python.
func sameVersion(t *testing.T, a, b string) bool {
	t.Helper()
	return version(t, a) == version(t, b)
}

func version(t *testing.T, python string) string {
	t.Helper()
	out, err := exec.Command(python, "-c", "import sys; print(sys.version)").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
