// Package logsink owns every output that log lines go to: standard error,
// standard output and log files. Nothing on a request's path ever writes to a
// descriptor; a line is copied into a bounded queue and one goroutine per
// output writes it. An output that is not read, or a disk that is full, costs
// lines, which are counted and reported; it never costs a request.
//
// It refuses to know what a line says: formats and levels belong to those who
// write. It does not install signal handlers; the process must not die of
// SIGPIPE when a reader of standard output goes away.
package logsink

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"sync"
	"time"
)

// File is an output that the sink opened itself and therefore closes.
type File interface {
	io.Writer
	io.Closer
}

// Options is what the sink needs of the outside world.
type Options struct {
	// OpenFile opens a log file for appending; nil means OpenFile of this package.
	OpenFile func(path string) (File, error)
	// Stdout and Stderr are written, never closed. Nil discards.
	Stdout io.Writer
	Stderr io.Writer
	// Now is the wall clock of the line that reports losses; nil means time.Now.
	Now func() time.Time
	// Notice returns the line that says how many lines of an output were lost,
	// so that it can have the format of that output. Nil means a plain text
	// line; a result without bytes writes none.
	Notice func(output string, lost int64) []byte
}

// Sink hands out writers. Writers of one output share its queue, so that a
// reload may open an output that the running generation holds.
type Sink struct {
	options Options
	shared  bool // standard output and standard error are one file

	mu      sync.Mutex
	outputs map[string]*output
	ending  []*output // without writers, still writing what they hold
	closed  bool
}

// New returns a sink without outputs.
func New(o Options) *Sink {
	if o.OpenFile == nil {
		o.OpenFile = OpenFile
	}
	if o.Stdout == nil {
		o.Stdout = io.Discard
	}
	if o.Stderr == nil {
		o.Stderr = io.Discard
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Notice == nil {
		o.Notice = textNotice(o.Now)
	}
	return &Sink{options: o, shared: sameFile(o.Stdout, o.Stderr), outputs: map[string]*output{}}
}

// Writer returns a writer for "stderr", "stdout" or an absolute path. The
// error is of opening the file, or os.ErrClosed after Close.
func (s *Sink) Writer(name string) (*Writer, error) {
	key := s.identity(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, os.ErrClosed
	}
	s.ending = unfinished(s.ending)
	o, ok := s.outputs[key]
	if !ok {
		var err error
		if o, err = s.open(key); err != nil {
			return nil, err
		}
		s.outputs[key] = o
		go o.run()
	}
	o.writers++
	return &Writer{sink: s, output: o}, nil
}

func (s *Sink) open(key string) (*output, error) {
	switch key {
	case "stderr":
		return newOutput(key, s.options.Stderr, nil, s.options.Notice), nil
	case "stdout":
		return newOutput(key, s.options.Stdout, nil, s.options.Notice), nil
	}
	file, err := s.options.OpenFile(key)
	if err != nil {
		return nil, err
	}
	return newOutput(key, file, file, s.options.Notice), nil
}

// identity maps the names of one output to one name. Two queues in front of
// one pipe would tear each other's lines.
func (s *Sink) identity(name string) string {
	switch name {
	case "stderr", "stdout":
	case "/dev/stderr", "/dev/fd/2", "/proc/self/fd/2":
		name = "stderr"
	case "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1":
		name = "stdout"
	default:
		return filepath.Clean(name)
	}
	if s.shared {
		return "stderr"
	}
	return name
}

// release gives back one writer; the last one ends the output.
func (s *Sink) release(o *output) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o.writers--
	if o.writers > 0 || s.closed {
		return
	}
	delete(s.outputs, o.name)
	s.ending = append(s.ending, o)
	o.end()
}

// Reopen opens every log file anew, for log rotation. All are opened before
// one is exchanged: an error changes nothing. What was written before Reopen
// goes to the old file. Standard output and standard error are left alone.
func (s *Sink) Reopen() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return os.ErrClosed
	}
	fresh := map[*output]File{}
	var errs []error
	for _, key := range s.names() {
		o := s.outputs[key]
		if o.owned == nil {
			continue
		}
		file, err := s.options.OpenFile(key)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		fresh[o] = file
	}
	if len(errs) > 0 {
		for _, file := range fresh {
			_ = file.Close() // nothing was written to it
		}
		return fmt.Errorf("reopening logs: %w", errors.Join(errs...))
	}
	for o, file := range fresh {
		o.queue.exchange(file)
	}
	return nil
}

// Close writes what is held and closes the files. It is bounded by ctx; the
// error names the outputs that were still blocked then. Lines written later
// are refused.
func (s *Sink) Close(ctx context.Context) error {
	s.mu.Lock()
	s.closed = true
	waiting := unfinished(s.ending)
	for _, key := range s.names() {
		s.outputs[key].end()
		waiting = append(waiting, s.outputs[key])
	}
	s.mu.Unlock()
	var errs []error
	for _, o := range waiting {
		select {
		case <-o.done:
		case <-ctx.Done():
			errs = append(errs, fmt.Errorf("log output %s takes nothing, lines are lost: %w", o.name, ctx.Err()))
		}
	}
	return errors.Join(errs...)
}

func (s *Sink) names() []string {
	names := make([]string, 0, len(s.outputs))
	for name := range s.outputs {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func unfinished(outputs []*output) []*output {
	var left []*output
	for _, o := range outputs {
		select {
		case <-o.done:
		default:
			left = append(left, o)
		}
	}
	return left
}

// sameFile says whether two writers are one pipe, terminal or file, as after 2>&1.
func sameFile(a, b io.Writer) bool {
	type statter interface{ Stat() (os.FileInfo, error) }
	x, ok := a.(statter)
	y, ok2 := b.(statter)
	if !ok || !ok2 {
		return false
	}
	first, err := x.Stat()
	second, err2 := y.Stat()
	return err == nil && err2 == nil && os.SameFile(first, second)
}

func textNotice(now func() time.Time) func(string, int64) []byte {
	return func(output string, lost int64) []byte {
		stamp := now().UTC().Format("2006-01-02T15:04:05.000Z07:00")
		return fmt.Appendf(nil, "%s [WARN]  log: %d lines lost: output=%s cannot keep up\n", stamp, lost, output)
	}
}
