// Package compress owns the compression of responses on their way out: which
// ones are worth it, what their header says then, and the encoders. What comes
// is sent as it comes: a flush reaches the client. It refuses to touch what is
// coded already, what is a part of something, and what must not be transformed.
package compress

import (
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/appserve/appserve/listeners/acceptencoding"
)

// Options are what a rule is made of.
type Options struct {
	Types     []string // media types in lower case, with * for any part
	MinSize   int64    // bytes; a response of unknown length is always worth it
	Level     int      // 1 (fast) to 9 (small); 0: the middle of each coding
	Encodings []string // zstd, gzip; the preferred one first
	Budget    *Budget  // of all rules together; nil: none
}

// rule is a location whose responses are compressed.
type rule struct {
	types     mediaTypes
	minSize   int64
	encodings []string
	encoders  map[string]*sync.Pool // of encoder, by coding
	budget    *Budget
	writers   sync.Pool // of *writer
	next      http.Handler
}

// Wrap puts a location behind the compression of its responses.
func Wrap(o Options, next http.Handler) (http.Handler, error) {
	a := &rule{types: compile(o.Types), minSize: o.MinSize, encodings: o.Encodings, encoders: map[string]*sync.Pool{}, budget: o.Budget, next: next}
	for _, coding := range o.Encodings {
		build, ok := builder(coding, o.Level)
		if !ok {
			return nil, fmt.Errorf("nobody knows how to make %q", coding)
		}
		a.encoders[coding] = &sync.Pool{New: func() any { return build() }}
	}
	return a, nil
}

// ServeHTTP implements http.Handler.
func (a *rule) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c, ok := a.writers.Get().(*writer)
	if !ok {
		c = &writer{}
	}
	c.rule, c.inner, c.request = a, w, r
	c.coding = acceptencoding.Choose(accepted(r), a.encodings)
	whole := false
	defer func() {
		if whole {
			a.writers.Put(c.forget())
		} else if c.encoder != nil {
			a.budget.giveBack() // a response that panicked has no end, and must not get one
		}
	}()
	a.next.ServeHTTP(c, r)
	c.finish()
	whole = true
}

// accepted is the Accept-Encoding field in one line.
func accepted(r *http.Request) string {
	switch lines := r.Header["Accept-Encoding"]; len(lines) {
	case 0:
		return ""
	case 1:
		return lines[0]
	default:
		return strings.Join(lines, ",")
	}
}
