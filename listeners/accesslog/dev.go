package accesslog

import (
	"strconv"

	"github.com/appserve/appserve/listeners/variable"
)

// appendDev writes what Django's runserver shows, and who answered:
//
//	[22/Nov 10:00:05] "GET /admin/ HTTP/1.1" 302 0 3ms django/0
func (l *Log) appendDev(dst []byte, e Entry) []byte {
	dst = append(dst, '[')
	dst = append(dst, l.clock.Short(e.Finished())...)
	dst = append(dst, `] "`...)
	dst = appendText(dst, e, variable.Request, "")
	dst = append(dst, `" `...)
	dst = e.AppendVariable(dst, variable.Status, "")
	dst = append(dst, ' ')
	dst = e.AppendVariable(dst, variable.BodyBytesSent, "")
	dst = append(dst, ' ')
	total, _, _ := e.Durations()
	dst = strconv.AppendInt(dst, max(total.Milliseconds(), 0), 10)
	dst = append(dst, "ms"...)
	dst = appendWord(dst, e, variable.Upstream, ' ')
	before := len(dst)
	if dst = appendWord(dst, e, variable.Pool, ' '); len(dst) > before {
		dst = appendWord(dst, e, variable.Worker, '/')
	}
	return appendWord(dst, e, variable.Reason, ' ')
}

// appendWord appends a separator and a value, or nothing when there is no value.
func appendWord(dst []byte, e Entry, id variable.ID, separator byte) []byte {
	start := len(dst)
	dst = append(dst, separator)
	dst = e.AppendVariable(dst, id, "")
	if len(dst) == start+1 {
		return dst[:start]
	}
	return dst
}
