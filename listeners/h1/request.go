package h1

import (
	"net/http"
	"net/url"
	"strings"
)

// framing is what a head says about what follows it.
type framing struct {
	length  int64 // of the body in bytes; -1: chunked
	close   bool  // the client wants the connection to end
	keep    bool  // an HTTP/1.0 client wants it not to
	expects bool  // the client waits for 100 Continue
	hosts   int
	lengths int
	codings int
}

// understand makes the request of a complete head. Everything in it is new but
// the maps and slices, which are the desk's.
func (c *Conn) understand(d *desk, p []byte) *Refusal {
	text := string(p) // all strings of the request are parts of it
	h := &d.head
	r := c.blankRequest()
	r.Method = text[h.method.from:h.method.to]
	r.RequestURI = text[h.target.from:h.target.to]
	r.Proto, r.ProtoMajor, r.ProtoMinor = "HTTP/1.1", 1, h.minor
	if h.minor == 0 {
		r.Proto = "HTTP/1.0"
	}
	r.RemoteAddr, r.TLS = c.remote, c.tls
	f, refusal := c.readFields(d, r, text)
	if refusal == nil {
		refusal = h.settle(f, r)
	}
	if refusal == nil {
		refusal = h.locate(r, d, f.hosts > 0)
	}
	c.framing = f
	return refusal
}

// blankRequest is the connection's request: blank, because the last one left it
// so.
func (c *Conn) blankRequest() *http.Request {
	if c.request == nil {
		c.request = (&http.Request{}).WithContext(&c.context)
		c.blank = *c.request
	}
	return c.request
}

// readFields fills the header, and reads the fields that are ours.
func (c *Conn) readFields(d *desk, r *http.Request, text string) (f framing, refusal *Refusal) {
	h := &d.head
	if cap(d.values) < len(h.fields) {
		d.values = make([]string, 0, max(len(h.fields), 32))
	}
	r.Header = d.header
	for i := range h.fields {
		line := &h.fields[i]
		name, value := text[line.name.from:line.name.to], text[line.value.from:line.value.to]
		switch name {
		case "Host":
			f.hosts++
			r.Host = value
			continue
		case "Transfer-Encoding":
			f.codings++
			if refusal = h.coding(value, f.codings); refusal != nil {
				return f, refusal
			}
			r.TransferEncoding = d.encoding[:]
			continue
		case "Content-Length":
			f.lengths++
			if f.length = parseLength(value); f.length < 0 || f.lengths > 1 {
				return f, h.bad(http.StatusBadRequest, "no Content-Length")
			}
		case "Connection":
			f.close = f.close || hasToken(value, "close")
			f.keep = f.keep || hasToken(value, "keep-alive")
		case "Expect":
			if !fold(value, "100-continue") {
				return f, h.bad(http.StatusExpectationFailed, "an expectation other than 100-continue")
			}
			f.expects = h.minor > 0
		}
		d.values = append(d.values, value)
		n, last := len(d.header), len(d.values)
		d.header[name] = d.values[last-1 : last : last]
		if len(d.header) == n {
			d.header[name] = h.again(name, text, i)
		}
	}
	return f, nil
}

// coding takes "chunked" once and nothing else.
func (h *head) coding(value string, nth int) *Refusal {
	switch {
	case nth > 1:
		return h.bad(http.StatusBadRequest, "several Transfer-Encoding fields")
	case !fold(value, "chunked"):
		return h.bad(http.StatusNotImplemented, "a transfer coding other than chunked")
	}
	return nil
}

// again collects the values of a field that came several times, up to the one
// with index last.
func (h *head) again(name, text string, last int) []string {
	var values []string
	for i := range h.fields[:last+1] {
		line := &h.fields[i]
		if text[line.name.from:line.name.to] == name {
			values = append(values, text[line.value.from:line.value.to])
		}
	}
	return values
}

// settle decides where the body ends and whether the connection goes on (RFC
// 9112, sections 3.2, 6.1, 6.3 and 9.3). It refuses what another server could
// understand otherwise.
func (h *head) settle(f framing, r *http.Request) *Refusal {
	switch {
	case f.hosts > 1:
		return h.bad(http.StatusBadRequest, "several Host fields")
	case f.hosts == 0 && h.minor > 0:
		return h.bad(http.StatusBadRequest, "no Host field")
	case f.codings > 0 && f.lengths > 0:
		return h.bad(http.StatusBadRequest, "Content-Length beside Transfer-Encoding")
	case f.codings > 0 && h.minor == 0:
		return h.bad(http.StatusBadRequest, "Transfer-Encoding in HTTP/1.0")
	}
	r.ContentLength = f.length
	if f.codings > 0 {
		r.ContentLength = -1
	}
	r.Close = f.close || h.minor == 0 && !f.keep
	r.Body = http.NoBody
	return nil
}

// locate fills the URL. What no form of a target is stays in RequestURI alone,
// for others to refuse.
func (h *head) locate(r *http.Request, d *desk, named bool) *Refusal {
	r.URL = &d.url
	raw := r.RequestURI
	switch {
	case raw[0] == '/':
		path, query, asked := strings.Cut(raw, "?")
		d.url.Path, d.url.RawQuery, d.url.ForceQuery = path, query, asked && query == ""
		if strings.IndexByte(path, '%') >= 0 {
			if decoded, err := url.PathUnescape(path); err == nil {
				d.url.Path, d.url.RawPath = decoded, path
			}
		}
	case raw == "*":
		d.url.Path = raw
	case strings.Contains(raw, "://"):
		return h.absolute(r, d, named)
	default:
		d.url.Opaque = raw
	}
	return nil
}

// absolute reads a target with an authority: that is the host, and a Host
// field must not say anything else (RFC 9112, section 3.2.2).
func (h *head) absolute(r *http.Request, d *desk, named bool) *Refusal {
	u, err := url.ParseRequestURI(r.RequestURI)
	if err != nil {
		return h.bad(http.StatusBadRequest, "the request target is no URI")
	}
	d.url = *u
	if named && !strings.EqualFold(r.Host, u.Host) {
		return h.bad(http.StatusBadRequest, "the Host field names another host than the request target")
	}
	r.Host = u.Host
	return nil
}

// parseLength reads digits only (RFC 9110, section 8.6); -1 for anything else.
func parseLength(value string) (n int64) {
	if value == "" || len(value) > 18 {
		return -1
	}
	for i := range len(value) {
		digit := value[i] - '0'
		if digit > 9 {
			return -1
		}
		n = n*10 + int64(digit)
	}
	return n
}

// hasToken reports whether a comma separated list has a word, in any case.
func hasToken(list, word string) bool {
	if fold(list, word) {
		return true
	}
	for item := range strings.SplitSeq(list, ",") {
		if fold(strings.Trim(item, " \t"), word) {
			return true
		}
	}
	return false
}
