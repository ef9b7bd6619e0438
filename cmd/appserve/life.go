package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/hashicorp/go-hclog"

	"github.com/appserve/appserve/config"
)

// life turns signals into the life of an App: one owner goroutine, so a start,
// a reload and a stop never overlap, and a HUP that arrives during a reload
// makes it run once more.
type life struct {
	app      *App
	logger   hclog.Logger
	signals  chan os.Signal
	finished chan error         // the start or reload under way ended
	cancel   context.CancelFunc // ends it early; nil when none is under way
	started  bool
	again    bool // a HUP waits for the end of the reload under way
}

// runServer is appserve without -t: it serves until a signal ends it.
func (c *command) runServer(options config.Options) int {
	signals := make(chan os.Signal, 16)
	// SIGPIPE is taken so that a closed log pipe is an error, not our death.
	signal.Notify(signals, syscall.SIGHUP, syscall.SIGTERM, syscall.SIGQUIT, syscall.SIGINT,
		syscall.SIGUSR1, syscall.SIGPIPE)
	defer signal.Stop(signals)

	options.ForStart = true
	app, err := New(options, c)
	if err != nil {
		return c.exitCode(err)
	}
	l := &life{
		app:      app,
		logger:   app.logger,
		signals:  signals,
		finished: make(chan error, 1),
	}
	return c.exitCode(l.run())
}

// exitCode prints an error that was not printed yet, and gives its exit code.
func (c *command) exitCode(err error) int {
	if err == nil {
		return exitStopped
	}
	var exit *exitError
	if !errors.As(err, &exit) {
		exit = &exitError{code: exitFault, err: err}
	}
	if !exit.silent {
		fmt.Fprintf(c.stderr, "appserve: %v\n", err)
	}
	return exit.code
}

// run serves until the end; nil means stopped as asked.
func (l *life) run() error {
	l.begin(l.app.Start)
	for {
		select {
		case sig := <-l.signals:
			if stop, graceful := l.handle(sig); stop {
				return l.stop(graceful)
			}
		case err := <-l.finished:
			l.cancel()
			l.cancel = nil
			if !l.started && err != nil {
				return errors.Join(err, l.stop(false))
			}
			l.started = true
			if l.again {
				l.again = false
				l.begin(l.app.Reload)
			}
		}
	}
}

// handle acts on one signal and says whether it ends the server, and how.
func (l *life) handle(sig os.Signal) (stop, graceful bool) {
	switch sig {
	case syscall.SIGHUP:
		if l.cancel == nil {
			l.begin(l.app.Reload)
		} else {
			l.again = true
		}
	case syscall.SIGUSR1:
		l.app.ReopenLogs()
	case syscall.SIGTERM, syscall.SIGQUIT:
		return true, true
	case syscall.SIGINT:
		return true, false
	}
	return false, false
}

// begin runs a start or a reload beside the signal loop.
func (l *life) begin(work func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	l.cancel = cancel
	go l.work(ctx, work)
}

func (l *life) work(ctx context.Context, work func(context.Context) error) {
	l.finished <- work(ctx)
}

// stop ends a start or reload under way, then the server. A second signal
// makes a graceful stop a fast one.
func (l *life) stop(graceful bool) error {
	if l.cancel != nil {
		l.cancel()
		<-l.finished
	}
	ctx, hurry := context.WithCancel(context.Background())
	defer hurry()
	if !graceful {
		hurry()
	}
	stopped := make(chan error, 1)
	go l.stopApp(ctx, stopped)
	for {
		select {
		case err := <-stopped:
			return err
		case sig := <-l.signals:
			switch sig {
			case syscall.SIGHUP:
				l.logger.Warn("reload ignored: appserve is stopping")
			case syscall.SIGTERM, syscall.SIGQUIT, syscall.SIGINT:
				l.logger.Warn("stopping at once: asked again", "signal", sig)
				hurry()
			}
		}
	}
}

func (l *life) stopApp(ctx context.Context, stopped chan<- error) {
	stopped <- l.app.Stop(ctx)
}
