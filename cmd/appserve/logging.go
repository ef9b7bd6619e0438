package main

import (
	"fmt"
	"io"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/listeners/logsink"
)

const logTimeFormat = "2006-01-02T15:04:05.000Z07:00"

// logging is appserve's own log. Rooms keep the loggers they were built with;
// level, format and output follow the configuration, because the logger only
// forwards to a sink that a reload exchanges.
type logging struct {
	root    hclog.InterceptLogger
	sinks   *logsink.Sink
	losses  *lossNotice
	current hclog.SinkAdapter
	output  *logsink.Writer
}

// newLogging starts with text on standard error, for what is said before a
// configuration is known.
func newLogging(stdout, stderr io.Writer) (*logging, error) {
	losses := &lossNotice{now: time.Now}
	l := &logging{
		root:   hclog.NewInterceptLogger(&hclog.LoggerOptions{Level: hclog.Info, Output: io.Discard}),
		sinks:  logsink.New(logsink.Options{Stdout: stdout, Stderr: stderr, Notice: losses.line}),
		losses: losses,
	}
	return l, l.configure(config.Log{Level: "info", Format: "text", Output: "stderr"})
}

// named returns the logger of one room; lines carry its name.
func (l *logging) named(name string) hclog.Logger {
	return l.root.Named(name)
}

// open opens the output of a configuration that is not live yet; apply makes it live.
func (l *logging) open(c config.Log) (*logsink.Writer, error) {
	output, err := l.sinks.Writer(c.Output)
	if err != nil {
		return nil, fmt.Errorf("opening log output %q: %w", c.Output, err)
	}
	return output, nil
}

// apply exchanges the sink. It cannot fail: everything fallible is in open.
func (l *logging) apply(c config.Log, output *logsink.Writer) {
	level := hclog.LevelFromString(c.Level)
	sink := hclog.NewSinkAdapter(&hclog.LoggerOptions{
		Level:      level,
		Output:     output,
		JSONFormat: c.Format == "json",
		TimeFn:     func() time.Time { return time.Now().UTC() },
		TimeFormat: logTimeFormat,
	})
	l.root.RegisterSink(sink)
	if l.current != nil {
		l.root.DeregisterSink(l.current)
		_ = l.output.Close()
	}
	l.current, l.output = sink, output
	l.root.SetLevel(level)
	l.losses.json.Store(c.Format == "json")
}

func (l *logging) configure(c config.Log) error {
	output, err := l.open(c)
	if err != nil {
		return err
	}
	l.apply(c, output)
	return nil
}
