package static

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/appserve/appserve/listeners/acceptencoding"
)

// kind is what stands behind a name.
type kind uint8

const (
	missing   kind = iota // nothing that may be served
	directory             // a folder
	denied                // a files rule refuses the name
	regular               // a file
)

// entry is what is known about one name beneath the folder. But for its times
// it does not change once it was made.
type entry struct {
	kind kind

	file    *file    // of a regular one
	coded   []*file  // its sidecars, by preference
	codings []string // theirs, in the same order

	// Header values, shared by all responses: nobody may change them.
	contentType, cacheControl, vary []string
	edit                            func(http.ResponseWriter) // nil: nothing to edit

	checked atomic.Int64 // when it was true, a time.Duration of the cache
	used    atomic.Int64 // about when it was asked for, likewise
}

// choose is the representation a request gets (RFC 9110, 12.5.3).
func (e *entry) choose(r *http.Request) *file {
	if len(e.coded) == 0 {
		return e.file
	}
	var field string
	switch values := r.Header["Accept-Encoding"]; len(values) {
	case 0:
		return e.file
	case 1:
		field = values[0]
	default:
		field = strings.Join(values, ",")
	}
	if i := slices.Index(e.codings, acceptencoding.Choose(field, e.codings)); i >= 0 {
		return e.coded[i]
	}
	return e.file
}

// files are all representations.
func (e *entry) files() []*file {
	if e.file == nil {
		return nil
	}
	return append(e.coded[:len(e.coded):len(e.coded)], e.file)
}

// coding is the representation of that content coding, "" for the file itself;
// nil when there is none.
func (e *entry) coding(name string) *file {
	switch {
	case e == nil:
		return nil
	case name == "":
		return e.file
	}
	if i := slices.Index(e.codings, name); i >= 0 {
		return e.coded[i]
	}
	return nil
}

// has reports whether f is one of the representations.
func (e *entry) has(f *file) bool { return e.file == f || slices.Contains(e.coded, f) }

// sameFiles reports whether two entries have the same representations.
func (e *entry) sameFiles(other *entry) bool {
	return e.kind == other.kind && e.file == other.file && slices.Equal(e.coded, other.coded)
}

// weight is about how much memory the entry takes, in bytes.
func (e *entry) weight() int64 {
	n := int64(512)
	for _, f := range e.files() {
		n += 1024 + int64(cap(f.content))
	}
	return n
}

// touch remembers that the entry was asked for. It writes rarely: a write
// takes the memory away from the other processors.
func (e *entry) touch(at time.Duration) {
	if at-time.Duration(e.used.Load()) > time.Second {
		e.used.Store(int64(at))
	}
}
