package static

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/go-hclog"
)

func TestComplaintsAreFewAndBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		c := newComplaints(hclog.New(&hclog.LoggerOptions{Output: &log, DisableTime: true}), "shop", "/")
		lines := func() int {
			defer log.Reset()
			return strings.Count(log.String(), "\n")
		}
		cause := errors.New("input/output error")
		for range 100 {
			c.file("a", cause)
		}
		c.file("b", cause)
		if got := lines(); got != 2 {
			t.Errorf("%d lines for two files", got)
		}
		time.Sleep(10 * time.Second)
		c.file("a", cause)
		if got := lines(); got != 1 {
			t.Errorf("%d lines after 10 s, want 1", got)
		}
		for i := range 10_000 {
			c.file(strconv.Itoa(i), cause)
		}
		if got := lines(); got > complaintsKept || len(c.said) > complaintsKept {
			t.Errorf("%d lines, %d names kept; want at most %d", got, len(c.said), complaintsKept)
		}
		time.Sleep(10 * time.Second)
		c.file("new", cause)
		if got := lines(); got != 1 {
			t.Error("a full memory of complaints stays silent for ever")
		}
	})
}
