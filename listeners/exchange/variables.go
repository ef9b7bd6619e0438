package exchange

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/appserve/appserve/listeners/variable"
)

// AppendVariable implements variable.Source: the value of a request variable,
// as far as it is known now. What only the end knows is empty before.
func (x *Exchange) AppendVariable(dst []byte, id variable.ID, argument string) []byte {
	switch id {
	case variable.HTTP, variable.SentHTTP, variable.Cookie, variable.Arg, variable.Match:
		return append(dst, x.named(id, argument)...)
	case variable.Request:
		return x.appendRequestLine(dst)
	case variable.Status:
		return appendStatus(dst, x.sentStatus())
	case variable.BytesSent:
		return strconv.AppendInt(dst, x.sent, 10)
	case variable.BodyBytesSent:
		return strconv.AppendInt(dst, x.body, 10)
	case variable.RequestLength:
		return strconv.AppendInt(dst, x.received, 10)
	case variable.UpstreamStatus, variable.Attempts:
		return appendCount(dst, x.counted(id))
	case variable.RequestStart, variable.RequestTime, variable.QueueTime, variable.AppTime,
		variable.UpstreamTime, variable.TimeLocal, variable.TimeISO8601:
		return x.appendTime(dst, id)
	default:
		return append(dst, x.word(id)...)
	}
}

// word gives the variables that are text already.
func (x *Exchange) word(id variable.ID) string {
	switch id {
	case variable.RemoteAddr:
		host, _ := x.RemoteAddr()
		return host
	case variable.RemotePort:
		_, port := x.RemoteAddr()
		return port
	case variable.RemoteUser:
		if x.client.user != "" {
			return x.client.user
		}
		return basicUser(x.request.Header.Get("Authorization"))
	case variable.Host:
		return x.OwnHost()
	case variable.Scheme:
		return x.Scheme()
	case variable.Method:
		return x.request.Method
	case variable.RequestURI:
		if x.target != "" {
			return x.target
		}
		return x.request.RequestURI
	case variable.Protocol:
		return x.request.Proto
	case variable.Path:
		return x.path
	case variable.Rest:
		return x.Rest()
	case variable.Args:
		_, args, _ := strings.Cut(x.request.RequestURI, "?")
		return args
	case variable.ServerPort:
		return x.ServerPort()
	case variable.RequestID:
		return x.id
	default:
		return x.answerer(id)
	}
}

// answerer gives the variables that say who answered, and why.
func (x *Exchange) answerer(id variable.ID) string {
	if id >= variable.TLSVersion {
		return x.peer.TLS.word(id)
	}
	switch id {
	case variable.Reason:
		return x.reason
	case variable.Worker:
		return x.worker
	case variable.Pool:
		return x.pool
	case variable.Upstream:
		return x.upstream.name
	case variable.UpstreamAddr:
		return x.upstream.address
	}
	if x.route == nil {
		return ""
	}
	switch id {
	case variable.Site:
		return x.route.Site
	case variable.Location:
		return x.route.Location
	default:
		return "" // TLS and regex groups: nothing sets them yet
	}
}

// named gives the variables with a free tail.
func (x *Exchange) named(id variable.ID, name string) string {
	switch id {
	case variable.HTTP:
		if name == "Host" {
			return x.request.Host
		}
		return joined(x.request.Header, name)
	case variable.SentHTTP:
		if x.inner == nil {
			return ""
		}
		return joined(x.inner.Header(), name)
	case variable.Match:
		return x.groups.Get(name)
	case variable.Cookie:
		return cookie(x.request.Header["Cookie"], name)
	default:
		_, args, _ := strings.Cut(x.request.RequestURI, "?")
		return argument(args, name)
	}
}

func (x *Exchange) counted(id variable.ID) int {
	if id == variable.Attempts {
		return x.attempts
	}
	return x.upstream.status
}

func (x *Exchange) appendRequestLine(dst []byte) []byte {
	if x.request.Method == "" {
		return dst
	}
	dst = append(dst, x.request.Method...)
	dst = append(dst, ' ')
	dst = append(dst, x.request.RequestURI...)
	dst = append(dst, ' ')
	return append(dst, x.request.Proto...)
}

func (x *Exchange) appendTime(dst []byte, id variable.ID) []byte {
	switch id {
	case variable.RequestStart:
		return variable.AppendSeconds(dst, time.Duration(x.start.UnixNano()))
	case variable.RequestTime:
		return variable.AppendSeconds(dst, x.current().Sub(x.start))
	case variable.QueueTime:
		return appendObserved(dst, x.queue)
	case variable.AppTime:
		return appendObserved(dst, x.app)
	case variable.UpstreamTime:
		return appendObserved(dst, x.upstream.duration)
	case variable.TimeLocal:
		return append(dst, x.maker.clock.Local(x.current())...)
	default:
		return append(dst, x.maker.clock.ISO8601(x.current())...)
	}
}

// current is the end of the request, or now while it runs.
func (x *Exchange) current() time.Time {
	if x.end.IsZero() {
		return x.maker.now()
	}
	return x.end
}

func appendObserved(dst []byte, d time.Duration) []byte {
	if d < 0 {
		return dst
	}
	return variable.AppendSeconds(dst, d)
}

// sentStatus is the status that is sent, or is about to be.
func (x *Exchange) sentStatus() int {
	if x.status == 0 {
		return x.answering
	}
	return x.status
}

// appendStatus writes three digits; 000 for a request that got no answer.
func appendStatus(dst []byte, status int) []byte {
	if status == 0 {
		return append(dst, "000"...)
	}
	return strconv.AppendInt(dst, int64(status), 10)
}

func appendCount(dst []byte, n int) []byte {
	if n == 0 {
		return dst
	}
	return strconv.AppendInt(dst, int64(n), 10)
}

// joined gives a field by its canonical name, several lines of it joined.
func joined(header http.Header, name string) string {
	switch values := header[name]; {
	case len(values) == 0:
		return ""
	case len(values) == 1:
		return values[0]
	case name == "Cookie":
		return strings.Join(values, "; ")
	default:
		return strings.Join(values, ", ")
	}
}

// cookie gives the value of a cookie as it was sent.
func cookie(fields []string, name string) string {
	for _, field := range fields {
		for pair := range strings.SplitSeq(field, ";") {
			key, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
			if key == name {
				return value
			}
		}
	}
	return ""
}

// argument gives the value of a query parameter as it was sent, not decoded.
func argument(args, name string) string {
	for pair := range strings.SplitSeq(args, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if strings.EqualFold(key, name) {
			return value
		}
	}
	return ""
}

// basicUser is the name in Basic credentials, verified or not, as nginx logs it.
func basicUser(authorization string) string {
	if len(authorization) < 6 || !strings.EqualFold(authorization[:6], "basic ") {
		return ""
	}
	decoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(authorization[6:]))
	if err != nil {
		return ""
	}
	user, _, _ := strings.Cut(string(decoded), ":")
	return user
}
