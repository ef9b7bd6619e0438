package http1

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/appserve/appserve/upstreams/conn"
)

// Framing says where the body of a response ends.
type Framing int

// The ways a body ends.
const (
	NoBody     Framing = iota // there is none
	Counted                   // after Head.Length bytes
	Chunked                   // with the last chunk
	UntilClose                // with the connection
)

// Style is the form of the first lines of a response.
type Style int

// The styles.
const (
	StatusLine Style = iota // HTTP/1.x alone
	OrCGI                   // a status line, or the header fields of RFC 3875 6 at once
)

// Head is a response head. Its memory is reused by the next ReadHead.
type Head struct {
	Status    int
	Fields    []Field // in order, without what concerned the connection
	Framing   Framing
	Length    int64    // with Counted
	KeepAlive bool     // the server keeps the connection open after the body
	Upgrade   string   // the Upgrade field: what a 101 switches to
	Trailers  []string // announced trailer names that may be passed on

	minor         int // of HTTP/1.x; -1 for the CGI form
	lengths       int // Content-Length fields seen
	codings       int // Transfer-Encoding fields seen
	coding        string
	close, keep   bool     // Connection tokens
	named         []string // other Connection tokens
	located, said bool     // CGI: Location and Status were there
}

// Interim says whether another head follows this one.
func (h *Head) Interim() bool {
	return h.Status < 200 && h.Status != http.StatusSwitchingProtocols
}

// ReadHead reads the next head from c: the answer to a request of that
// method. The error is *BadResponse, ErrNoResponse, ErrCut, or Fill's.
func ReadHead(c *conn.Conn, h *Head, method string, style Style) error {
	end, err := awaitHead(c, style)
	if err != nil {
		return err
	}
	text := string(c.Buffered()[:end])
	c.Discard(end)
	return h.parse(text, method, style)
}

// awaitHead reads until a whole head is buffered and returns its length. From
// its first bytes on a head may take as long as a silence: a server that sends
// it byte by byte does not go on for ever.
func awaitHead(c *conn.Conn, style Style) (int, error) {
	var begun time.Time
	for seen := 0; ; {
		b := c.Buffered()
		if style == StatusLine && !startsLikeHTTP(b) {
			return 0, bad("it does not begin with HTTP/1: %s", excerpt(string(b)))
		}
		end, next := headEnd(b, seen)
		if end > 0 {
			return end, nil
		}
		seen = next
		if len(b) > 0 { // seldom: most heads come in one piece
			if begun.IsZero() {
				begun = time.Now()
			} else if limit := c.Patience(); limit > 0 && time.Since(begun) > limit {
				return 0, &conn.TimeoutError{After: limit}
			}
		}
		switch err := c.Fill(); {
		case err == nil:
		case errors.Is(err, conn.ErrBufferFull):
			return 0, bad("its head is larger than %d bytes; the last lines begin with %s",
				conn.BufferSize, excerpt(lastLine(b)))
		case !errors.Is(err, io.EOF):
			return 0, err
		case len(b) == 0:
			return 0, ErrNoResponse
		default:
			return 0, ErrCut
		}
	}
}

func startsLikeHTTP(b []byte) bool {
	const start = "HTTP/1."
	n := min(len(b), len(start))
	return string(b[:n]) == start[:n]
}

// headEnd finds the empty line. Line ends are CR LF or LF alone: nobody but
// us reads these bytes, so there is no second opinion about them. It goes on
// where an earlier call stopped.
func headEnd(b []byte, from int) (end, next int) {
	for {
		i := bytes.IndexByte(b[from:], '\n')
		if i < 0 {
			return 0, from
		}
		after := b[from+i+1:]
		switch {
		case len(after) > 0 && after[0] == '\n':
			return from + i + 2, 0
		case len(after) > 1 && after[0] == '\r' && after[1] == '\n':
			return from + i + 3, 0
		case len(after) == 0 || (len(after) == 1 && after[0] == '\r'):
			return 0, from + i
		}
		from += i + 1
	}
}

// lastLine returns the last whole line of an endless head: mostly the guilty one.
func lastLine(b []byte) string {
	if i := bytes.LastIndexByte(b, '\n'); i >= 0 {
		b = b[i+1:]
	}
	return string(b)
}

// parse reads a whole head, its empty line included.
func (h *Head) parse(text, method string, style Style) error {
	*h = Head{Fields: h.Fields[:0], Trailers: h.Trailers[:0], named: h.named[:0], Status: http.StatusOK}
	line, rest := cutLine(text)
	if style == StatusLine || strings.HasPrefix(line, "HTTP/") {
		if err := h.parseStatusLine(line); err != nil {
			return err
		}
		line, rest = cutLine(rest)
	} else if h.minor = -1; line == "" {
		return bad("its head is empty")
	}
	for ; line != ""; line, rest = cutLine(rest) {
		f, err := parseField(line)
		if err != nil {
			return err
		}
		if len(h.Fields) == maxFields {
			return bad("its head has more than %d fields", maxFields)
		}
		if err := h.take(f); err != nil {
			return err
		}
	}
	if h.located && !h.said && h.minor < 0 {
		h.Status = http.StatusFound // RFC 3875 6.3.4
	}
	h.dropNamed()
	return h.frame(method)
}

func cutLine(text string) (line, rest string) {
	line, rest, _ = strings.Cut(text, "\n")
	return strings.TrimSuffix(line, "\r"), rest
}

// parseStatusLine follows RFC 9112 4; the reason phrase may be missing.
func (h *Head) parseStatusLine(line string) error {
	if len(line) < 12 || line[:7] != "HTTP/1." || line[7] < '0' || line[7] > '9' || line[8] != ' ' {
		return bad("its status line is %s", excerpt(line))
	}
	h.minor = int(line[7] - '0')
	return h.setStatus(line[9:], line)
}

// setStatus reads "200" or "200 OK".
func (h *Head) setStatus(text, line string) error {
	code, _, _ := strings.Cut(text, " ")
	status, err := strconv.ParseUint(code, 10, 16)
	if err != nil || len(code) != 3 || status < 100 {
		return bad("its status line is %s", excerpt(line))
	}
	h.Status = int(status)
	return nil
}

// take sorts a field: into Fields, or into what concerns the connection.
func (h *Head) take(f Field) error {
	switch f.Name {
	case "Connection", "Proxy-Connection":
		tokens(f.Value, h.takeConnection)
		return nil
	case "Keep-Alive", "Te", "Proxy-Authenticate", "Proxy-Authorization":
		return nil
	case "Upgrade":
		h.Upgrade = f.Value
		return nil
	case "Trailer":
		tokens(f.Value, h.takeTrailer)
		return nil
	case "Transfer-Encoding":
		h.codings++
		h.coding = f.Value
		return nil
	case "Content-Length":
		h.lengths++
		length, err := parseLength(f.Value)
		if err != nil {
			return err
		}
		h.Length = length
	case "Status":
		if h.minor < 0 {
			h.said = true
			return h.setStatus(f.Value, "Status: "+f.Value)
		}
	case "Location":
		h.located = true
	}
	h.Fields = append(h.Fields, f)
	return nil
}

func (h *Head) takeConnection(token string) {
	switch {
	case strings.EqualFold(token, "close"):
		h.close = true
	case strings.EqualFold(token, "keep-alive"):
		h.keep = true
	case strings.EqualFold(token, "content-length"): // framing is not the server's to hide
	default:
		h.named = append(h.named, http.CanonicalHeaderKey(token))
	}
}

func (h *Head) takeTrailer(name string) {
	if name = http.CanonicalHeaderKey(name); MayTrail(name) {
		h.Trailers = append(h.Trailers, name)
	}
}

// dropNamed removes the fields that Connection lists as its own (RFC 9110 7.6.1).
func (h *Head) dropNamed() {
	for _, name := range h.named {
		h.drop(name)
	}
}

func (h *Head) drop(name string) {
	kept := h.Fields[:0]
	for _, f := range h.Fields {
		if f.Name != name {
			kept = append(kept, f)
		}
	}
	h.Fields = kept
}

// parseLength reads digits and nothing else (RFC 9110 8.6).
func parseLength(s string) (int64, error) {
	length, err := strconv.ParseUint(s, 10, 63)
	if err != nil || s[0] == '+' {
		return 0, bad("its Content-Length is %s", excerpt(s))
	}
	return int64(length), nil
}
