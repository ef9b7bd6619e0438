package pool

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Bounds of a worker's output.
const (
	lineCap     = 16 << 10 // a longer line is logged in pieces
	pendingCap  = 1 << 20  // what waits for the log; more is dropped and counted
	tailCap     = 4 << 10  // the end of stderr, kept for a boot that fails
	outputGrace = time.Second
)

// output takes what a worker prints into the log, line by line. It always
// reads, so that the application never waits for a log; when the log cannot
// keep up, lines are dropped and counted.
type output struct {
	log     workerLog
	pipes   [2]*os.File
	readers sync.WaitGroup
	writer  sync.WaitGroup

	mu      sync.Mutex
	changed sync.Cond
	lines   []outputLine
	pending int
	lost    int
	tail    []byte
	closed  bool
}

type outputLine struct {
	stream string
	text   string
}

// newOutput starts to read a process's pipes, which it owns from then on.
func newOutput(log workerLog, stdout, stderr *os.File) *output {
	o := &output{log: log, pipes: [2]*os.File{stdout, stderr}}
	o.changed.L = &o.mu
	o.readers.Add(2)
	go o.read("stdout", stdout)
	go o.read("stderr", stderr)
	o.writer.Add(1)
	go o.write()
	return o
}

// finish takes what is left after the process ended and closes the pipes: at
// their end, or after outputGrace, because a grandchild may hold them open.
func (o *output) finish() {
	timer := time.AfterFunc(outputGrace, func() {
		for _, pipe := range o.pipes {
			_ = pipe.Close() // read-only; ends the readers
		}
	})
	o.readers.Wait()
	timer.Stop()
	o.mu.Lock()
	o.closed = true
	o.changed.Signal()
	o.mu.Unlock()
	o.writer.Wait()
}

// stderrTail returns the last lines that were written to stderr.
func (o *output) stderrTail() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return strings.TrimSpace(string(o.tail))
}

// read is the goroutine of one pipe; it ends with the pipe.
func (o *output) read(stream string, pipe *os.File) {
	defer o.readers.Done()
	defer pipe.Close()
	buf := make([]byte, 0, lineCap)
	for {
		n, err := pipe.Read(buf[len(buf):cap(buf)])
		buf = o.split(stream, buf[:len(buf)+n])
		if err != nil {
			if len(buf) > 0 {
				o.add(stream, buf)
			}
			return
		}
	}
}

// split takes the whole lines out of buf, and its content when it is full; it
// returns the rest, moved to the front.
func (o *output) split(stream string, buf []byte) []byte {
	rest := buf
	for {
		i := 0
		for i < len(rest) && rest[i] != '\n' {
			i++
		}
		if i == len(rest) {
			break
		}
		o.add(stream, rest[:i])
		rest = rest[i+1:]
	}
	if len(rest) == cap(buf) {
		o.add(stream, rest)
		rest = nil
	}
	return append(buf[:0], rest...)
}

// add queues a line for the log, or drops it: one without anything to read is
// no line of a log.
func (o *output) add(stream string, line []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if stream == "stderr" {
		o.tail = append(append(o.tail, line...), '\n')
		if over := len(o.tail) - tailCap; over > 0 {
			o.tail = append(o.tail[:0], o.tail[over:]...)
		}
	}
	if len(bytes.TrimSpace(line)) == 0 {
		return
	}
	if o.pending+len(line) > pendingCap {
		o.lost++
		return
	}
	o.pending += len(line)
	o.lines = append(o.lines, outputLine{stream, escape(line)})
	o.changed.Signal()
}

// write is the goroutine that gives lines to the log; it ends with finish.
func (o *output) write() {
	defer o.writer.Done()
	for {
		o.mu.Lock()
		for len(o.lines) == 0 && o.lost == 0 && !o.closed {
			o.changed.Wait()
		}
		lines, lost, closed := o.lines, o.lost, o.closed
		o.lines, o.lost, o.pending = nil, 0, 0
		o.mu.Unlock()
		for _, line := range lines {
			// The log sets a colon of its own between the line and what is said about it.
			o.log.Info(strings.TrimSuffix(line.text, ":"), "stream", line.stream)
		}
		if lost > 0 {
			o.log.Warn(fmt.Sprintf("%d lines of output lost: the application prints faster than they can be logged", lost))
		}
		if closed && len(lines) == 0 && lost == 0 {
			return
		}
	}
}

// escape makes a line safe for a log and a terminal: control characters, CR
// among them, and bytes that are not UTF-8 are spelled out.
func escape(line []byte) string {
	clean := true
	for _, c := range line {
		if c < ' ' && c != '\t' || c == 0x7F {
			clean = false
			break
		}
	}
	if clean && utf8.Valid(line) {
		return string(line)
	}
	var b strings.Builder
	for len(line) > 0 {
		r, n := utf8.DecodeRune(line)
		switch {
		case r == '\r':
			b.WriteString(`\r`)
		case r == utf8.RuneError && n == 1, r < ' ' && r != '\t', r == 0x7F:
			fmt.Fprintf(&b, `\x%02x`, line[0])
		case r >= 0x80 && r < 0xA0: // C1 controls
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
		line = line[n:]
	}
	return b.String()
}
