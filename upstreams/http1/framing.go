package http1

import (
	"net/http"
	"strings"
)

// frame decides where the body ends (RFC 9112 6.3) and whether the connection
// outlives it. What could be read in two ways is refused, for every status:
// a length that contradicts is a sign of trouble even where none is needed.
func (h *Head) frame(method string) error {
	if h.lengths > 1 {
		return bad("it has %d Content-Length fields", h.lengths)
	}
	if h.codings > 0 {
		if err := h.checkCoding(); err != nil {
			return err
		}
	}
	h.KeepAlive = !h.close && (h.minor >= 1 || (h.minor == 0 && h.keep))
	switch {
	case h.Status < 200 || h.Status == http.StatusNoContent:
		h.drop("Content-Length")
		h.Length = 0
	case h.Status == http.StatusNotModified || method == http.MethodHead:
	case h.codings > 0:
		h.Framing = Chunked
	case h.lengths == 1:
		h.Framing = Counted
	default:
		h.Framing = UntilClose
		h.KeepAlive = false
	}
	return nil
}

func (h *Head) checkCoding() error {
	switch {
	case h.codings > 1:
		return bad("it has %d Transfer-Encoding fields", h.codings)
	case !strings.EqualFold(h.coding, "chunked"):
		return bad("its Transfer-Encoding is %s, only chunked is understood", excerpt(h.coding))
	case h.lengths > 0:
		return bad("it has both Transfer-Encoding and Content-Length")
	case h.minor < 1:
		return bad("it has Transfer-Encoding, but is not HTTP/1.1")
	}
	return nil
}
