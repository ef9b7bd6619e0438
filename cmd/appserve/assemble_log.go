package main

import (
	"fmt"

	"github.com/appserve/appserve/config"
	"github.com/appserve/appserve/listeners/accesslog"
	"github.com/appserve/appserve/listeners/variable"
)

// openLog opens the output of appserve's own log; the swap makes it the one in use.
func (a *App) openLog(g *generation) error {
	output, err := a.logs.open(g.config.Log)
	if err != nil {
		return err
	}
	g.log = output
	g.undo.addContext("log", closing(output))
	return nil
}

// accessLogs makes access logs, one per distinct place and format: locations
// that log alike share one.
type accessLogs struct {
	app  *App
	made map[string]*accesslog.Log
}

// open returns the log for c; nil when it is not enabled.
func (l *accessLogs) open(g *generation, c config.AccessLog) (*accesslog.Log, error) {
	if !c.Enabled {
		return nil, nil
	}
	key := c.Output + "\x00" + c.Format + "\x00" + c.Line.Text
	if log, exists := l.made[key]; exists {
		return log, nil
	}
	writer, err := l.app.logs.sinks.Writer(c.Output)
	if err != nil {
		return nil, fmt.Errorf("opening access log %q: %w", c.Output, err)
	}
	g.closer.addContext("access log", closing(writer))
	options := accesslog.Options{Format: c.Format, Writer: writer}
	if c.Format == "" {
		if options.Line, err = template(c.Line); err != nil {
			return nil, err
		}
	}
	log, err := accesslog.New(options)
	if err != nil {
		return nil, err
	}
	l.made[key] = log
	return log, nil
}

// template compiles text with request variables, which config has checked.
func template(t config.Template) (*variable.Template, error) {
	parts := make([]variable.Part, len(t.Parts))
	for i, part := range t.Parts {
		parts[i] = variable.Part(part)
	}
	return variable.Compile(parts)
}
