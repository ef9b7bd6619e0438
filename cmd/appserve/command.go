package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/term"

	"github.com/appserve/appserve/config"
)

// version and commit are set by the linker (Makefile).
var (
	version = "0.1.0-dev"
	commit  = "unknown"
)

const usageText = `appserve runs Python web applications: listeners, static files and workers from HCL.

  appserve [-c PATH]...             run in the foreground
  appserve -t [-json] [-strict]     validate the configuration
  appserve -T                       print the evaluated configuration
  appserve explain METHOD URL       what would happen to a request, step by step
  appserve fmt [-check] [PATH]...   format configuration files
  appserve -v                       version

  -c PATH         a file or a folder of *.hcl; repeatable (default /etc/appserve)
  -var NAME=VALUE set a variable; repeatable
  -var-file FILE  read variables from a file; repeatable
  -json           with -t: diagnostics as JSON; with explain: the explanation
  -strict         with -t: warnings fail too
  -H 'NAME: VALUE' with explain: a header of the request; repeatable
  -from ADDRESS   with explain: who asks, an IP address or unix (192.0.2.1)
  -listener NAME  with explain: where it comes in, instead of where the URL fits

Signals: HUP reload, TERM and QUIT graceful stop, INT fast stop, USR1 reopen logs.
`

// laterCommands are words that a later version will understand. Saying so is
// kinder than taking them for something else.
var laterCommands = []string{"reload", "status", "stop", "top", "dump", "rollback", "run", "init", "convert"}

// command is one run of the program: its surroundings, and its parsed command line.
type command struct {
	environ []string
	stdout  io.Writer
	stderr  io.Writer

	paths     stringList
	variables stringList
	varFiles  stringList
	test      bool
	dump      bool
	json      bool
	strict    bool
	version   bool
}

// stringList is a repeatable flag.
type stringList []string

func (l *stringList) String() string { return strings.Join(*l, " ") }

func (l *stringList) Set(value string) error {
	*l = append(*l, value)
	return nil
}

// run is main without the process around it; it returns the exit code.
func (c *command) run(args []string) int {
	if len(args) > 0 && args[0] == "fmt" {
		return c.runFormat(args[1:])
	}
	flags := c.flags()
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprint(c.stdout, usageText)
			return exitStopped
		}
		return c.usageError("%v", err)
	}
	switch word := flags.Arg(0); {
	case word == "explain":
		return c.runExplain(flags.Args()[1:])
	case word != "":
		return c.unknownCommand(word)
	}
	switch {
	case c.version:
		fmt.Fprintln(c.stdout, versionLine())
		return exitStopped
	case c.json && !c.test:
		return c.usageError("-json goes with -t")
	case c.strict && !c.test:
		return c.usageError("-strict goes with -t")
	}
	options, err := c.configOptions()
	switch {
	case err != nil:
		return c.usageError("%v", err)
	case c.dump:
		return c.runDump(options)
	case c.test:
		return c.runTest(options)
	default:
		return c.runServer(options)
	}
}

func (c *command) flags() *flag.FlagSet {
	flags := flag.NewFlagSet("appserve", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Var(&c.paths, "c", "")
	flags.Var(&c.variables, "var", "")
	flags.Var(&c.varFiles, "var-file", "")
	flags.BoolVar(&c.test, "t", false, "")
	flags.BoolVar(&c.dump, "T", false, "")
	flags.BoolVar(&c.json, "json", false, "")
	flags.BoolVar(&c.strict, "strict", false, "")
	flags.BoolVar(&c.version, "v", false, "")
	return flags
}

func (c *command) configOptions() (config.Options, error) {
	options := config.Options{
		Paths:    c.paths,
		Vars:     map[string]string{},
		VarFiles: c.varFiles,
		Environ:  c.environ,
		Version:  version,
	}
	if len(options.Paths) == 0 {
		options.Paths = []string{"/etc/appserve"}
	}
	for _, assignment := range c.variables {
		name, value, found := strings.Cut(assignment, "=")
		if !found {
			return options, fmt.Errorf("-var %s: write -var NAME=VALUE", assignment)
		}
		options.Vars[name] = value
	}
	return options, nil
}

func (c *command) usageError(format string, args ...any) int {
	fmt.Fprintf(c.stderr, "appserve: "+format+"\nTry: appserve -h\n", args...)
	return exitUsage
}

func (c *command) unknownCommand(word string) int {
	if slices.Contains(laterCommands, word) {
		return c.usageError("the command %q comes with a later version; this is %s", word, version)
	}
	return c.usageError("there is no command %q", word)
}

// textStyle fits diagnostics to where they are written to.
func (c *command) textStyle(w io.Writer) config.TextStyle {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return config.TextStyle{}
	}
	style := config.TextStyle{Color: !slices.ContainsFunc(c.environ, isNoColor)}
	if width, _, err := term.GetSize(int(file.Fd())); err == nil {
		style.Width = width
	}
	return style
}

// isNoColor is the convention of no-color.org: set and not empty.
func isNoColor(entry string) bool {
	return strings.HasPrefix(entry, "NO_COLOR=") && entry != "NO_COLOR="
}

func versionLine() string {
	return fmt.Sprintf("appserve %s (%s, commit %s)", version, runtime.Version(), commit)
}
