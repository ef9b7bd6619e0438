package pool

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/appserve/appserve/pool/link/marshal"
)

// head is the head of a response as the worker sent it: nothing about it was
// checked, except that every code point fits in one byte.
type head struct {
	status  int
	headers []marshal.Header
	err     error // it could not be read at all
}

// noLength is the declared length of a response that declares none.
const noLength = -1

// check looks at the whole head and returns the declared length of the body,
// or noLength. The error is for a log line: it names the header.
func (d *head) check() (length int64, err error) {
	if d.err != nil {
		return noLength, d.err
	}
	if d.status < 200 || d.status > 599 {
		return noLength, fmt.Errorf("status %d is not between 200 and 599", d.status)
	}
	length = noLength
	for i := range d.headers {
		f := &d.headers[i]
		if err := checkHeader(f); err != nil {
			return noLength, err
		}
		if len(f.Name) != len("Content-Length") || !strings.EqualFold(f.Name, "Content-Length") {
			continue
		}
		if length != noLength {
			return noLength, fmt.Errorf("header %q is there twice", f.Name)
		}
		if length, err = parseLength(f.Value); err != nil {
			return noLength, err
		}
	}
	return length, nil
}

// copyTo adds the headers of a head that was checked to h, without those that
// belong to one connection: PEP 3333 forbids hop-by-hop features.
func (d *head) copyTo(h http.Header) {
	named := ""
	values := make([]string, len(d.headers)) // one array for all
	for i := range d.headers {
		f := &d.headers[i]
		name := http.CanonicalHeaderKey(f.Name)
		switch name {
		case "Connection":
			named = joinTokens(named, f.Value)
			continue
		case "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection",
			"Te", "Trailer", "Trailers", "Transfer-Encoding", "Upgrade":
			continue
		}
		if before := h[name]; before != nil {
			h[name] = append(before, f.Value)
			continue
		}
		values[i] = f.Value
		h[name] = values[i : i+1 : i+1]
	}
	applyConnection(h, named)
}

// copyInfo checks the headers of an interim response and adds them to h. It
// returns their names, to be removed again.
func (d *head) copyInfo(h http.Header) (names []string, err error) {
	if d.err != nil {
		return nil, d.err
	}
	for i := range d.headers {
		f := &d.headers[i]
		if err := checkHeader(f); err != nil {
			return names, err
		}
		name := http.CanonicalHeaderKey(f.Name)
		h[name] = append(h[name], f.Value)
		names = append(names, name)
	}
	return names, nil
}

// checkHeader refuses what would not be one header on the wire (RFC 9110 5.1, 5.5).
func checkHeader(f *marshal.Header) error {
	if f.Name == "" {
		return fmt.Errorf("a header without a name")
	}
	for i := range len(f.Name) {
		if !isToken(f.Name[i]) {
			return fmt.Errorf("header %q is not a token", f.Name)
		}
	}
	switch i := strings.IndexAny(f.Value, "\r\n\x00"); {
	case i < 0:
		return nil
	case f.Value[i] == 0:
		return fmt.Errorf("header %q holds a NUL", f.Name)
	}
	return fmt.Errorf("header %q holds a line break", f.Name)
}

// parseLength reads a Content-Length, digits only (RFC 9110 8.6).
func parseLength(value string) (int64, error) {
	for i := range len(value) {
		if value[i] < '0' || value[i] > '9' {
			return noLength, fmt.Errorf(`header "Content-Length" is %q, not a number`, value)
		}
	}
	n, err := strconv.ParseInt(value, 10, 64)
	if errors.Is(err, strconv.ErrRange) {
		return noLength, fmt.Errorf(`header "Content-Length" is too large: %.80q`, value)
	}
	if err != nil { // it is empty
		return noLength, fmt.Errorf(`header "Content-Length" is %q, not a number`, value)
	}
	return n, nil
}

// joinTokens collects the values of several Connection headers.
func joinTokens(all, more string) string {
	if all == "" {
		return more
	}
	return all + "," + more
}

// applyConnection honours close and drops the headers that Connection names.
func applyConnection(h http.Header, tokens string) {
	if tokens == "" {
		return
	}
	for token := range strings.SplitSeq(tokens, ",") {
		token = http.CanonicalHeaderKey(strings.TrimSpace(token))
		if token == "Close" {
			h["Connection"] = []string{"close"}
		} else if token != "Content-Length" && token != "Connection" {
			delete(h, token)
		}
	}
}

// isToken says whether c may stand in a header's name (RFC 9110 5.6.2).
func isToken(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}
