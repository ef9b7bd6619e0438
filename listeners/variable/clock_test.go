package variable

import (
	"testing"
	"time"
)

func TestClock(t *testing.T) {
	var c Clock
	zone := time.FixedZone("", -(3*3600 + 1800))
	for _, at := range []time.Time{
		time.Date(2026, 11, 22, 10, 0, 5, 7_999_999, zone),
		time.Date(2026, 11, 22, 10, 0, 5, 123_000_000, zone),
		time.Date(2026, 11, 22, 10, 0, 6, 0, zone),
	} {
		if got, want := c.Local(at), at.Format("02/Jan/2006:15:04:05 -0700"); got != want {
			t.Errorf("Local %q, want %q", got, want)
		}
		if got, want := c.ISO8601(at), at.Format("2006-01-02T15:04:05-07:00"); got != want {
			t.Errorf("ISO8601 %q, want %q", got, want)
		}
		if got, want := c.Short(at), at.Format("02/Jan 15:04:05"); got != want {
			t.Errorf("Short %q, want %q", got, want)
		}
		if got, want := string(c.AppendUTC(nil, at)), at.UTC().Format("2006-01-02T15:04:05.000Z"); got != want {
			t.Errorf("UTC %q, want %q", got, want)
		}
	}
}

func TestAppendSeconds(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0.000", 999 * time.Microsecond: "0.000", 3 * time.Millisecond: "0.003", 1234 * time.Millisecond: "1.234",
		time.Hour + 50*time.Millisecond: "3600.050", -time.Second: "0.000",
	} {
		if got := string(AppendSeconds(nil, d)); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
