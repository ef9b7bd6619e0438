package listeners

import (
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// A shortage that comes and goes is told once.
func TestBackoff_SaysItOnce(t *testing.T) {
	w := start(t, says("/", "hello"))
	var d *door
	for _, d = range w.server.doors {
	}
	b := backoff{door: d}
	for range 5 {
		b.wait(unix.EMFILE)
		b.over()
	}
	b.wait(unix.ECONNABORTED)
	b.over()
	log := w.log.wait(t, "accepting connections again")
	if strings.Count(log, "cannot accept connections") != 1 || strings.Count(log, "accepting connections again") != 1 {
		t.Error(log)
	}
}
