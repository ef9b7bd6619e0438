// Package accesslog owns the line that is written for each request: combined,
// json, dev, or a template of request variables. It builds a line in a reused
// buffer and hands it over with one Write; it refuses to open files and to
// wait for them, both of which are its writer's business.
package accesslog

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/appserve/appserve/listeners/variable"
)

// Entry is a finished request.
type Entry interface {
	variable.Source
	// Finished is when the request ended, Durations how long it took in all,
	// waited in a queue, and ran in the application; negative: not observed.
	Finished() time.Time
	Durations() (total, queue, app time.Duration)
}

// Options describe an access log.
type Options struct {
	Format string             // combined, json or dev; empty: Line
	Line   *variable.Template // a line of request variables, without its line break
	Writer io.Writer          // takes whole lines and never blocks
}

// Log writes one line per request. It is safe for concurrent use.
type Log struct {
	writer  io.Writer
	format  func(l *Log, dst []byte, e Entry) []byte
	line    *variable.Template
	clock   variable.Clock
	buffers sync.Pool
}

// New makes an access log. An unknown format is an error.
func New(o Options) (*Log, error) {
	l := &Log{writer: o.Writer, line: o.Line}
	l.buffers.New = func() any { b := make([]byte, 0, 512); return &b }
	switch o.Format {
	case "combined":
		l.format = (*Log).appendCombined
	case "json":
		l.format = (*Log).appendJSON
	case "dev":
		l.format = (*Log).appendDev
	case "":
		if o.Line == nil {
			return nil, fmt.Errorf("access log has neither a format nor a line")
		}
		l.format = (*Log).appendTemplate
	default:
		return nil, fmt.Errorf("unknown access log format %q", o.Format)
	}
	return l, nil
}

// Write writes the line of one request. A nil log writes nothing. What the
// writer cannot take it counts itself, so its error is of no use here.
func (l *Log) Write(e Entry) {
	if l == nil {
		return
	}
	buffer := l.buffers.Get().(*[]byte)
	line := l.format(l, (*buffer)[:0], e)
	line = append(line, '\n')
	_, _ = l.writer.Write(line)
	*buffer = line
	l.buffers.Put(buffer)
}

func (l *Log) appendTemplate(dst []byte, e Entry) []byte {
	return l.line.Append(dst, e, variable.LogLine)
}
