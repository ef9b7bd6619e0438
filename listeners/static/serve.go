package static

import (
	"io"
	"net/http"
	"strconv"
	"time"
)

// chunk is how much one call of ReadFrom sends, in bytes: between two calls a
// send deadline can move.
const chunk = 1 << 20

// serve answers GET and HEAD with a file (RFC 9110, 13.2.2 for the order).
func (h *Handler) serve(w http.ResponseWriter, own writer, r *http.Request, e entry) {
	header := w.Header()
	v := newValidators(e)
	h.setCommon(header, v)
	switch v.evaluate(r) {
	case failed:
		own.Fail(http.StatusPreconditionFailed, reasonPrecondition)
		return
	case unchanged:
		w.WriteHeader(http.StatusNotModified)
		return
	}
	header["Accept-Ranges"] = []string{"bytes"}
	contentType := h.types.of(e.name)
	spans, verdict := h.ranges(r, v, e.size)
	switch {
	case verdict == unsatisfiable:
		// Not by Fail: Content-Range is the answer, and nobody looks at a page.
		delete(header, "Cache-Control")
		header["Content-Range"] = []string{"bytes */" + strconv.FormatInt(e.size, 10)}
		header["Content-Length"] = []string{"0"}
		own.SetReason(reasonRange)
		w.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
	case verdict == ignored:
		h.send(w, r, e, contentType, span{0, e.size}, http.StatusOK)
	case len(spans) == 1:
		header["Content-Range"] = []string{spans[0].contentRange(e.size)}
		h.send(w, r, e, contentType, spans[0], http.StatusPartialContent)
	default:
		h.sendParts(w, r, e, contentType[0], spans)
	}
}

// setCommon sets what 200, 206 and 304 have in common (RFC 9110, 15.4.5).
func (h *Handler) setCommon(header http.Header, v validators) {
	if h.cache != nil {
		header["Cache-Control"] = h.cache
	}
	if v.known() {
		header["Etag"] = []string{v.tag}
		header["Last-Modified"] = []string{v.modified.UTC().Format(http.TimeFormat)}
	}
}

// ranges reads the Range header. Only GET has ranges (RFC 9110, 14.2).
func (h *Handler) ranges(r *http.Request, v validators, size int64) ([]span, rangeVerdict) {
	values := r.Header["Range"]
	if r.Method != http.MethodGet || len(values) != 1 || !v.ifRange(r) {
		return nil, ignored
	}
	return parseRange(values[0], size)
}

func (h *Handler) send(w http.ResponseWriter, r *http.Request, e entry, contentType []string, s span, status int) {
	header := w.Header()
	header["Content-Type"] = contentType
	header["Content-Length"] = []string{strconv.FormatInt(s.length, 10)}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_ = h.copy(w, r, &e, s) // too few bytes end the connection; there is nothing left to say
	}
}

// copy sends a part of a file. The writer gets it as *io.LimitedReader around
// the *os.File, which net turns into sendfile.
func (h *Handler) copy(w http.ResponseWriter, r *http.Request, e *entry, s span) error {
	if s.start != e.position {
		if _, err := e.file.Seek(s.start, io.SeekStart); err != nil {
			return err
		}
	}
	for offset, end := s.start, s.start+s.length; offset < end; {
		n := min(chunk, end-offset)
		if err := h.warmer.warm(r.Context(), e.file, offset, n); err != nil {
			return err
		}
		if _, err := io.CopyN(w, e.file, n); err != nil {
			return err
		}
		offset += n
		e.position = offset
	}
	return nil
}

func cacheControl(c Config) []string {
	value := c.CacheControl
	if c.MaxAge != nil {
		age := "max-age=" + strconv.FormatInt(int64(*c.MaxAge/time.Second), 10)
		if value != "" {
			age = ", " + age
		}
		value += age
	}
	if value == "" {
		return nil
	}
	return []string{value}
}
