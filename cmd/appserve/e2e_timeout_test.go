package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestTimeout_AStuckRequestIsNamedAndReplacedWhileOthersRun(t *testing.T) {
	for _, stuck := range []struct{ path, line string }{
		{"/sleep?s=60", "time.sleep(float(query[\"s\"]))"},
		{"/busy?s=60", "while time.monotonic() < end:|pass"},
		{"/locked?s=60", "LOCK.acquire("},
	} {
		t.Run(strings.Trim(strings.Split(stuck.path, "?")[0], "/"), func(t *testing.T) {
			s := serve(t, kitchen("processes = 2\n  request_timeout = \"2s\""))
			s.excuse(`request silent for`)
			load := startLoad(s, "/hello", 2, is200)
			began := time.Now()
			status, _ := s.get(stuck.path)
			took := time.Since(began)
			if status != http.StatusGatewayTimeout {
				t.Errorf("GET %s: %d, want 504", stuck.path, status)
			}
			if took < 2*time.Second || took > 20*time.Second {
				t.Errorf("the answer took %s, want little more than request_timeout", took)
			}
			s.waitLog(`request silent for 2s`)
			if text := s.log.text(); !containsAny(text, strings.Split(stuck.line, "|")) {
				t.Errorf("the log does not hold the line where it hung, %q", stuck.line)
			}
			eventually(t, 20*time.Second, func() string {
				if n := strings.Count(s.log.text(), "worker ready"); n < 3 {
					return fmt.Sprintf("%d workers became ready, no replacement", n)
				}
				return ""
			})
			load.mustBeClean(t)
			if load.slowest >= 2*time.Second { // as long as the stuck one was
				t.Errorf("a fast request took %s beside the stuck one", load.slowest)
			}
		})
	}
}

func containsAny(text string, parts []string) bool {
	for _, part := range parts {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}

func TestTimeout_SilenceIsMeasuredNotDuration(t *testing.T) {
	t.Parallel()
	s := serve(t, kitchen("processes = 1\n  request_timeout = \"2s\""))
	status, body := s.get("/stream?n=6&s=0.5")
	if status != http.StatusOK || body != "0\n1\n2\n3\n4\n5\n" {
		t.Errorf("a stream of 3 s with a piece every half second got %d %q", status, body)
	}
}

func TestTimeout_CloseOfAResponseHoldsOnlyItsSlot(t *testing.T) {
	t.Parallel()
	s := serve(t, kitchen("processes = 2"))
	s.expect("/slow_close?gate=close", http.StatusOK, "answered")
	s.awaitEntered("close")
	for range 20 { // each would wait for the gate, were it given to that worker
		s.expect("/hello", http.StatusOK, "hello\n")
	}
	s.open("close")
}
