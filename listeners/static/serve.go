package static

import (
	"errors"
	"io"
	"net/http"
	"strconv"
)

// chunk is how much one call of ReadFrom sends, in bytes: between two calls a
// send deadline can move.
const chunk = 1 << 20

// reply is what a request gets of a file: a status and pieces of it.
type reply struct {
	status int
	whole  span   // of 200 and of 206 with one piece
	spans  []span // several pieces, else nil
}

// decide is the reply to GET and HEAD (RFC 9110, 13.2.2 for the order).
func decide(r *http.Request, f *file) reply {
	v := f.validators()
	switch v.evaluate(r) {
	case failed:
		return reply{status: http.StatusPreconditionFailed}
	case unchanged:
		return reply{status: http.StatusNotModified}
	}
	whole := reply{status: http.StatusOK, whole: span{0, f.size}}
	values := r.Header["Range"]
	// Only GET has ranges (RFC 9110, 14.2).
	if len(values) != 1 || r.Method != http.MethodGet || !v.ifRange(r) {
		return whole
	}
	spans, verdict := parseRange(values[0], f.size)
	switch {
	case verdict == unsatisfiable:
		return reply{status: http.StatusRequestedRangeNotSatisfiable}
	case verdict == satisfiable && len(spans) == 1:
		return reply{status: http.StatusPartialContent, whole: spans[0]}
	case verdict == satisfiable && f.coding == nil:
		return reply{status: http.StatusPartialContent, spans: spans}
	}
	// Several pieces of a coded file would be a coded multipart to some clients,
	// and a multipart of coded pieces to others.
	return whole
}

// serve answers GET and HEAD with a file. False: it changed since it was
// looked at, and nothing was sent.
func (h *Handler) serve(w http.ResponseWriter, own writer, r *http.Request, found found) bool {
	e := found.entry
	f := e.choose(r)
	answer := decide(r, f)
	var from *handle
	content := answer.status == http.StatusOK || answer.status == http.StatusPartialContent
	if content && f.content == nil && r.Method != http.MethodHead {
		var err error
		if from, err = h.handle(f); err == errChanged {
			h.forget(found.path)
			return false
		} else if err != nil {
			own.Fail(statusOf(err), reasonFile)
			return true
		}
	}
	h.describe(w.Header(), e, f, answer)
	if e.edit != nil {
		e.edit(w)
	}
	switch {
	case answer.status == http.StatusPreconditionFailed:
		own.Fail(http.StatusPreconditionFailed, reasonPrecondition)
	case answer.status == http.StatusRequestedRangeNotSatisfiable:
		own.Fail(answer.status, reasonRange)
	case !content || r.Method == http.MethodHead:
		w.WriteHeader(answer.status)
	default:
		h.send(w, r, f, from, answer, e.contentType[0], found.path)
	}
	return true
}

// describe fills the header of a reply: of 304 what RFC 9110, 15.4.5, says, of
// 412 and 416 nothing but the length, because their pages are no representation
// of the file.
func (h *Handler) describe(header http.Header, e *entry, f *file, answer reply) {
	if e.vary != nil {
		vary(header, e.vary)
	}
	switch answer.status {
	case http.StatusPreconditionFailed:
		return
	case http.StatusRequestedRangeNotSatisfiable:
		header["Content-Range"] = []string{"bytes */" + f.length[0]}
		return
	}
	h.identify(header, f)
	if e.cacheControl != nil {
		header["Cache-Control"] = e.cacheControl
	}
	if answer.status == http.StatusNotModified {
		return
	}
	header["Accept-Ranges"] = h.fixed.bytes
	if f.coding != nil {
		header["Content-Encoding"] = f.coding
	}
	switch {
	case answer.spans != nil:
		return // the parts say the rest
	case answer.status == http.StatusPartialContent:
		header["Content-Range"] = []string{answer.whole.contentRange(f.size)}
		header["Content-Length"] = []string{strconv.FormatInt(answer.whole.length, 10)}
	default:
		header["Content-Length"] = f.length
	}
	header["Content-Type"] = e.contentType
}

func (h *Handler) identify(header http.Header, f *file) {
	if f.etag != nil {
		header["Etag"] = f.etag
	}
	if f.lastModified != nil {
		header["Last-Modified"] = f.lastModified
	}
}

// vary adds to what others said before (RFC 9110, 12.5.5).
func vary(header http.Header, names []string) {
	if before := header["Vary"]; len(before) > 0 {
		names = append(before[:len(before):len(before)], names...)
	}
	header["Vary"] = names
}

// errUnsent says that not all of a content was sent.
var errUnsent = errors.New("not sent")

// send writes the head and the content of a reply. Too few bytes end the
// connection; there is nothing left to say then.
func (h *Handler) send(w http.ResponseWriter, r *http.Request, f *file, from *handle, answer reply, contentType, path string) {
	err := errUnsent // unless we get to the end, by a panic of the writer for one
	defer func() { h.finish(f, from, path, err) }()
	if answer.spans != nil {
		err = h.sendParts(w, r, f, from, contentType, answer.spans)
		return
	}
	w.WriteHeader(answer.status)
	err = h.copy(w, r, f, from, answer.whole)
}

// finish gives the open file back. After an error nobody knows its position.
func (h *Handler) finish(f *file, from *handle, path string, err error) {
	switch {
	case from == nil:
		return
	case err == nil:
		f.release(from, h.cache)
		return
	case err == io.EOF: // the file is shorter than it was
		h.forget(path)
	}
	from.close()
}

// forget drops a name from the cache, because the file behind it is another one.
func (h *Handler) forget(path string) {
	if h.cache != nil {
		h.cache.drop(name{h, path})
	}
}

// copy sends a part of a file: from memory in one piece, so that it can leave
// together with the head; else the writer gets it as *io.LimitedReader around
// the *os.File, which net turns into sendfile.
func (h *Handler) copy(w http.ResponseWriter, r *http.Request, f *file, from *handle, s span) error {
	if f.content != nil {
		if s.length == 0 {
			return nil
		}
		_, err := w.Write(f.content[s.start : s.start+s.length])
		return err
	}
	if s.start != from.position {
		if _, err := from.file.Seek(s.start, io.SeekStart); err != nil {
			return err
		}
		from.position = s.start
	}
	for end := s.start + s.length; from.position < end; {
		n := min(chunk, end-from.position)
		if err := h.warmer.warm(r.Context(), from.file, from.position, n); err != nil {
			return err
		}
		if _, err := io.CopyN(w, from.file, n); err != nil {
			return err
		}
		from.position += n
	}
	return nil
}
