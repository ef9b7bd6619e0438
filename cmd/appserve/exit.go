package main

import "fmt"

// Exit codes, a contract with ops scripts (docs/signals.md).
const (
	exitStopped       = 0 // stopped as asked
	exitConfiguration = 1 // a mistake in the configuration
	exitUsage         = 2 // a mistake on the command line
	exitCannotStart   = 3 // a socket, or every pool, failed
	exitFault         = 4 // stopped by a fault
)

// exitError is an error that knows the exit code it ends the program with.
// Silent ones were already printed in full.
type exitError struct {
	code   int
	silent bool
	err    error
}

func (e *exitError) Error() string { return e.err.Error() }

func (e *exitError) Unwrap() error { return e.err }

func cannotStart(format string, args ...any) error {
	return &exitError{code: exitCannotStart, err: fmt.Errorf(format, args...)}
}
