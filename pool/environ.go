package pool

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/appserve/appserve/pool/link/marshal"
)

// appendEnviron appends the part of a WSGI environ that differs from request
// to request (PEP 3333), as a marshalled dict. Every string is one code point
// per byte. bodySize is the length of the body as it arrived.
func appendEnviron(b []byte, e marshal.Encoder, r *http.Request, x exchange, bodySize int64) []byte {
	b = marshal.AppendDictBegin(b)
	script, path := x.Mount()
	b = appendPair(b, e, "REQUEST_METHOD", r.Method)
	b = appendPair(b, e, "SCRIPT_NAME", script)
	b = appendPair(b, e, "PATH_INFO", path)
	b = appendPair(b, e, "QUERY_STRING", r.URL.RawQuery)
	b = appendPair(b, e, "REQUEST_URI", r.RequestURI)
	b = appendPair(b, e, "RAW_URI", r.RequestURI)
	b = appendPair(b, e, "SERVER_PROTOCOL", r.Proto)
	b = appendPair(b, e, "SERVER_NAME", x.ServerName())
	b = appendPair(b, e, "SERVER_PORT", x.ServerPort())
	host, port := x.RemoteAddr()
	b = appendPair(b, e, "REMOTE_ADDR", host)
	if port != "" {
		b = appendPair(b, e, "REMOTE_PORT", port)
	}
	scheme := x.Scheme()
	b = appendPair(b, e, "REQUEST_SCHEME", scheme)
	b = appendPair(b, e, "wsgi.url_scheme", scheme)
	if scheme == "https" {
		b = appendPair(b, e, "HTTPS", "on")
	}
	if bodySize > 0 || r.Header["Content-Length"] != nil || len(r.TransferEncoding) > 0 {
		b = e.AppendKey(b, "CONTENT_LENGTH")
		var digits [20]byte
		b = e.AppendLatin1(b, string(strconv.AppendInt(digits[:0], bodySize, 10)))
	}
	b = appendHeaders(b, e, r)
	return marshal.AppendDictEnd(b)
}

// appendHeaders appends the headers of the request; those that came several
// times are one value. They were cleaned before (language.md section 8).
func appendHeaders(b []byte, e marshal.Encoder, r *http.Request) []byte {
	if r.Host != "" {
		b = e.AppendHeaderKey(b, "Host")
		b = e.AppendLatin1(b, r.Host)
	}
	for name, values := range r.Header {
		switch name {
		case "Content-Length", "Transfer-Encoding", "Host":
			continue
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
