package pool

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/appserve/appserve/pool/link/marshal"
)

// The part of a WSGI environ that differs from request to request (PEP 3333)
// travels as a marshalled tuple: values whose keys every worker knows
// (ENVIRON_KEYS in _appserve_wire.py), then a dict of everything else. A worker
// reads values alone in half the time that it takes with their keys.
const (
	knownValues      = 12 // REQUEST_METHOD to wsgi.url_scheme
	identifiedValues = 7  // and then HTTP_HOST and the fields of identity
)

// identity are the header fields that the listener sets for every request, in
// the order in which their values travel.
func identity(h http.Header) (values [6]string, complete bool) {
	for i, name := range [6]string{"X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port", "X-Real-Ip", "X-Request-Id"} {
		set := h[name]
		if len(set) != 1 {
			return values, false
		}
		values[i] = set[0]
	}
	return values, true
}

// appendEnviron appends the environ of a request; identified says that the
// values of the identity are among the known ones. Every string is one code
// point per byte. bodySize is the length of the body as it arrived.
func appendEnviron(b []byte, e marshal.Encoder, r *http.Request, x exchange, bodySize int64) (_ []byte, identified bool) {
	fields, identified := identity(r.Header)
	identified = identified && r.Host != ""
	n := knownValues + 1
	if identified {
		n += identifiedValues
	}
	b = e.AppendTuple(b, n)
	script, path := x.Mount()
	host, port := x.RemoteAddr()
	scheme := x.Scheme()
	for _, value := range [knownValues]string{
		r.Method, script, path, r.URL.RawQuery, r.RequestURI, r.RequestURI, r.Proto,
		x.ServerName(), x.ServerPort(), host, scheme, scheme,
	} {
		b = e.AppendLatin1(b, value)
	}
	if identified {
		b = e.AppendLatin1(b, r.Host)
		for i := range fields {
			b = e.AppendLatin1(b, fields[i])
		}
	}
	b = marshal.AppendDictBegin(b)
	if port != "" {
		b = appendPair(b, e, "REMOTE_PORT", port)
	}
	if user := x.RemoteUser(); user != "" {
		b = appendPair(b, e, "REMOTE_USER", user)
		b = appendPair(b, e, "AUTH_TYPE", "Basic")
	}
	if scheme == "https" {
		b = appendPair(b, e, "HTTPS", "on")
	}
	if bodySize > 0 || r.Header["Content-Length"] != nil || len(r.TransferEncoding) > 0 {
		b = e.AppendKey(b, "CONTENT_LENGTH")
		var digits [20]byte
		b = e.AppendLatin1(b, string(strconv.AppendInt(digits[:0], bodySize, 10)))
	}
	if !identified && r.Host != "" {
		b = e.AppendLatin1(e.AppendHeaderKey(b, "Host"), r.Host)
	}
	b = appendHeaders(b, e, r.Header, identified)
	return marshal.AppendDictEnd(b), identified
}

// appendHeaders appends the headers of the request, without those of the
// identity if that is done; what came several times is one value. They were
// cleaned before (language.md section 8).
func appendHeaders(b []byte, e marshal.Encoder, h http.Header, identified bool) []byte {
	for name, values := range h {
		switch name {
		case "Content-Length", "Transfer-Encoding", "Host":
			continue
		case "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port", "X-Real-Ip", "X-Request-Id":
			if identified {
				continue
			}
		case "Content-Type":
			if len(values) > 0 {
				b = appendPair(b, e, "CONTENT_TYPE", values[0])
			}
			continue
		}
		b = e.AppendHeaderKey(b, name)
		switch {
		case len(values) == 1:
			b = e.AppendLatin1(b, values[0])
		case name == "Cookie":
			b = e.AppendLatin1(b, strings.Join(values, "; "))
		default:
			b = e.AppendLatin1(b, strings.Join(values, ","))
		}
	}
	return b
}

func appendPair(b []byte, e marshal.Encoder, key marshal.Key, value string) []byte {
	return e.AppendLatin1(e.AppendKey(b, key), value)
}
