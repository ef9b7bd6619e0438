package pool

import "fmt"

// BootError says why a worker did not become ready. It has been logged with
// its details when it is returned.
type BootError struct {
	Pool string
	// Phase is interpreter, start, hello, chdir, import, callable, interface
	// or ready (it did not become ready within boot_timeout).
	Phase string
	// Message is one sentence: what happened and, where known, what to write.
	Message string
	// Traceback is Python's, Stderr the last lines the worker wrote; both may be empty.
	Traceback string
	Stderr    string
	// MissingEnv names an environment variable that the application asked for
	// and appserve has but does not pass on.
	MissingEnv string
	// Err is the underlying error, if there is one.
	Err error
}

// Error is the sentence for a log line or a verdict.
func (e *BootError) Error() string {
	return fmt.Sprintf("pool %q did not boot: %s: %s", e.Pool, e.Phase, e.Message)
}

// Unwrap returns the underlying error.
func (e *BootError) Unwrap() error { return e.Err }
