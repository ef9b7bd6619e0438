package pool

import (
	"context"
	"errors"
)

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
	return Interpreter{}, errors.New("no interpreter")
}
