package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/appserve/appserve/config"
)

// errMistakes is the verdict on a configuration whose diagnostics were logged.
var errMistakes = errors.New("the configuration has errors")

// Reload loads the configuration and the application code again and swaps
// them in, or changes nothing. The last line of the log is its verdict, and
// the error is the same one.
func (a *App) Reload(ctx context.Context) error {
	a.reloads++
	began := time.Now()
	defer a.processors.borrow()()
	a.notify.reloading()
	a.logger.Info(fmt.Sprintf("reload %d: loading %s", a.reloads, strings.Join(a.options.Paths, " ")))
	before := a.live.config
	next, err := a.replace(ctx)
	if err != nil && ctx.Err() != nil {
		a.logger.Warn(fmt.Sprintf("reload %d: refused: appserve is stopping", a.reloads))
		return err
	}
	if err != nil {
		reason := strings.ReplaceAll(err.Error(), "\n", "; ")
		a.logger.Error(fmt.Sprintf("reload %d: refused: %s; generation %d keeps serving", a.reloads, reason, a.live.number))
		a.notify.ready(fmt.Sprintf("generation %d; reload %d refused", a.live.number, a.reloads))
		return err
	}
	if err := a.pidFile.move(next.config.Server.PIDFile); err != nil {
		a.logger.Warn("pid_file did not follow the configuration", "error", err)
	}
	a.logger.Info(fmt.Sprintf("reload %d: live", a.reloads), "generation", next.number, "after", seconds(time.Since(began)),
		"changed", changes(before, next.config))
	a.notify.ready(fmt.Sprintf("generation %d", next.number))
	return nil
}

// changes names the blocks of the configuration that a reload changed. The
// application code is new all the same.
func changes(before, after *config.Config) string {
	if blocks := config.Changed(before, after); len(blocks) > 0 {
		return strings.Join(blocks, ", ")
	}
	return "nothing"
}

// replace is the transaction: load, check, bind, boot, swap.
func (a *App) replace(ctx context.Context) (*generation, error) {
	loaded := a.load()
	a.logDiagnostics(loaded)
	if loaded.HasErrors() {
		return nil, errMistakes
	}
	next, err := a.prepare(loaded.Config(), a.live.number+1)
	if err != nil {
		return nil, err
	}
	if err := a.waitForRoom(ctx); err != nil {
		return nil, errors.Join(err, next.abandon(context.WithoutCancel(ctx)))
	}
	if err := next.bootBeside(ctx); err != nil {
		return nil, errors.Join(err, next.abandon(context.WithoutCancel(ctx)))
	}
	if err := a.commit(next); err != nil {
		return nil, errors.Join(err, next.abandon(context.WithoutCancel(ctx)))
	}
	return next, nil
}

// waitForRoom waits until the generation before the live one has no workers
// any more: at most one generation drains, so memory never holds three.
func (a *App) waitForRoom(ctx context.Context) error {
	if a.draining == nil {
		return nil
	}
	old := a.draining.old.number
	select {
	case <-a.draining.workers:
		return nil
	default:
		a.logger.Info(fmt.Sprintf("reload %d: waiting until generation %d is gone", a.reloads, old))
	}
	select {
	case <-a.draining.workers:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting for generation %d to drain: %w", old, ctx.Err())
	}
}

// commit makes a booted generation live. It fails only where nothing has changed yet.
func (a *App) commit(next *generation) error {
	if err := next.transition.Commit(next.routes); err != nil {
		return err
	}
	next.undo.keep()
	a.bodies.SetSpool(next.config.Server.SpoolDirectory, next.config.Server.SpoolMaxSize)
	a.logs.apply(next.config.Log, next.log)
	old := a.live
	a.live = next
	if old != nil {
		a.draining = newDrain(old, next, a.logs.named("pool"))
	}
	return nil
}

// logDiagnostics writes mistakes and warnings into the log, each with its snippet.
func (a *App) logDiagnostics(loaded *config.Loaded) {
	if !loaded.HasErrors() && !loaded.HasWarnings() {
		return
	}
	var text strings.Builder
	loaded.WriteText(&text, config.TextStyle{})
	lines := "\n    " + strings.ReplaceAll(strings.TrimSpace(text.String()), "\n", "\n    ")
	if loaded.HasErrors() {
		a.logger.Error("configuration is not sound:" + lines)
	} else {
		a.logger.Warn("configuration has warnings:" + lines)
	}
}
