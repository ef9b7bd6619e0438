// Package http1 speaks HTTP/1.1 to a server: it writes request heads and
// chunked bodies, and reads response heads and bodies under the strict
// framing of RFC 9112. The CGI form of a response head is read here too.
//
// It refuses to repair: a response whose length could be read in two ways is
// an error. It owns no connection and decides nothing about retries.
package http1

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// Request is what a request head is made of.
type Request struct {
	Method string
	Target string      // origin form, or "*"
	Host   string      // the client's
	Header http.Header // without hop-by-hop fields; framing fields in it are ignored
	Prefix string      // X-Forwarded-Prefix; "" for none

	Length   int64    // of the body; -1: unknown, it will be chunked
	Trailers []string // announced names; only with a chunked body
	Upgrade  string   // the protocol asked for; "" for none
	Trailing bool     // trailer fields of the response are welcome (TE: trailers)
	Close    bool     // the connection will not be used again
}

// AppendRequest appends the head in wire form. It refuses what would change
// its shape: a blank or control byte in the target or host, a line break in a
// value.
func AppendRequest(b []byte, r *Request) ([]byte, error) {
	if !visible(r.Method) || !visible(r.Target) || !visible(r.Host) || !visible(r.Upgrade) {
		return b, fmt.Errorf("writing the request head: a blank or control byte in %q, %q, host %q or upgrade %q",
			r.Method, r.Target, r.Host, r.Upgrade)
	}
	b = append(b, r.Method...)
	b = append(b, ' ')
	b = append(b, r.Target...)
	b = append(b, " HTTP/1.1\r\nHost: "...)
	b = append(b, r.Host...)
	b = append(b, "\r\n"...)
	var err error
	for name, values := range r.Header {
		if ownedByConnection(name) {
			continue
		}
		for _, value := range values {
			if b, err = appendField(b, name, value); err != nil {
				return b, err
			}
		}
	}
	if r.Prefix != "" {
		if b, err = appendField(b, "X-Forwarded-Prefix", r.Prefix); err != nil {
			return b, err
		}
	}
	return append(r.appendConnection(b), "\r\n"...), nil
}

// appendConnection appends what is said to the next hop only: framing and the
// life of the connection.
func (r *Request) appendConnection(b []byte) []byte {
	switch {
	case r.Length < 0:
		b = append(b, "Transfer-Encoding: chunked\r\n"...)
		if len(r.Trailers) > 0 {
			b = append(b, "Trailer: "+strings.Join(r.Trailers, ", ")+"\r\n"...)
		}
	case r.Length > 0 || expectsBody(r.Method):
		b = append(b, "Content-Length: "...)
		b = strconv.AppendInt(b, r.Length, 10)
		b = append(b, "\r\n"...)
	}
	options := make([]string, 0, 2)
	if r.Upgrade != "" {
		options = append(options, "Upgrade")
		b = append(b, "Upgrade: "+r.Upgrade+"\r\n"...)
	}
	if r.Trailing {
		options = append(options, "TE")
		b = append(b, "TE: trailers\r\n"...)
	}
	if r.Close && r.Upgrade == "" {
		options = append(options, "close")
	}
	if len(options) > 0 {
		b = append(b, "Connection: "+strings.Join(options, ", ")+"\r\n"...)
	}
	return b
}

// expectsBody says for which methods a body of no bytes is announced (RFC 9110 8.6).
func expectsBody(method string) bool {
	return method == http.MethodPost || method == http.MethodPut || method == http.MethodPatch
}

// ownedByConnection says which fields of the incoming request this package
// writes itself or never passes on (RFC 9110 7.6.1).
func ownedByConnection(name string) bool {
	switch name {
	case "Host", "Content-Length", "Transfer-Encoding", "Trailer", "Te", "Expect", "Connection", "Upgrade",
		"Keep-Alive", "Proxy-Connection", "Proxy-Authorization", "Proxy", "Http2-Settings", "X-Forwarded-Prefix":
		return true
	}
	return false
}

func appendField(b []byte, name, value string) ([]byte, error) {
	if !safeValue(value) {
		return b, fmt.Errorf("writing the request head: field %s holds a line break or NUL", name)
	}
	b = append(b, name...)
	b = append(b, ": "...)
	b = append(b, value...)
	return append(b, "\r\n"...), nil
}

// visible says whether s is free of blanks and control bytes.
func visible(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] == 0x7f {
			return false
		}
	}
	return true
}

func safeValue(s string) bool {
	for i := range len(s) {
		if c := s[i]; c == '\r' || c == '\n' || c == 0 {
			return false
		}
	}
	return true
}
