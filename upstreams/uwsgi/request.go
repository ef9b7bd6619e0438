// Package uwsgi owns how a request is written in the uwsgi protocol, as nginx's
// uwsgi_pass does: a packet of CGI variables, then the bare body. The response is HTTP
// or CGI and is read by package http1; it ends with the connection.
//
// It refuses to know connections, and never writes a packet other than a
// request (modifier 0).
package uwsgi

import (
	"encoding/binary"
	"errors"
	"net/http"
	"strconv"
	"strings"
)

// MaxVars is the most bytes of variables that a packet can carry.
const MaxVars = 65535

// headerSize is modifier1, the size in little endian, and modifier2.
const headerSize = 4

// ErrTooLarge means that the variables of a request do not fit in a packet.
var ErrTooLarge = errors.New("the request head does not fit in a uwsgi packet of 65535 bytes")

// Request is what the variables are made of.
type Request struct {
	Method     string
	ScriptName string // decoded
	PathInfo   string // decoded
	Query      string
	URI        string // as the client wrote it
	Protocol   string // "HTTP/1.1"
	Scheme     string // "http" or "https"
	Host       string // the client's; "" for none
	ServerName string
	ServerPort string
	RemoteAddr string
	RemotePort string
	RemoteUser string      // whose password was checked; "" for nobody
	Prefix     string      // HTTP_X_FORWARDED_PREFIX; "" for none
	Length     int64       // of the body
	Header     http.Header // without hop-by-hop fields
}

// AppendRequest appends the packet. The variables are those of nginx's
// uwsgi_params, SCRIPT_NAME, and HTTP_ for every header field. The error is
// ErrTooLarge.
func AppendRequest(b []byte, r *Request) ([]byte, error) {
	start := len(b)
	b = append(b, 0, 0, 0, 0)
	b = appendVar(b, "QUERY_STRING", r.Query)
	b = appendVar(b, "REQUEST_METHOD", r.Method)
	b = appendVar(b, "CONTENT_TYPE", r.Header.Get("Content-Type"))
	b = appendVar(b, "CONTENT_LENGTH", length(r))
	b = appendVar(b, "REQUEST_URI", r.URI)
	b = appendVar(b, "SCRIPT_NAME", r.ScriptName)
	b = appendVar(b, "PATH_INFO", r.PathInfo)
	b = appendVar(b, "SERVER_PROTOCOL", r.Protocol)
	b = appendVar(b, "REQUEST_SCHEME", r.Scheme)
	if r.Scheme == "https" {
		b = appendVar(b, "HTTPS", "on")
	}
	b = appendVar(b, "REMOTE_ADDR", r.RemoteAddr)
	b = appendVar(b, "REMOTE_PORT", r.RemotePort)
	if r.RemoteUser != "" {
		b = appendVar(b, "REMOTE_USER", r.RemoteUser)
		b = appendVar(b, "AUTH_TYPE", "Basic")
	}
	b = appendVar(b, "SERVER_PORT", r.ServerPort)
	b = appendVar(b, "SERVER_NAME", r.ServerName)
	if r.Host != "" {
		b = appendVar(b, "HTTP_HOST", r.Host)
	}
	if r.Prefix != "" {
		b = appendVar(b, "HTTP_X_FORWARDED_PREFIX", r.Prefix)
	}
	for name, values := range r.Header {
		if passes(name) {
			b = appendHeader(b, name, values)
		}
	}
	size := len(b) - start - headerSize
	if size > MaxVars {
		return b[:start], ErrTooLarge
	}
	binary.LittleEndian.PutUint16(b[start+1:], uint16(size))
	return b, nil
}

// length follows nginx: empty when there is no body.
func length(r *Request) string {
	if r.Length == 0 && r.Method != http.MethodPost && r.Method != http.MethodPut && r.Method != http.MethodPatch {
		return ""
	}
	return strconv.FormatInt(r.Length, 10)
}

// passes says which header fields become variables. Content-Type and -Length
// have their own; Proxy would set HTTP_PROXY (httpoxy); the rest is about the
// connection to the client.
func passes(name string) bool {
	switch name {
	case "Content-Type", "Content-Length", "Host", "Proxy", "Transfer-Encoding", "Trailer", "Te", "Expect",
		"Connection", "Upgrade", "Keep-Alive", "Proxy-Connection", "Proxy-Authorization", "X-Forwarded-Prefix":
		return false
	}
	return strings.IndexByte(name, '_') < 0
}

func appendVar(b []byte, name, value string) []byte {
	b = binary.LittleEndian.AppendUint16(b, uint16(len(name)))
	b = append(b, name...)
	b = appendSize(b, len(value))
	return append(b, value...)
}

// appendSize writes a size that may be too large for its two bytes: the
// packet is refused then, because it is larger still.
func appendSize(b []byte, size int) []byte {
	return binary.LittleEndian.AppendUint16(b, uint16(min(size, MaxVars)))
}

// appendHeader appends a field as HTTP_NAME, its lines joined the way every
// application here sees them: cookies with "; ", anything else with ",".
func appendHeader(b []byte, name string, values []string) []byte {
	b = appendSize(b, len("HTTP_")+len(name))
	b = append(b, "HTTP_"...)
	for i := range len(name) {
		b = append(b, variableByte(name[i]))
	}
	separator := ","
	if name == "Cookie" {
		separator = "; "
	}
	size := (len(values) - 1) * len(separator)
	for _, value := range values {
		size += len(value)
	}
	b = appendSize(b, max(size, 0))
	for i, value := range values {
		if i > 0 {
			b = append(b, separator...)
		}
		b = append(b, value...)
	}
	return b
}

func variableByte(c byte) byte {
	switch {
	case c == '-':
		return '_'
	case c >= 'a' && c <= 'z':
		return c - 'a' + 'A'
	}
	return c
}
