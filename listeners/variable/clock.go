package variable

import (
	"strconv"
	"sync/atomic"
	"time"
)

// Clock formats times for logs. The text of a second is made once, not once
// per request. The zero value is ready for use.
type Clock struct {
	last atomic.Pointer[second]
}

type second struct {
	unix  int64
	local string // 22/Nov/2026:10:00:05 +0000
	iso   string // 2026-11-22T10:00:05+00:00
	dev   string // 22/Nov 10:00:05
	utc   string // 2026-11-22T10:00:05
}

func (c *Clock) second(t time.Time) *second {
	unix := t.Unix()
	if s := c.last.Load(); s != nil && s.unix == unix {
		return s
	}
	s := &second{
		unix:  unix,
		local: t.Format("02/Jan/2006:15:04:05 -0700"),
		iso:   t.Format("2006-01-02T15:04:05-07:00"),
		dev:   t.Format("02/Jan 15:04:05"),
		utc:   t.UTC().Format("2006-01-02T15:04:05"),
	}
	c.last.Store(s)
	return s
}

// Local is the time as the common log format writes it.
func (c *Clock) Local(t time.Time) string { return c.second(t).local }

// ISO8601 is the local time with its offset.
func (c *Clock) ISO8601(t time.Time) string { return c.second(t).iso }

// Short is the time as a developer reads it, without year and zone.
func (c *Clock) Short(t time.Time) string { return c.second(t).dev }

// AppendUTC appends the time in UTC with milliseconds: 2026-11-22T10:00:05.123Z.
func (c *Clock) AppendUTC(dst []byte, t time.Time) []byte {
	dst = append(dst, c.second(t).utc...)
	ms := t.Nanosecond() / int(time.Millisecond)
	return append(dst, '.', byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10), 'Z')
}

// AppendSeconds appends a duration in seconds with milliseconds, as nginx
// writes $request_time: 0.003. A negative one is a clock that was set back: 0.000.
func AppendSeconds(dst []byte, d time.Duration) []byte {
	ms := max(d.Milliseconds(), 0)
	dst = strconv.AppendInt(dst, ms/1000, 10)
	ms %= 1000
	return append(dst, '.', byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10))
}
