package pool

import (
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/appserve/appserve/pool/link"
	"github.com/appserve/appserve/pool/link/marshal"
)

// exitGrace is how long the end of a process may lag behind the end of its link.
const exitGrace = time.Second

// read is the goroutine of one slot: it takes what the worker sends until the
// process has ended and everything it left behind was taken (runtime.md D3).
// It ends with the process.
func (s *slot) read() {
	defer s.worker.readers.Done()
	err := s.readAll()
	var broken *link.ProtocolError
	switch {
	case errors.As(err, &broken):
		s.worker.breakLink(s.index, broken)
	case errors.Is(err, io.EOF) && !s.worker.exitsWithin(exitGrace):
		s.worker.loseLink(s.index)
	}
	<-s.worker.dead // then the verdict is known
	s.exit()
	s.close()
}

// readAll takes messages until there are no more; it never returns nil.
func (s *slot) readAll() error {
	buf := make([]byte, link.ReceiveBuffer)
	for {
		m, err := s.receive(buf)
		if errors.Is(err, os.ErrDeadlineExceeded) { // set when the process ended
			m, err = s.conn.ReceivePending(buf)
		}
		if err != nil {
			return err
		}
		if err := s.takeMessage(m); err != nil {
			return err
		}
	}
}

// takeMessage acts on one message; its errors are *link.ProtocolError.
func (s *slot) takeMessage(m link.Message) error {
	if m.Descriptors != nil {
		m.Descriptors.Close()
		return link.NewProtocolError("an uninvited descriptor", m.Data)
	}
	f, err := link.ParseFrame(m.Data)
	if err != nil {
		return err
	}
	n, err := s.advance(f, m)
	if err != nil {
		return link.NewProtocolError(err.Error(), m.Data)
	}
	if n.next != nil {
		s.transmit(n.next) // first, so that the worker need not wait for our client
		s.feed(n.now)
	}
	if f.Type == link.TypeError {
		n.reportError(f)
	}
	if n.request == nil {
		return nil
	}
	n.deliver(f)
	if !f.Last() {
		s.waitForClient(n.request)
	}
	return nil
}

// notice is what a message meant: whose response it belongs to (nil: nobody's
// any more), and what a log line says about that request.
type notice struct {
	slot    *slot
	request *request
	next    *request // to be transmitted, now that the slot is free for it
	now     time.Time
	name    string
	method  string
	path    string
}

// advance moves the slot's state as a message says.
func (s *slot) advance(f link.Frame, m link.Message) (notice, error) {
	p := s.worker.pool
	now := p.now()
	sent := s.sentAt(&m, now)
	p.mu.Lock()
	defer p.mu.Unlock()
	n := notice{slot: s, request: s.request, now: now, name: s.name, method: s.method, path: s.path}
	for i := range s.before {
		if b := &s.before[i]; f.ID == b.id {
			n.request, n.name, n.method, n.path = nil, b.name, b.method, b.path
			return n, b.state.follow(f)
		}
	}
	if f.ID != s.id {
		if !s.mayHaveBegun(f.ID) {
			return n, errUnknownID
		}
		p.begun(s, time.Time{}, sent)
		n.request, n.name, n.method, n.path = s.request, s.name, s.method, s.path
	}
	sent = later(sent, s.started) // the clock may have noticed late that it began
	s.before = s.before[:0]       // they sent what they had to
	if err := s.state.follow(f); err != nil {
		return n, err
	}
	s.heard(sent)
	if f.Last() || f.Type == link.TypeError {
		if r := s.release(); r != nil {
			r.answered = sent
		}
		s.ended(sent)
	}
	s.judge(&m, f, now)
	s.gathers = s.gathers || p.gatherDepth(now) > 0
	switch {
	case s.state == slotFree:
		n.next = p.freed(s, sent, now)
	case f.Last() && s.worker.joined:
		n.next = p.offer(s, now) // to be there when close() returns
	}
	return n, nil
}

var errUnknownID = errors.New("an id that is not the running request's")

// follow moves a state as a message says. The pool's lock is held.
func (s *slotState) follow(f link.Frame) error {
	err := s.apply(eventOf(f.Type))
	if err == nil && f.Last() {
		err = s.apply(slotEnd)
	}
	if err == nil && f.Done() && f.Type != link.TypeDone {
		err = s.apply(slotDone)
	}
	return err
}

// eventOf is the slot's event of a message's type.
func eventOf(t link.Type) slotEvent {
	switch t {
	case link.TypeHead:
		return slotHead
	case link.TypeBody:
		return slotBody
	case link.TypeDone:
		return slotDone
	case link.TypeInfo:
		return slotInfo
	default:
		return slotError
	}
}

// deliver hands a message's content to the owner of the request.
func (n *notice) deliver(f link.Frame) {
	r := &n.request.response
	switch f.Type {
	case link.TypeHead:
		raw, body := f.Head()
		r.add(decodeHead(raw), body, f.Last()).complete()
	case link.TypeBody:
		r.add(nil, f.Payload, f.Last()).complete()
	case link.TypeInfo:
		status, raw := f.Info()
		headers, err := marshal.DecodeHeaders(raw)
		r.addInfo(head{status: status, headers: headers, err: err})
	case link.TypeError:
		_, traceback := f.Error()
		if isSystemExit(traceback) {
			r.fail(failExit())
		} else {
			r.fail(failApplication())
		}
	}
}

// decodeHead reads a marshalled head. One that cannot be read is the
// application's bad response, not a broken link: its bytes were framed well.
func decodeHead(raw []byte) *head {
	status, headers, err := marshal.DecodeHead(raw)
	return &head{status: status, headers: headers, err: err}
}

// isSystemExit says whether a traceback ends in sys.exit().
func isSystemExit(traceback string) bool {
	text := strings.TrimRight(traceback, "\n")
	return strings.HasPrefix(text[strings.LastIndexByte(text, '\n')+1:], "SystemExit")
}

// reportError logs what the application raised.
func (n *notice) reportError(f link.Frame) {
	phase, traceback := f.Error()
	what := "application error"
	switch {
	case phase == link.PhaseContract:
		what = "the application broke its interface"
	case phase == link.PhaseAfterHead && n.request == nil:
		what = "application error after the response"
	case phase == link.PhaseAfterHead:
		what = "application error in the middle of a response"
	}
	w := n.slot.worker
	w.log().Error(what, "request", n.name, "method", n.method, "path", n.path, "traceback", strings.TrimRight(traceback, "\n"))
}

// waitForClient stops reading while the client of a request is slower than the
// application; meanwhile the clock of silence stands.
func (s *slot) waitForClient(r *request) {
	paused := false
	for r.response.full(s.room) {
		if !paused {
			paused = true
			s.pause(r)
		}
		<-s.room
	}
	if paused {
		p := s.worker.pool
		p.mu.Lock()
		s.rests = time.Time{} // what comes now was left for the client's sake
		s.heard(p.now())
		p.mu.Unlock()
	}
}

// pause stops the clock of silence.
func (s *slot) pause(r *request) {
	p := s.worker.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	if s.request == r {
		s.deadline = time.Time{}
	}
}

// exit says that the process has ended and nothing is left to read: what it
// had begun fails. What it had not was taken back when it ended.
func (s *slot) exit() {
	p := s.worker.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	s.sending.Lock() // a message may have been on its way, and who failed to send it has still to say so
	defer s.sending.Unlock()
	_ = s.state.apply(slotExit) // legal in every state
	verdict := s.worker.verdict
	if r := s.request; r != nil && !r.unsent {
		s.release().response.fail(verdict)
	}
	for _, r := range slices.Clone(s.ahead) {
		if r.unsent {
			continue
		}
		s.forget(r)
		if !r.abandoned {
			r.response.fail(verdict)
		}
	}
}
