package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/pool"
	"github.com/appserve/appserve/pool/spawn"
)

// interpreterTimeout bounds asking one interpreter for its version.
const interpreterTimeout = 10 * time.Second

// runTest is appserve -t.
func (c *command) runTest(options config.Options) int {
	loaded := config.Load(options)
	var pools []string
	if !loaded.HasErrors() {
		config.CheckWorld(loaded, config.World{})
	}
	if !loaded.HasErrors() {
		lint(loaded, time.Now())
	}
	if !loaded.HasErrors() {
		pools = c.checkPools(loaded)
	}
	failed := loaded.HasErrors() || c.strict && loaded.HasWarnings()
	if c.json {
		if err := loaded.WriteJSON(c.stdout); err != nil {
			fmt.Fprintf(c.stderr, "appserve: writing diagnostics: %v\n", err)
			return exitFault
		}
	} else {
		loaded.WriteText(c.stderr, c.textStyle(c.stderr))
	}
	if failed {
		return exitConfiguration
	}
	if !c.json {
		fmt.Fprintf(c.stdout, "configuration is sound: %s\n", loaded.Summary())
		for _, line := range pools {
			fmt.Fprintf(c.stdout, "  %s\n", line)
		}
	}
	return exitStopped
}

// checkPools looks for each pool's interpreter, and describes what will run.
func (c *command) checkPools(loaded *config.Loaded) []string {
	spawner, err := spawn.New(spawn.Options{})
	if err != nil {
		loaded.Add(config.SeverityError, config.Source{}, "No process can be started", err.Error())
		return nil
	}
	defer spawner.Close(context.Background())
	options := pool.Options{Spawner: pool.Spawn(spawner), Environ: c.environ}
	var lines []string
	for _, p := range loaded.Config().Pools {
		ctx, cancel := context.WithTimeout(context.Background(), interpreterTimeout)
		interpreter, err := pool.FindInterpreter(ctx, poolConfig(loaded.Config(), p), options)
		cancel()
		if err != nil {
			loaded.Add(config.SeverityError, interpreterSource(p), fmt.Sprintf("Pool %q has no interpreter", p.Name), err.Error())
			continue
		}
		lines = append(lines, describePool(p, interpreter))
	}
	return lines
}

// interpreterSource is the line that decided which interpreter to look for.
func interpreterSource(p *config.Pool) config.Source {
	for _, attribute := range []string{"python", "virtualenv", "chdir"} {
		if source, set := p.Sources[attribute]; set {
			return source
		}
	}
	return p.Source
}

func describePool(p *config.Pool, interpreter pool.Interpreter) string {
	line := fmt.Sprintf("pool %q: %s (%s %s), %s x %s", p.Name, interpreter.Path, interpreter.Implementation,
		interpreter.Version, count(p.Processes, "process", "processes"), count(p.Threads, "thread", "threads"))
	if p.Identity.User != "" {
		line += ", as " + p.Identity.User
	}
	return line
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// runDump is appserve -T.
func (c *command) runDump(options config.Options) int {
	loaded := config.Load(options)
	loaded.WriteText(c.stderr, c.textStyle(c.stderr))
	if loaded.HasErrors() {
		return exitConfiguration
	}
	if err := loaded.Dump(c.stdout); err != nil {
		fmt.Fprintf(c.stderr, "appserve: printing the configuration: %v\n", err)
		return exitFault
	}
	return exitStopped
}

// runFormat is appserve fmt.
func (c *command) runFormat(args []string) int {
	flags := flag.NewFlagSet("fmt", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	check := flags.Bool("check", false, "")
	if err := flags.Parse(args); err != nil {
		return c.usageError("fmt: %v", err)
	}
	paths := flags.Args()
	if len(paths) == 0 {
		paths = []string{"/etc/appserve"}
	}
	result := config.Format(paths, *check)
	result.WriteText(c.stderr, c.textStyle(c.stderr))
	if len(result.Changed) > 0 {
		fmt.Fprintln(c.stdout, strings.Join(result.Changed, "\n"))
	}
	if result.HasErrors() || *check && len(result.Changed) > 0 {
		return exitConfiguration
	}
	return exitStopped
}
