package listeners

import (
	"testing"
	"time"

	"golang.org/x/net/http2"
)

func TestATallyForgets(t *testing.T) {
	counter, now := tally{limit: 2}, time.Now()
	for i, want := range []bool{false, false, true, true} {
		if got := counter.add(now); got != want {
			t.Errorf("number %d: %t", i+1, got)
		}
	}
	if counter.add(now.Add(floodWindow)) {
		t.Error("the next window remembers the last")
	}
}

// expectExpelled checks that the server ends the connection, and says why.
func expectExpelled(t *testing.T, w *world, s *speaker, reason string) {
	t.Helper()
	f := s.until(isGoAway)
	if f == nil {
		t.Error("no GOAWAY")
	} else if code := f.(*http2.GoAwayFrame).ErrCode; code != http2.ErrCodeEnhanceYourCalm {
		t.Errorf("GOAWAY with %s", code)
	}
	if more := s.until(isGoAway); more != nil {
		t.Errorf("it goes on: %v", more)
	}
	w.log.wait(t, reason)
}

func TestRapidResetsEndTheConnection(t *testing.T) {
	w := startH2C(t, says("/", "hello"))
	patient, s := w.speak(), w.speak()
	for i := range uint32(maxResets) {
		patient.ask(2*i+1, "GET", "/", true)
		patient.must(patient.WriteRSTStream(2*i+1, http2.ErrCodeCancel))
	}
	patient.ask(2*maxResets+1, "GET", "/", true)
	if got := patient.status(2*maxResets + 1); got != "200" {
		t.Errorf("after %d resets: %s", maxResets, got)
	}
	for i := range uint32(maxResets + 1) {
		s.ask(2*i+1, "GET", "/", true)
		s.must(s.WriteRSTStream(2*i+1, http2.ErrCodeCancel))
	}
	expectExpelled(t, w, s, "too many resets")
}

// TestResetsThatWeAreMadeToSendCountToo is CVE-2025-8671: the client never
// resets anything, it makes mistakes.
func TestResetsThatWeAreMadeToSendCountToo(t *testing.T) {
	w := startH2C(t, says("/", "hello"))
	s := w.speak()
	go s.drain()
	for i := range uint32(2 * maxResets) {
		s.ask(2*i+1, "POST", "/", false)
		// An increment of zero is an error of the stream (RFC 9113, section 6.9).
		if s.WriteRawFrame(http2.FrameWindowUpdate, 0, 2*i+1, make([]byte, 4)) != nil {
			break // it was ended already
		}
	}
	w.log.wait(t, "too many mistakes")
}

// drain takes what the server says until it is over.
func (s *speaker) drain() {
	for {
		if _, err := s.ReadFrame(); err != nil {
			return
		}
	}
}

func TestControlFloodsEndTheConnection(t *testing.T) {
	for name, flood := range map[string]func(s *speaker) error{
		"settings":   func(s *speaker) error { return s.WriteSettings() },
		"pings":      func(s *speaker) error { return s.WritePing(false, [8]byte{}) },
		"empty data": func(s *speaker) error { return s.WriteData(1, false, nil) },
		"priorities": func(s *speaker) error { return s.WritePriority(1, http2.PriorityParam{StreamDep: 3}) },
		"unknown":    func(s *speaker) error { return s.WriteRawFrame(0x42, 0, 0, nil) },
	} {
		w := startH2C(t, echoes("/"))
		s := w.speak()
		s.ask(1, "POST", "/", false)
		go s.drain()
		for range 2 * maxControls {
			if flood(s) != nil {
				break
			}
		}
		t.Log(name)
		w.log.wait(t, "connection ended: listener=main")
	}
}

// TestEndlessHeadsEndTheConnection is the flood of CONTINUATION frames
// (CVE-2023-45288), which the standard library bounds.
func TestEndlessHeadsEndTheConnection(t *testing.T) {
	w := startH2C(t, says("/", "hello"))
	s := w.speak()
	go s.drain()
	s.must(s.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: s.block("GET", "/")}))
	field := append([]byte{}, s.block("GET", "/", "x-field", "0123456789")...)
	sent := 0
	for ; sent < 64<<20; sent += len(field) {
		if s.WriteContinuation(1, false, field) != nil {
			break
		}
	}
	if sent > 8<<20 {
		t.Errorf("%d bytes of a head were taken", sent)
	}
}
