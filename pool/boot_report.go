package pool

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/appserve/appserve/pool/link"
)

// bootError builds the error of a boot. The worker may be nil.
func (p *Pool) bootError(w *worker, phase string, err error) *BootError {
	e := &BootError{Pool: p.config.Name, Phase: phase, Message: err.Error(), Err: err}
	if w != nil && errors.Is(err, io.EOF) {
		e.Message = w.ended("the worker closed its control connection")
	}
	p.addGone(e)
	return e
}

// addGone says so when the folder of the code is not there any more: a deploy
// has removed the release that this generation was made of.
func (p *Pool) addGone(e *BootError) {
	if p.config.Chdir == "" {
		return
	}
	if _, err := os.Stat(p.config.Chdir); errors.Is(err, fs.ErrNotExist) {
		e.Message += fmt.Sprintf("; %s, the folder of generation %d, is gone: reload", p.config.Chdir, p.options.Generation)
	}
}

// loadError is what a worker reported about its application, with what to
// write when a variable is missing that appserve has.
func (w *worker) loadError(f *link.Failed) *BootError {
	p := w.pool
	e := &BootError{Pool: p.config.Name, Phase: f.Phase, Message: f.Error, Traceback: f.Traceback}
	p.addGone(e)
	if f.MissingEnv == "" {
		return e
	}
	if _, ours := lookup(p.options.Environ, f.MissingEnv); !ours {
		return e
	}
	if _, passed := p.launcher.environment[f.MissingEnv]; passed {
		return e
	}
	e.MissingEnv = f.MissingEnv
	e.Message += fmt.Sprintf("; appserve has this variable but does not pass it on: add inherit_env = [%q]", f.MissingEnv)
	return e
}

// addStderr adds what the worker wrote last to an error that says nothing else
// about the cause. The worker is gone.
func (w *worker) addStderr(err error) {
	var e *BootError
	if errors.As(err, &e) && e.Traceback == "" {
		e.Stderr = w.output.stderrTail()
	}
}

// reportBoot logs a boot that failed.
func (p *Pool) reportBoot(seat int, err error) {
	var e *BootError
	if !errors.As(err, &e) || errors.Is(err, context.Canceled) {
		return // whoever ended the boot knows
	}
	args := []any{"pool", p.config.Name, "slot", seat, "phase", e.Phase, "error", e.Message,
		"app", p.config.App, "chdir", p.config.Chdir, "declared", p.config.Declared}
	if e.Traceback != "" {
		args = append(args, "traceback", strings.TrimRight(e.Traceback, "\n"))
	}
	if e.Stderr != "" {
		args = append(args, "stderr", e.Stderr)
	}
	p.log.Error("worker failed to boot", args...)
}
