package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/listeners"
	"github.com/appserve/appserve/listeners/basicauth"
	"github.com/appserve/appserve/listeners/body"
	"github.com/appserve/appserve/listeners/compress"
	"github.com/appserve/appserve/listeners/ratelimit"
	"github.com/appserve/appserve/listeners/socket"
	"github.com/appserve/appserve/listeners/static"
	"github.com/appserve/appserve/pool/spawn"
	"github.com/appserve/appserve/upstreams"
)

// App is the running server: what outlives a reload (sockets, logs, the
// spawner), and the generation that serves now. Start, Reload and Stop are
// called one after another, by one goroutine at a time.
type App struct {
	options config.Options
	command *command

	logs       *logging
	logger     hclog.Logger
	notify     *notifier
	inherited  *socket.Inherited
	spawner    *spawn.Spawner
	bodies     *body.Store
	files      *static.Cache
	server     *listeners.Server
	passwords  *basicauth.Gate // of every generation
	zones      ratelimit.Zones // likewise
	encoders   *compress.Budget
	processors *processors
	pidFile    pidFile
	tunnels    upstreams.Tunnels // of every generation

	live     *generation
	draining *drain // the generation that the last reload replaced; nil before that
	reloads  int
	undo     teardown
}

// New prepares an App that has not touched the system yet, but for its log
// and the sockets that systemd passed.
func New(options config.Options, c *command) (*App, error) {
	logs, err := newLogging(c.stdout, c.stderr)
	if err != nil {
		return nil, err
	}
	a := &App{
		options: options,
		command: c,
		logs:    logs,
		logger:  logs.named("appserve"),
		// Half of the processors may work on passwords; the rest serves.
		passwords: basicauth.NewGate(runtime.GOMAXPROCS(0) / 2),
		encoders:  compress.NewBudget(mostEncoders),
	}
	a.undo.addContext("flushing logs", logs.sinks.Close)
	if a.notify, err = newNotifier(); err != nil {
		a.logger.Warn("the service manager cannot be told of readiness", "error", err)
	}
	a.undo.add("service manager", a.notify.close)
	environment := socket.Environment{Getenv: os.Getenv, Unsetenv: os.Unsetenv, PID: os.Getpid()}
	if a.inherited, err = socket.TakeInherited(environment); err != nil {
		return nil, cannotStart("taking the sockets of systemd: %w", err)
	}
	return a, nil
}

// Start loads the configuration and serves it. A pool that does not boot is
// retried in the background, unless none does.
func (a *App) Start(ctx context.Context) error {
	began := time.Now()
	loaded := a.load()
	if loaded.HasErrors() {
		loaded.WriteText(a.command.stderr, a.command.textStyle(a.command.stderr))
		return &exitError{code: exitConfiguration, silent: true, err: errors.New("the configuration has errors")}
	}
	if err := a.logs.configure(loaded.Config().Log); err != nil {
		return &exitError{code: exitCannotStart, err: err}
	}
	a.announce(loaded)
	boundMemory()
	if err := a.startSystem(loaded.Config()); err != nil {
		return err
	}
	next, err := a.prepare(loaded.Config(), 1)
	if err != nil {
		return &exitError{code: exitCannotStart, err: err}
	}
	if err := next.bootFirst(ctx); err != nil {
		return errors.Join(&exitError{code: exitCannotStart, err: err}, next.abandon(context.WithoutCancel(ctx)))
	}
	if err := a.commit(next); err != nil {
		return errors.Join(&exitError{code: exitCannotStart, err: err}, next.abandon(context.WithoutCancel(ctx)))
	}
	a.undo.addContext("pid file", func(context.Context) error { return a.pidFile.move("") })
	if err := a.pidFile.move(loaded.Config().Server.PIDFile); err != nil {
		return cannotStart("%s: %w", loaded.Config().Server.Sources["pid_file"], err)
	}
	a.logger.Info("serving", "generation", 1, "after", seconds(time.Since(began)))
	a.notify.ready("generation 1")
	return nil
}

// load reads the configuration and holds it against this machine.
func (a *App) load() *config.Loaded {
	loaded := config.Load(a.options)
	if !loaded.HasErrors() {
		config.CheckWorld(loaded, config.World{})
	}
	if !loaded.HasErrors() {
		lintCertificates(loaded, time.Now())
	}
	return loaded
}

// announce is the first line of a run, and the first warnings.
func (a *App) announce(loaded *config.Loaded) {
	a.logger.Info("starting", "version", version, "config", strings.Join(a.options.Paths, " "),
		"files", loaded.FileCount(), "pid", os.Getpid())
	a.logDiagnostics(loaded)
	if os.Getuid() == 0 {
		a.logger.Warn("the front runs as root: static files and spools are opened with its rights")
	}
}

// startSystem makes what lives as long as the process.
func (a *App) startSystem(c *config.Config) error {
	a.processors = newProcessors(a.logger)
	a.undo.add("processors", a.processors.start())
	spawner, err := spawn.New(spawn.Options{Logger: a.logs.named("spawn")})
	if err != nil {
		return cannotStart("starting the spawner: %w", err)
	}
	a.spawner = spawner
	a.undo.addContext("spawner", spawner.Close)
	a.files = static.NewCache(fileCacheLimits())
	a.undo.addContext("file cache", closing(a.files))
	a.bodies = body.NewStore(body.Options{Directory: c.Server.SpoolDirectory, MaxSize: c.Server.SpoolMaxSize})
	a.server = listeners.NewServer(listeners.Options{
		Bodies: a.bodies,
		Logger: a.logs.root,
		System: socket.NewKernel(a.inherited),
	})
	a.undo.addContext("listeners", func(context.Context) error { return a.server.Close() })
	return nil
}

// ReopenLogs opens every log file again under its name, for log rotation.
func (a *App) ReopenLogs() {
	if err := a.logs.sinks.Reopen(); err != nil {
		a.logger.Error("logs not reopened; the old files stay in use", "error", err)
		return
	}
	a.logger.Info("logs reopened")
}

// Stop ends the server: requests in flight finish within shutdown_timeout, or
// are cut when ctx ends. Then everything made is undone in reverse order.
func (a *App) Stop(ctx context.Context) error {
	a.notify.stopping()
	if a.live != nil {
		a.logger.Info("stopping", "within", a.live.config.Server.ShutdownTimeout.String())
		var done context.CancelFunc
		ctx, done = withLimit(ctx, a.live.config.Server.ShutdownTimeout)
		defer done()
		a.stopServing(ctx)
		a.logger.Info("stopped")
	}
	last, done := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer done()
	if err := a.undo.run(last); err != nil {
		return fmt.Errorf("stopping: %w", err)
	}
	return nil
}

// tunnelGrace is how long an upgraded connection may be silent while we stop:
// nobody else would end one that waits for a message that never comes.
const tunnelGrace = 5 * time.Second

// stopServing lets requests end, then workers, then what they used.
func (a *App) stopServing(ctx context.Context) {
	a.tunnels.EndSilent(tunnelGrace)
	if err := a.server.Stop(ctx); err != nil {
		a.logger.Warn("requests were cut", "error", err)
	}
	if a.draining != nil {
		a.draining.finish(ctx)
	}
	newDrain(a.live, nil, a.logger).finish(ctx)
}

// withLimit bounds ctx; a limit of zero is none.
func withLimit(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if limit == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, limit)
}

// seconds prints a duration as log lines do: 0.71s.
func seconds(d time.Duration) string {
	return fmt.Sprintf("%.2fs", d.Seconds())
}
