package compress

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// announce makes the head of a response that of a compressed one.
func announce(header http.Header, coding string) {
	header["Content-Encoding"] = []string{coding}
	delete(header, "Content-Length")
	delete(header, "Accept-Ranges")
	if tag := header["Etag"]; len(tag) == 1 && strings.HasPrefix(tag[0], `"`) {
		header["Etag"] = []string{"W/" + tag[0]} // the bytes are others, the meaning is the same
	}
}

// worth reports whether a response can be compressed, and gains by it. Answers
// about something that is compressed as a whole (206, 304) get the head for it.
func (a *rule) worth(header http.Header, r *http.Request, status int) bool {
	switch status {
	case http.StatusNotModified:
		matchEntity(header, r)
		vary(header) // as the 200 has it, if that was worth it: a 304 has no Content-Type to see
		return false
	case http.StatusRequestedRangeNotSatisfiable:
		vary(header) // nor has a 416 that of the whole
		return false
	case http.StatusPartialContent:
		if kind := header["Content-Type"]; len(kind) == 1 && len(header["Content-Encoding"]) == 0 &&
			(a.types.has(kind[0]) || strings.HasPrefix(kind[0], "multipart/byteranges")) {
			vary(header) // the whole of it would have been compressed
		}
		return false
	case http.StatusSwitchingProtocols, http.StatusNoContent, http.StatusResetContent:
		return false
	}
	for _, name := range [...]string{
		"Content-Encoding", "Content-Range", // coded already, or a part
		"Content-Md5", "Content-Digest", "Digest", "Repr-Digest", // would be wrong then
	} {
		if len(header[name]) > 0 {
			return false
		}
	}
	kind := header["Content-Type"]
	if len(kind) != 1 || !a.types.has(kind[0]) || forbidden(header["Cache-Control"]) {
		return false
	}
	if length := header["Content-Length"]; len(length) == 1 {
		n, err := strconv.ParseInt(length[0], 10, 64)
		return err == nil && n > 0 && n >= a.minSize
	}
	return true
}

// forbidden reports Cache-Control: no-transform (RFC 9111, section 5.2.2.6).
func forbidden(lines []string) bool {
	for _, line := range lines {
		for directive := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.Trim(directive, " \t"), "no-transform") {
				return true
			}
		}
	}
	return false
}

// vary adds Accept-Encoding to Vary. The values may be shared with other
// responses, so they are not changed in place.
func vary(header http.Header) {
	lines := header["Vary"]
	for _, line := range lines {
		for name := range strings.SplitSeq(line, ",") {
			if name = strings.Trim(name, " \t"); name == "*" || strings.EqualFold(name, "Accept-Encoding") {
				return
			}
		}
	}
	header["Vary"] = append(slices.Clip(lines), "Accept-Encoding")
}

// matchEntity names the entity of a 304 as the client does: who has the
// compressed one knows it by its weak tag.
func matchEntity(header http.Header, r *http.Request) {
	tag := header["Etag"]
	if len(tag) != 1 || !strings.HasPrefix(tag[0], `"`) {
		return
	}
	for _, line := range r.Header["If-None-Match"] {
		if strings.Contains(line, "W/"+tag[0]) {
			header["Etag"] = []string{"W/" + tag[0]}
			return
		}
	}
}
