package pool

import (
	"errors"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/appserve/appserve/pool/link"
)

// Bounds of asking a worker for its stacks.
const (
	dumpTimeout  = time.Second
	faultTimeout = 250 * time.Millisecond // faulthandler writes at once, without the interpreter lock
)

// receiveControl waits for one control message until the deadline or the end
// of the process; what the process left behind is still read.
func (w *worker) receiveControl(buf []byte) (any, error) {
	m, err := w.control.Receive(buf)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		m, err = w.control.ReceivePending(buf)
	}
	if err != nil {
		return nil, err
	}
	if m.Descriptors != nil {
		m.Descriptors.Close()
		return nil, link.NewProtocolError("an uninvited descriptor", m.Data)
	}
	return link.DecodeControl(m.Data)
}

// serveControl is the goroutine that reads the control connection of a booted
// worker, until its other end is closed or the process has ended.
func (w *worker) serveControl(buf []byte) {
	defer w.pool.tasks.Done()
	defer close(w.listened)
	for {
		message, err := w.receiveControl(buf)
		var broken *link.ProtocolError
		if errors.As(err, &broken) {
			w.breakLink(-1, broken)
		}
		if err != nil {
			return
		}
		switch m := message.(type) {
		case *link.Dump:
			select {
			case w.dumps <- m:
			default: // nobody asked
			}
		case *link.Recycle:
			w.pool.recycle(w, m.Reason)
		case *link.LinkClosed:
			w.loseLink(m.Slot)
		case *link.Pong, *link.Ready, *link.Failed, *link.Hello:
			w.log().Debug("control message out of turn", "message", m)
		}
	}
}

// dump asks the control thread for the stacks of all threads; nil when it does
// not answer within dumpTimeout.
func (w *worker) dump() *link.Dump {
	w.dumping.Lock()
	defer w.dumping.Unlock()
	select {
	case <-w.dumps: // an answer that came too late for an earlier question
	default:
	}
	if err := w.control.Send(link.EncodeDump(), nil); err != nil {
		return nil
	}
	timer := time.NewTimer(dumpTimeout)
	defer timer.Stop()
	select {
	case d := <-w.dumps:
		return d
	case <-w.process.Exited():
	case <-timer.C:
	}
	return nil
}

// stacks returns the stacks of all threads as text for a log line, those that
// run the request first. When the control thread does not answer, because C
// code holds the interpreter lock, the fault handler writes them to the
// worker's stderr instead, and from there they reach the log.
func (w *worker) stacks(request uint32) string {
	if d := w.dump(); d != nil {
		return formatStacks(d.Threads, request)
	}
	if sig := w.hello.Signals.Dump; sig > 0 && w.process.Signal(syscall.Signal(sig)) == nil {
		w.exitsWithin(faultTimeout)
		return "the control thread does not answer (C code holds the interpreter lock); its stacks are in the worker's stderr"
	}
	return "the control thread does not answer"
}

// formatStacks renders a dump; a thread that runs the request comes first.
func formatStacks(threads []link.Thread, request uint32) string {
	var first, rest strings.Builder
	for _, t := range threads {
		b, mark := &rest, ""
		switch {
		case t.Request != 0 && t.Request == request:
			b, mark = &first, " (this request)"
		case t.Request != 0:
			mark = " (another request)"
		}
		b.WriteString("thread \"" + t.Name + "\"" + mark + "\n")
		b.WriteString(strings.TrimRight(t.Stack, "\n") + "\n")
	}
	return first.String() + rest.String()
}
