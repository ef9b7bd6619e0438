package listeners

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http2"
)

// startHasty is startH2C with little time for heads.
func startHasty(t *testing.T, headerTimeout time.Duration, locations ...Location) *world {
	t.Helper()
	w := newWorld(t)
	w.rows.H2C, w.rows.SendTimeout, w.rows.HeaderTimeout = true, patience, headerTimeout
	w.commit(w.routes(locations...), w.rows)
	w.addr = w.server.Addresses("main")[0].String()
	return w
}

// A head that does not become complete ends its connection, however it is
// withheld.
func TestAHeadOfHTTP2InPieces(t *testing.T) {
	const headerTimeout = 300 * time.Millisecond
	for name, withhold := range map[string]func(s *speaker, done <-chan struct{}){
		"no end": func(s *speaker, _ <-chan struct{}) {
			s.must(s.WriteHeaders(http2.HeadersFrameParam{StreamID: 3, BlockFragment: s.block("GET", "/"), EndStream: true}))
		},
		"a frame without its content": func(s *speaker, _ <-chan struct{}) {
			_, _ = s.Write([]byte{0, 0, 50, byte(headersFrame), endHeaders, 0, 0, 0, 3, 0x82})
		},
		"a frame without its head": func(s *speaker, _ <-chan struct{}) { _, _ = s.Write([]byte{0, 0}) },
		"one continuation after the other": func(s *speaker, done <-chan struct{}) {
			s.must(s.WriteHeaders(http2.HeadersFrameParam{StreamID: 3, BlockFragment: s.block("GET", "/"), EndStream: true}))
			for tick := time.NewTicker(headerTimeout / 10); ; {
				select {
				case <-done:
					tick.Stop()
					return
				case <-tick.C:
					_ = s.WriteContinuation(3, false, []byte{0x82}) // fails in the end
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := startHasty(t, headerTimeout, says("/", "hello"))
			s := w.speak()
			s.ask(1, "GET", "/", true)
			s.status(1)
			began, done := time.Now(), make(chan struct{})
			go withhold(s, done)
			s.until(func(http2.Frame) bool { return false })
			close(done)
			if took := time.Since(began); took < headerTimeout || !s.dismissed {
				t.Errorf("ended after %v, dismissed: %v", took, s.dismissed)
			}
		})
	}
}

// Nor may it keep a connection that is asked to leave.
func TestAHeadOfHTTP2InPiecesDoesNotHoldALeavingConnection(t *testing.T) {
	w := startHasty(t, 300*time.Millisecond, says("/", "hello"))
	s := w.speak()
	s.ask(1, "GET", "/", true)
	s.status(1)
	s.must(s.WriteHeaders(http2.HeadersFrameParam{StreamID: 3, BlockFragment: s.block("GET", "/"), EndStream: true}))
	stopped := make(chan error, 1)
	go func() { stopped <- w.stop() }()
	s.until(func(http2.Frame) bool { return false })
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

// Neither silence between requests nor one that takes long is a head that does.
func TestHeaderTimeoutIsOfHeadsOnly(t *testing.T) {
	const headerTimeout = 100 * time.Millisecond
	slow, running, release := held("/slow")
	w := startHasty(t, headerTimeout, slow, says("/", "hello"), echoes("/echo"))
	s := w.speak()
	s.ask(1, "GET", "/slow", true)
	<-running
	s.ask(3, "POST", "/echo", false)
	for range 4 {
		time.Sleep(headerTimeout) // silence is what this is about
		s.must(s.WriteData(3, false, []byte("x")))
	}
	s.must(s.WriteData(3, true, nil))
	if got := s.status(3); got != "200" {
		t.Errorf("the upload: %s", got)
	}
	time.Sleep(2 * headerTimeout)
	s.ask(5, "GET", "/", true)
	if got := s.status(5); got != "200" {
		t.Errorf("a request after silence: %s", got)
	}
	close(release)
	if got := s.status(1); got != "200" {
		t.Errorf("the slow one: %s", got)
	}
}

// A head over a limit is answered by us, with its sizes in the log, and the
// connection goes on.
func TestALargeHeadOfHTTP2IsRefused(t *testing.T) {
	w := startH2C(t, says("/", "hello"))
	w.rows.MaxHeaderSize, w.rows.MaxHeaderCount = 4<<10, 20
	w.commit(w.routes(says("/", "hello")), w.rows)
	s := w.speak()
	several := []string{}
	for range 10 {
		several = append(several, "x-a", strings.Repeat("a", 500))
	}
	many := []string{}
	for range 21 {
		many = append(many, "x-a", "b")
	}
	for i, fields := range [][]string{{"x-a", strings.Repeat("a", 6<<10)}, several, many} {
		id := uint32(2*i + 1)
		s.ask(id, "GET", "/", true, fields...)
		if got := s.status(id); got != "431" {
			t.Errorf("%d fields: %s", len(fields)/2, got)
		}
	}
	s.ask(9, "GET", "/", true)
	if got := s.status(9); got != "200" {
		t.Errorf("the next request: %s", got)
	}
	for _, want := range []string{"head over max_header_size", "head_size=6", "more field lines than max_header_count", "header_count=21"} {
		w.log.wait(t, want)
	}
}
