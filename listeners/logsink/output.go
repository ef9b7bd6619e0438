package logsink

import (
	"bytes"
	"io"
	"sync"
	"time"
)

const (
	// flushEvery is how long a line may wait for company.
	flushEvery = 200 * time.Millisecond
	// noticeEvery is the least time between two lines about lost lines.
	noticeEvery = 10 * time.Second
)

// output is one file, pipe or terminal with its queue and the goroutine that writes it.
type output struct {
	name    string
	queue   *queue
	notice  func(output string, lost int64) []byte
	writers int // under Sink.mu

	ending chan struct{} // closed: write what is held, then end
	once   sync.Once
	done   chan struct{} // closed when run has ended

	// Of run alone, except that Reopen asks whether owned is nil, which never changes.
	target io.Writer
	owned  File // target, when it is ours to close
	torn   bool // the last write ended within a line
	said   time.Time
}

func newOutput(name string, target io.Writer, owned File, notice func(string, int64) []byte) *output {
	return &output{
		name: name, queue: newQueue(), notice: notice,
		ending: make(chan struct{}), done: make(chan struct{}),
		target: target, owned: owned,
	}
}

// end lets run finish. It does not wait.
func (o *output) end() {
	o.queue.close()
	o.once.Do(func() { close(o.ending) })
}

// run writes until the output ends. When a write blocks for ever it blocks this
// goroutine and nobody else; Sink.Close then stops waiting for it.
func (o *output) run() {
	defer close(o.done)
	for o.await() {
		o.drain()
		o.report(false)
	}
	for o.queue.length() > 0 {
		o.drain()
	}
	o.report(true)
	if o.owned != nil {
		_ = o.target.(File).Close() // every write was checked; there is nobody left to tell
	}
}

// await returns true when it is time to write, false when the output ends.
func (o *output) await() bool {
	var quiet <-chan time.Time // losses that could not be told yet
	if !o.said.IsZero() {
		timer := time.NewTimer(time.Until(o.said.Add(noticeEvery)))
		defer timer.Stop()
		quiet = timer.C
	}
	select {
	case <-o.ending:
		return false
	case <-quiet:
		return true
	case <-o.queue.some:
	}
	company := time.NewTimer(flushEvery)
	defer company.Stop()
	select {
	case <-o.ending:
		return false
	case <-o.queue.full:
	case <-company.C:
	}
	return true
}

// drain writes the chunks that are there now; those begun meanwhile wait for
// company like every other.
func (o *output) drain() {
	for n := o.queue.length(); n > 0; n-- {
		c := o.queue.take()
		if c.file != nil {
			_ = o.target.(File).Close() // the rotated file; every write to it was checked
			o.target, o.torn = c.file, false
			o.queue.give(c, 0)
			continue
		}
		o.queue.give(c, o.write(c.lines))
	}
}

// write returns how many lines did not arrive.
func (o *output) write(lines []byte) (lost int64) {
	if o.torn {
		if _, err := o.target.Write([]byte{'\n'}); err != nil {
			return countLines(lines)
		}
		o.torn = false
	}
	n, err := o.target.Write(lines)
	if err == nil {
		return 0
	}
	n = min(max(n, 0), len(lines))
	o.torn = n > 0 && lines[n-1] != '\n'
	return countLines(lines[n:])
}

// report says how many lines were lost, at most once per noticeEvery unless it is the last word.
func (o *output) report(last bool) {
	if !last && !o.said.IsZero() && time.Since(o.said) < noticeEvery {
		return
	}
	lost := o.queue.takeLost()
	if lost == 0 {
		o.said = time.Time{}
		return
	}
	o.said = time.Now()
	line := o.notice(o.name, lost)
	if len(line) > 0 && o.write(line) > 0 {
		o.queue.addLost(lost)
	}
}

func countLines(lines []byte) int64 {
	return int64(bytes.Count(lines, []byte{'\n'}))
}
