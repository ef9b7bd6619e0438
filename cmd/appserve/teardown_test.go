package main

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func TestTeardown_RunsLastFirstAndNamesFailures(t *testing.T) {
	var order []string
	var undo teardown
	undo.add("first", func() { order = append(order, "first") })
	undo.addContext("second", func(context.Context) error {
		order = append(order, "second")
		return errors.New("stuck")
	})
	undo.add("third", func() { order = append(order, "third") })

	err := undo.run(context.Background())

	if got := strings.Join(order, " "); got != "third second first" {
		t.Errorf("undone in order %q, want last first", got)
	}
	if err == nil || err.Error() != "second: stuck" {
		t.Errorf("run() = %v, want the failure with its name", err)
	}
	if err := undo.run(context.Background()); err != nil || len(order) != 3 {
		t.Errorf("a second run undid something again: %v, %v", order, err)
	}
}

func TestTeardown_KeepForgets(t *testing.T) {
	var undo teardown
	undo.add("kept", func() { t.Error("a kept thing was undone") })
	undo.keep()
	if err := undo.run(context.Background()); err != nil {
		t.Error(err)
	}
}
