// Package static answers requests with files: from a folder, or one file for a
// location. It owns what RFC 9110 says about a representation that is a file
// (validators, preconditions, ranges, content types) and it owns containment:
// no request gets a file from outside the folder, whatever its path says and
// whoever exchanges links meanwhile. Every open is relative to the folder and
// follows no link; where links are allowed they are resolved first and what
// they lead to is opened the same way.
//
// Between requests it remembers what it found for a second: header values,
// small contents and open files (Cache). It refuses everything but regular
// files, and to compress: it sends the compressed forms that a build put
// beside a file. Folders are listed only where the configuration asks for it.
package static

import (
	"errors"
	"net/http"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/appserve/appserve/listeners/body"
)

// Config is a static block of the configuration.
type Config struct {
	Site     string // for log lines
	Location string // for log lines

	Directory string // absolute; or
	File      string // absolute

	Index []string // names tried in a folder whose path ends in a slash
	// Try are the candidates beneath Directory, the first hit wins; none means
	// what follows the location's path.
	Try [][]Part
	// Fallback takes a miss and every method but GET and HEAD; without it they
	// are 404 and 405.
	Fallback http.Handler

	MaxAge       *time.Duration // Cache-Control: max-age
	CacheControl string         // Cache-Control as written
	// Types are content types by extension (lower case, no dot), before the built-in table.
	Types       map[string]string
	DefaultType string // empty: application/octet-stream
	Charset     string // added to text types; empty: none
	Symlinks    Symlinks
	Dotfiles    bool // serve names that begin with a dot

	Immutable Immutable
	// Restricted says that not everybody gets the files: shared caches are told
	// to keep none of those that never change.
	Restricted bool
	// Precompressed are the content codings (br, zstd, gzip) whose sidecars are
	// looked for, the most wanted first.
	Precompressed []string
	Autoindex     bool   // list folders without an index
	Files         []Rule // what is different for some names

	// Disk bounds reads of files that are not in memory; nil: they are not bounded.
	Disk *body.Disk
	// Cache remembers what was found; nil: every request looks for itself.
	Cache *Cache
}

// Part is a piece of a candidate: text, or what follows the location's path.
type Part struct {
	Literal string
	Rest    bool
}

// Symlinks says which symbolic links beneath the folder are followed.
type Symlinks string

// The values of Symlinks; the zero value means Inside.
const (
	Inside Symlinks = "inside" // when they lead to something beneath the folder
	Follow Symlinks = "follow" // all
	None   Symlinks = "none"   // none
)

// Handler serves one static block.
type Handler struct {
	config  Config
	folder  *folder // nil: one file
	types   *types
	rules   rules
	caching cacheControls
	cache   *Cache // nil: none
	log     *complaints
	warmer  *warmer
	fixed   fixedValues

	mostListed int // names of a folder that a listing looks at
}

// fixedValues are header values that all responses share.
type fixedValues struct {
	bytes, acceptEncoding, accept []string
}

func newFixedValues() fixedValues {
	return fixedValues{bytes: []string{"bytes"}, acceptEncoding: []string{"Accept-Encoding"}, accept: []string{"Accept"}}
}

// writer is what the handler asks of the http.ResponseWriter it is given, or
// of one that it unwraps to.
type writer interface {
	// Rest is what follows the location's path, decoded, with its slash.
	Rest() string
	// Fail answers with an error of ours.
	Fail(status int, reason string)
}

// Values of $reason.
const (
	reasonNotFound     = "not_found"
	reasonDenied       = "denied"
	reasonMethod       = "method_not_allowed"
	reasonPrecondition = "precondition_failed"
	reasonRange        = "range_not_satisfiable"
	reasonFile         = "file_error"
)

// New resolves the folder, links in its own path included, and keeps it open:
// the handler goes on serving it when the path comes to mean another one. The
// error says what cannot be opened.
func New(c Config, logger hclog.Logger) (*Handler, error) {
	if c.Symlinks == "" {
		c.Symlinks = Inside
	}
	if len(c.Try) == 0 {
		c.Try = [][]Part{{{Rest: true}}}
	}
	rules, err := newRules(c.Files, c.Charset)
	if err != nil {
		return nil, err
	}
	h := &Handler{
		config: c, types: newTypes(c.Types, c.DefaultType, c.Charset), rules: rules, caching: newCacheControls(c),
		cache: c.Cache, log: newComplaints(logger, c.Site, c.Location), warmer: newWarmer(c.Disk), fixed: newFixedValues(), mostListed: mostListed,
	}
	if c.File != "" {
		return h, checkFile(c.File)
	}
	h.folder, err = openFolder(c.Directory, c.Symlinks)
	return h, err
}

// Close gives the folder back, and what the cache holds of it. No request may
// be running.
func (h *Handler) Close() error {
	if h.cache != nil {
		h.cache.dropIf(func(n name) bool { return n.owner == h })
	}
	if h.folder == nil {
		return nil
	}
	return h.folder.close()
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	own := unwrap(w)
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		if h.config.Fallback != nil {
			h.config.Fallback.ServeHTTP(w, r)
			return
		}
		w.Header()["Allow"] = []string{"GET, HEAD"}
		own.Fail(http.StatusMethodNotAllowed, reasonMethod)
		return
	}
	for range attempts {
		if h.answer(w, own, r) {
			return
		}
	}
	h.log.file(own.Rest(), errChanged)
	own.Fail(http.StatusServiceUnavailable, reasonFile)
}

// attempts is how often a request looks for its file, when that is another one
// each time it is opened.
const attempts = 8

// answer looks for the file and sends it; false: it changed in between, and
// nothing was sent.
func (h *Handler) answer(w http.ResponseWriter, own writer, r *http.Request) bool {
	f, err := h.find(r.Context(), own.Rest())
	switch {
	case err != nil:
		own.Fail(statusOf(err), reasonFile)
	case f.redirect:
		redirect(w, r)
	case f.entry != nil && f.entry.kind == denied:
		own.Fail(http.StatusForbidden, reasonDenied)
	case f.entry != nil:
		return h.serve(w, own, r, f)
	case f.list && h.list(w, own, r, f.path):
	case h.config.Fallback != nil:
		h.config.Fallback.ServeHTTP(w, r)
	default:
		own.Fail(http.StatusNotFound, reasonNotFound)
	}
	return true
}

// unwrap finds the listener's side of a writer.
func unwrap(w http.ResponseWriter) writer {
	for {
		switch t := w.(type) {
		case writer:
			return t
		case interface{ Unwrap() http.ResponseWriter }:
			w = t.Unwrap()
		default:
			panic("static: the response writer is not of a listener")
		}
	}
}

// statusOf is the answer to a file that is there and cannot be opened: want of
// descriptors or memory passes, the rest does not.
func statusOf(err error) int {
	if errors.Is(err, errScarce) {
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}
