package spawn

import (
	"syscall"
	"testing"
)

func TestStatus_String(t *testing.T) {
	for want, s := range map[string]Status{
		"exit status 0":          {},
		"exit status 3":          {Code: 3},
		"signal 9 (killed)":      {Code: -1, Signal: syscall.SIGKILL},
		"signal 41":              {Code: -1, Signal: 41},
		"signal 41, core dumped": {Code: -1, Signal: 41, Core: true},
		"signal 11 (segmentation fault, core dumped)": {Code: -1, Signal: syscall.SIGSEGV, Core: true},
	} {
		if got := s.String(); got != want {
			t.Errorf("%+v is %q, want %q", s, got, want)
		}
	}
}

func TestStatus_OfARealProcess(t *testing.T) {
	s := newTestSpawner(t)
	for script, want := range map[string]Status{
		"exit 0":        {},
		"exit 3":        {Code: 3},
		"exit 255":      {Code: 255},
		"kill -9 $$":    {Code: -1, Signal: syscall.SIGKILL},
		"kill -TERM $$": {Code: -1, Signal: syscall.SIGTERM},
	} {
		if got := ended(t, start(t, s, shell(script))); got != want {
			t.Errorf("%s: %+v, want %+v", script, got, want)
		}
	}
}
