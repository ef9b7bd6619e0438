package accesslog

import (
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/appserve/appserve/listeners/variable"
)

// appendJSON writes one object with always the same keys: text is "" and a
// number null where there is none. Durations are milliseconds.
func (l *Log) appendJSON(dst []byte, e Entry) []byte {
	total, queue, app := e.Durations()
	dst = append(dst, `{"time":"`...)
	dst = l.clock.AppendUTC(dst, e.Finished())
	dst = append(dst, '"')
	dst = appendMember(dst, e, `,"request_id":`, variable.RequestID, "")
	dst = appendMember(dst, e, `,"remote_addr":`, variable.RemoteAddr, "")
	dst = appendMember(dst, e, `,"method":`, variable.Method, "")
	dst = appendMember(dst, e, `,"host":`, variable.Host, "")
	dst = appendMember(dst, e, `,"path":`, variable.Path, "")
	dst = appendMember(dst, e, `,"query":`, variable.Args, "")
	dst = appendMember(dst, e, `,"protocol":`, variable.Protocol, "")
	dst = appendNumber(dst, e, `,"status":`, variable.Status)
	dst = appendNumber(dst, e, `,"bytes":`, variable.BodyBytesSent)
	dst = appendMillis(dst, `,"duration_ms":`, total)
	dst = appendMillis(dst, `,"queue_ms":`, queue)
	dst = appendMillis(dst, `,"app_ms":`, app)
	dst = appendMember(dst, e, `,"site":`, variable.Site, "")
	dst = appendMember(dst, e, `,"location":`, variable.Location, "")
	dst = appendMember(dst, e, `,"pool":`, variable.Pool, "")
	dst = appendMember(dst, e, `,"worker":`, variable.Worker, "")
	dst = appendMember(dst, e, `,"upstream":`, variable.Upstream, "")
	dst = appendMember(dst, e, `,"reason":`, variable.Reason, "")
	dst = appendMember(dst, e, `,"referer":`, variable.HTTP, "Referer")
	dst = appendMember(dst, e, `,"user_agent":`, variable.HTTP, "User-Agent")
	return append(dst, '}')
}

func appendMember(dst []byte, e Entry, key string, id variable.ID, argument string) []byte {
	dst = append(dst, key...)
	dst = append(dst, '"')
	start := len(dst)
	dst = e.AppendVariable(dst, id, argument)
	return append(quoteFrom(dst, start), '"')
}

// appendNumber writes a variable that is digits, without leading zeros (the
// status of a request that got no answer is 000 elsewhere).
func appendNumber(dst []byte, e Entry, key string, id variable.ID) []byte {
	dst = append(dst, key...)
	start := len(dst)
	dst = e.AppendVariable(dst, id, "")
	n, err := strconv.ParseInt(string(dst[start:]), 10, 64)
	if err != nil {
		return append(dst[:start], "null"...)
	}
	return strconv.AppendInt(dst[:start], n, 10)
}

// appendMillis writes milliseconds with three decimals, null when not observed.
func appendMillis(dst []byte, key string, d time.Duration) []byte {
	dst = append(dst, key...)
	if d < 0 {
		return append(dst, "null"...)
	}
	return strconv.AppendFloat(dst, float64(d.Microseconds())/1000, 'f', -1, 64)
}

// quoteFrom escapes dst[start:] for a JSON string. Bytes that are no UTF-8
// become the replacement character, as encoding/json does.
func quoteFrom(dst []byte, start int) []byte {
	first := start
	for first < len(dst) && plain(dst[first]) {
		first++
	}
	if first == len(dst) {
		return dst
	}
	value := string(dst[first:])
	dst = dst[:first]
	for i := 0; i < len(value); {
		c := value[i]
		if c < utf8.RuneSelf {
			dst = appendASCII(dst, c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(value[i:])
		dst = utf8.AppendRune(dst, r)
		i += size
	}
	return dst
}

func plain(c byte) bool {
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'
}

func appendASCII(dst []byte, c byte) []byte {
	const hex = "0123456789abcdef"
	switch {
	case plain(c):
		return append(dst, c)
	case c == '"' || c == '\\':
		return append(dst, '\\', c)
	case c == '\n':
		return append(dst, `\n`...)
	case c == '\r':
		return append(dst, `\r`...)
	case c == '\t':
		return append(dst, `\t`...)
	default:
		return append(append(dst, `\u00`...), hex[c>>4], hex[c&15])
	}
}
