package pool

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// The oldest Python that can run a worker, and how long one may take to say
// what it is.
const (
	oldestMajor, oldestMinor = 3, 9
	askTimeout               = 10 * time.Second
)

// askInterpreter prints version, implementation, and whether it runs in a virtualenv.
const askInterpreter = `import sys
print("%d.%d.%d" % sys.version_info[:3], sys.implementation.name, int(sys.prefix != sys.base_prefix))`

// Interpreter is a Python that can run a pool's workers.
type Interpreter struct {
	Path           string // as it is executed; a venv's own path, never resolved
	Version        string // "3.11.2"
	Implementation string // "CPython", "PyPy"
	Virtualenv     string // "" when it is not a virtual environment's
}

// FindInterpreter looks for the pool's Python: the python attribute, then the
// virtualenv attribute, then <chdir>/.venv, then python3 on the worker's PATH;
// the one found is run, with the pool's identity, to learn its version, which
// must be 3.9 or newer. The error names what was looked for and what to write.
func FindInterpreter(ctx context.Context, c Config, o Options) (Interpreter, error) {
	l, err := newLauncher(c, o)
	if err != nil {
		return Interpreter{}, err
	}
	return l.findInterpreter(ctx)
}

func (l *launcher) findInterpreter(ctx context.Context) (Interpreter, error) {
	path, err := l.choosePython()
	if err != nil {
		return Interpreter{}, err
	}
	said, err := l.ask(ctx, path)
	if err != nil {
		return Interpreter{}, fmt.Errorf("%s is no Python that can be used: %w", path, err)
	}
	found := Interpreter{Path: path}
	var virtual int
	if _, err := fmt.Sscan(said, &found.Version, &found.Implementation, &virtual); err != nil {
		return Interpreter{}, fmt.Errorf("%s is no Python that can be used: it said %q", path, said)
	}
	if isTooOld(found.Version) {
		return Interpreter{}, fmt.Errorf("%s is Python %s; appserve needs %d.%d or newer", path, found.Version, oldestMajor, oldestMinor)
	}
	switch found.Implementation {
	case "cpython":
		found.Implementation = "CPython"
	case "pypy":
		found.Implementation = "PyPy"
	}
	if virtual != 0 {
		found.Virtualenv = filepath.Dir(filepath.Dir(path))
	}
	return found, nil
}

// choosePython finds the file, without running it.
func (l *launcher) choosePython() (string, error) {
	c := &l.config
	if c.Python != "" {
		if err := checkProgram("python", c.Python); err != nil {
			return "", fmt.Errorf(`%w. Write the interpreter's whole path, such as python = "/usr/bin/python3"`, err)
		}
		return c.Python, nil
	}
	if c.Virtualenv != "" {
		path := filepath.Join(c.Virtualenv, "bin", "python")
		if err := checkProgram("virtualenv", path); err != nil {
			return "", fmt.Errorf("%w. Make it: python3 -m venv %s", err, c.Virtualenv)
		}
		return path, nil
	}
	looked := []string{filepath.Join(c.Chdir, ".venv", "bin", "python")}
	if c.Chdir != "" && checkProgram("", looked[0]) == nil {
		return looked[0], nil
	}
	for _, dir := range filepath.SplitList(l.environment["PATH"]) {
		path := filepath.Join(dir, "python3")
		looked = append(looked, path)
		if filepath.IsAbs(dir) && checkProgram("", path) == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf(`no Python found (looked for %s). Write virtualenv = "/path/to/venv" or python = "/usr/bin/python3"`,
		strings.Join(looked, ", "))
}

// checkProgram says why a file cannot be executed; attribute named it.
func checkProgram(attribute, path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: there is no %s", attribute, path)
	case err != nil:
		return fmt.Errorf("%s: %w", attribute, err)
	case info.IsDir() || info.Mode().Perm()&0o111 == 0:
		return fmt.Errorf("%s: %s is not a program", attribute, path)
	}
	return nil
}

// ask runs an interpreter as the workers will run and returns what it says.
func (l *launcher) ask(ctx context.Context, path string) (string, error) {
	process, err := l.spawner.Start(l.spec(path, []string{"-c", askInterpreter}, l.environment.entries()))
	if err != nil {
		return "", err
	}
	defer process.Stdout().Close()
	defer process.Stderr().Close()
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	defer context.AfterFunc(ctx, func() { _ = process.SignalGroup(syscall.SIGKILL) })()
	select {
	case <-process.Exited():
	case <-ctx.Done():
		<-process.Exited()
		return "", fmt.Errorf("it did not answer within %v", askTimeout)
	}
	said, errOut := readRest(process.Stdout()), readRest(process.Stderr())
	if status := process.Status(); status.Code != 0 {
		return "", errors.New(strings.TrimSpace(status.String() + ": " + lastLine(errOut)))
	}
	return said, nil
}

// readRest reads what an ended process left in a pipe; a child of it that
// holds the pipe open is not waited for.
func readRest(pipe *os.File) string {
	const limit = 4 << 10
	_ = pipe.SetReadDeadline(time.Now().Add(time.Second)) // fails on files without a poller only
	content, _ := io.ReadAll(io.LimitReader(pipe, limit)) // what could be read is what is wanted
	return strings.TrimSpace(string(content))
}

func lastLine(text string) string {
	return text[strings.LastIndexByte(text, '\n')+1:]
}

// isTooOld compares a version like "3.11.2" with the oldest supported one.
func isTooOld(version string) bool {
	first, rest, _ := strings.Cut(version, ".")
	second, _, _ := strings.Cut(rest, ".")
	major, err1 := strconv.Atoi(first)
	minor, err2 := strconv.Atoi(second)
	return err1 != nil || err2 != nil || major < oldestMajor || major == oldestMajor && minor < oldestMinor
}
