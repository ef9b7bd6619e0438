package static

import (
	"net/http"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// file is one regular file as it was when somebody looked: what its header
// says, ready to be sent, and its content, in memory or to be read. But for
// the handles it does not change.
type file struct {
	name string
	seen identity
	// settled says that a later change would show in the identity.
	settled bool

	size     int64     // bytes
	modified time.Time // whole seconds; zero when the file does not say
	tag      string    // strong, spelled as nginx spells it; empty without a time

	content []byte // of a small file; nil: it has to be read
	handles handles

	// Header values, shared by all responses: nobody may change them.
	etag, lastModified, length []string
	coding                     []string // Content-Encoding; nil: identity
}

// newFile prepares what a look found. coding is its content coding, "" for none.
func newFile(o *opened, coding string, now time.Time) *file {
	f := &file{name: o.name, seen: o.seen, settled: o.seen.settled(now), size: o.seen.size}
	if coding != "" {
		f.coding = []string{coding}
	}
	f.length = []string{strconv.FormatInt(f.size, 10)}
	f.date(o.seen.modified, coding)
	return f
}

// date makes the validators. Images and packages are often built with the time
// 0 or 1 in every file; that says nothing about the content.
func (f *file) date(modified unix.Timespec, coding string) {
	seconds := int64(modified.Sec)
	if seconds <= 1 {
		return
	}
	f.modified = time.Unix(seconds, 0)
	tag := make([]byte, 0, 32)
	tag = append(tag, '"')
	tag = strconv.AppendInt(tag, seconds, 16)
	tag = append(tag, '-')
	tag = strconv.AppendInt(tag, f.size, 16)
	if coding != "" {
		// Else a file and its sidecar could be told apart by nothing but their lengths.
		tag = append(append(tag, '-'), coding...)
	}
	f.tag = string(append(tag, '"'))
	f.etag = []string{f.tag}
	f.lastModified = []string{f.modified.UTC().Format(http.TimeFormat)}
}

// validators of the file's content.
func (f *file) validators() validators {
	return validators{tag: f.tag, modified: f.modified, lastModified: f.lastModified}
}

// release puts an open file back, or closes it when there is no room.
func (f *file) release(h *handle, c *Cache) {
	if c == nil || !f.handles.put(h, c.now(), &c.descriptors, c.limits.Descriptors) {
		h.close()
		return
	}
	c.janitor.wake()
}
