package h1

import (
	"bytes"
	"net/http"
)

// emptyLines is how many empty lines before a request line are overlooked.
// RFC 9112, section 2.2 asks for one, for clients that end a body with it; there
// are some that end it with two.
const emptyLines = 2

// span is a part of a head, as offsets from its beginning.
type span struct{ from, to int32 }

// field is a field line: its name in canonical form and its value.
type field struct{ name, value span }

// head is a request head while it arrives. It holds offsets, because the
// buffer may move.
type head struct {
	scanned int // so far it was looked through
	line    int // where the line begins that is not complete
	empty   int // empty lines before the request line
	ready   bool

	method, target span
	minor          int // of the version, whose major is 1
	fields         []field
}

func (h *head) reset() {
	*h = head{fields: h.fields[:0]}
}

// begun reports whether more than an empty line has come.
func (h *head) begun(p []byte) bool { return h.ready || len(p) > h.line }

// asksForHead reports whether the method is HEAD, as far as it is known.
func (h *head) asksForHead(p []byte) bool {
	return h.ready && string(p[h.method.from:h.method.to]) == http.MethodHead
}

// advance looks at a head as far as it has arrived. Size is its length in
// bytes once it is complete, 0 before. A refusal is final.
func (h *head) advance(p []byte, rows *Rows) (size int, refusal *Refusal) {
	for {
		i := bytes.IndexByte(p[h.scanned:], '\n')
		if i < 0 {
			h.scanned = len(p)
			if int64(len(p)) >= rows.MaxHeaderSize {
				return 0, h.tooLarge(len(p))
			}
			return 0, h.early(p)
		}
		end := h.scanned + i
		if int64(end) >= rows.MaxHeaderSize {
			return 0, h.tooLarge(end + 1)
		}
		h.scanned = end + 1
		if end == h.line || p[end-1] != '\r' {
			return 0, h.bad(http.StatusBadRequest, "a line of the head ends without CR")
		}
		line := p[h.line : end-1]
		switch {
		case len(line) == 0 && h.ready:
			return end + 1, nil
		case !h.ready:
			refusal = h.requestLine(line)
		case rows.MaxHeaderCount > 0 && len(h.fields) >= rows.MaxHeaderCount:
			refusal = h.bad(http.StatusRequestHeaderFieldsTooLarge, "more field lines than max_header_count")
		default:
			refusal = h.fieldLine(line)
		}
		if refusal != nil {
			return 0, refusal
		}
		h.line = end + 1
	}
}

// early refuses what cannot become a request line before it is complete: a
// client that speaks TLS, or anything binary, may never send a line end.
func (h *head) early(p []byte) *Refusal {
	if h.ready || len(p) == h.line {
		return nil
	}
	if c := p[h.line]; octets[c]&inToken == 0 && (c != '\r' || h.empty == emptyLines) {
		return h.bad(http.StatusBadRequest, "no request line")
	}
	return nil
}

func (h *head) tooLarge(size int) *Refusal {
	if !h.ready {
		return &Refusal{Status: http.StatusRequestURITooLong, Detail: "request line over max_header_size", Size: int64(size)}
	}
	return &Refusal{
		Status: http.StatusRequestHeaderFieldsTooLarge, Detail: "head over max_header_size",
		Size: int64(size), Fields: len(h.fields),
	}
}

func (h *head) bad(status int, detail string) *Refusal {
	return &Refusal{Status: status, Detail: detail, Size: int64(h.scanned), Fields: len(h.fields)}
}

// requestLine reads "GET /path HTTP/1.1": single blanks, nothing else (RFC
// 9112, section 3).
func (h *head) requestLine(line []byte) *Refusal {
	if len(line) == 0 {
		if h.empty++; h.empty > emptyLines {
			return h.bad(http.StatusBadRequest, "empty lines before the request line")
		}
		return nil
	}
	first := bytes.IndexByte(line, ' ')
	last := bytes.LastIndexByte(line, ' ')
	if first < 0 || first == last || !isToken(line[:first]) || !isTarget(line[first+1:last]) {
		return h.bad(http.StatusBadRequest, "no request line")
	}
	version := line[last+1:]
	if len(version) != len("HTTP/1.1") || string(version[:5]) != "HTTP/" || version[6] != '.' ||
		version[5]-'0' > 9 || version[7]-'0' > 9 {
		return h.bad(http.StatusBadRequest, "no HTTP version in the request line")
	}
	if version[5] != '1' || version[7] > '1' {
		return h.bad(http.StatusHTTPVersionNotSupported, "HTTP version "+string(version[5:]))
	}
	at := int32(h.line)
	h.method = span{at, at + int32(first)}
	h.target = span{at + int32(first) + 1, at + int32(last)}
	h.minor = int(version[7] - '0')
	h.ready = true
	return nil
}

// fieldLine reads "Name: value". A line that begins with a blank would be
// folded into the one before (RFC 9112, section 5.2); it is refused.
func (h *head) fieldLine(line []byte) *Refusal {
	colon := nameEnd(line)
	if colon < 0 {
		return h.bad(http.StatusBadRequest, "no field name")
	}
	value := trim(line[colon+1:])
	if !isValue(value) {
		return h.bad(http.StatusBadRequest, "a control character in a field value")
	}
	at := int32(h.line)
	f := field{name: span{at, at + int32(colon)}}
	if len(value) > 0 {
		f.value.from = at + int32(cap(line)-cap(value))
		f.value.to = f.value.from + int32(len(value))
	}
	h.fields = append(h.fields, f)
	return nil
}
