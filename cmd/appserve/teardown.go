package main

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// teardown is a named last-in-first-out stack of undo steps. A step is added
// the moment the thing it undoes exists, so that whatever fails next, running
// the stack leaves nothing behind.
type teardown struct {
	steps []teardownStep
}

type teardownStep struct {
	name string
	undo func(context.Context) error
}

// add pushes a step that cannot fail.
func (t *teardown) add(name string, undo func()) {
	t.addContext(name, func(context.Context) error { undo(); return nil })
}

// addContext pushes a step that may wait, bounded by the context given to run.
func (t *teardown) addContext(name string, undo func(context.Context) error) {
	t.steps = append(t.steps, teardownStep{name, undo})
}

// run undoes everything, last first, and forgets it. A step that fails does
// not keep the others from running; the errors come back joined and named.
func (t *teardown) run(ctx context.Context) error {
	steps := t.steps
	t.steps = nil
	var failed []error
	for i := len(steps) - 1; i >= 0; i-- {
		if err := steps[i].undo(ctx); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", steps[i].name, err))
		}
	}
	return errors.Join(failed...)
}

// keep forgets all steps: what they would have undone lives on.
func (t *teardown) keep() {
	t.steps = nil
}

// closing is the step that closes c.
func closing(c io.Closer) func(context.Context) error {
	return func(context.Context) error { return c.Close() }
}
