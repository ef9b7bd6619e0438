package static

import (
	"crypto/rand"
	"io"
	"net/http"
	"strconv"
)

// sendParts answers several ranges with multipart/byteranges (RFC 9110, 14.6).
func (h *Handler) sendParts(w http.ResponseWriter, r *http.Request, f *file, from *handle, contentType string, spans []span) error {
	boundary := rand.Text()
	heads := make([]string, len(spans))
	tail := "\r\n--" + boundary + "--\r\n"
	length := int64(len(tail))
	for i, s := range spans {
		heads[i] = "\r\n--" + boundary + "\r\nContent-Type: " + contentType + "\r\nContent-Range: " + s.contentRange(f.size) + "\r\n\r\n"
		length += int64(len(heads[i])) + s.length
	}
	header := w.Header()
	header["Content-Type"] = []string{"multipart/byteranges; boundary=" + boundary}
	header["Content-Length"] = []string{strconv.FormatInt(length, 10)}
	w.WriteHeader(http.StatusPartialContent)
	for i, s := range spans {
		if _, err := io.WriteString(w, heads[i]); err != nil {
			return err
		}
		if err := h.copy(w, r, f, from, s); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, tail)
	return err
}
