package static

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// mostListed is how many names of a folder are listed. More say nothing to a
// reader, and each costs a question to the file system.
const mostListed = 10_000

// listing is what a folder holds, as far as it would be served.
type listing struct {
	path    string // of the request, with its slash
	rest    string // the part of it beneath the location, with its slash
	entries []listed
	most    int  // names that are looked at
	cut     bool // there are more
}

// listed is one name of a folder.
type listed struct {
	name     string
	folder   bool
	size     int64 // bytes; 0 for a folder
	modified time.Time
}

// list answers with the listing of a folder, as a page or as JSON. False:
// there is no such folder.
func (h *Handler) list(w http.ResponseWriter, own writer, r *http.Request, folder string) bool {
	if folder != "" && h.rules.denies(folder+"/") {
		own.Fail(http.StatusForbidden, reasonDenied)
		return true
	}
	e, err := h.listingOf(r, own.Rest(), folder)
	switch {
	case err != nil:
		own.Fail(statusOf(err), reasonFile)
	case e.kind == missing:
		return false
	default:
		h.serve(w, own, r, found{entry: e}) // it is in memory and cannot have changed
	}
	return true
}

// listingOf makes a listing, or takes the one of less than a second ago.
func (h *Handler) listingOf(r *http.Request, rest, folder string) (*entry, error) {
	form := page
	if wantsJSON(r.Header["Accept"]) {
		form = asJSON
	}
	var now time.Time
	n := name{h, form.key(r.URL.Path)}
	if h.cache != nil {
		now = h.cache.now()
		if e, fresh := h.cache.get(n, now); fresh {
			return e, nil
		}
	}
	l := &listing{path: r.URL.Path, rest: rest, most: h.mostListed}
	switch err := h.fill(r.Context(), l, folder); {
	case err != nil && h.judge(folder, err) != nil:
		return nil, h.judge(folder, err)
	case err != nil:
		return &entry{kind: missing}, nil
	}
	e := h.listingEntry(form, form.render(l))
	if h.cache != nil && e.file.size <= h.cache.limits.FileSize {
		e = h.cache.put(n, e, nil, now)
	}
	return e, nil
}

// listingEntry is a listing as if it were a file.
func (h *Handler) listingEntry(form listingForm, content []byte) *entry {
	sum := sha256.Sum256(content)
	f := &file{content: content, size: int64(len(content)), tag: `"` + hex.EncodeToString(sum[:8]) + `"`}
	f.etag, f.length = []string{f.tag}, []string{strconv.Itoa(len(content))}
	return &entry{kind: regular, file: f, contentType: []string{form.contentType()}, cacheControl: h.caching.listing, vary: h.fixed.accept}
}

// fill reads a folder. The disk is not asked by more requests at once than
// the limit of reads allows.
func (h *Handler) fill(ctx context.Context, l *listing, folder string) error {
	return h.warmer.do(ctx, func() error {
		dir, err := h.folder.openFolder(folder)
		if err != nil {
			return err
		}
		defer dir.Close() // it was only read
		names, err := dir.ReadDir(l.most + 1)
		if err != nil && err != io.EOF {
			return err
		}
		if l.cut = len(names) > l.most; l.cut {
			names = names[:l.most]
		}
		for _, name := range names {
			if e, ok := h.listedOf(dir, folder, name); ok {
				l.entries = append(l.entries, e)
			}
		}
		slices.SortFunc(l.entries, inOrder)
		return nil
	})
}

// listedOf looks one name up. What a request for it would not get is not listed.
func (h *Handler) listedOf(dir *os.File, folder string, name os.DirEntry) (listed, bool) {
	path, _, ok := clean(folder+"/"+name.Name(), h.config.Dotfiles)
	if !ok || h.rules.denies(path) {
		return listed{}, false
	}
	if name.Type()&os.ModeSymlink != 0 {
		return h.listedLink(path, name.Name())
	}
	var stat unix.Stat_t
	var err error
	raw, failed := dir.SyscallConn()
	if failed == nil {
		failed = raw.Control(func(fd uintptr) { err = unix.Fstatat(int(fd), name.Name(), &stat, unix.AT_SYMLINK_NOFOLLOW) })
	}
	mode := stat.Mode & unix.S_IFMT
	if failed != nil || err != nil || mode != unix.S_IFREG && mode != unix.S_IFDIR {
		return listed{}, false
	}
	e := listed{name: name.Name(), folder: mode == unix.S_IFDIR, size: stat.Size, modified: time.Unix(stat.Mtim.Unix())}
	return e.plain(), !e.folder || !h.rules.denies(path+"/")
}

// listedLink looks behind a link, if the policy lets a request do so.
func (h *Handler) listedLink(path, name string) (listed, bool) {
	o, err := h.folder.open(path)
	if err != nil {
		return listed{}, false
	}
	e := listed{name: name, folder: o.file == nil, size: o.seen.size, modified: time.Unix(o.seen.modified.Unix())}
	if o.file != nil {
		o.close()
	} else {
		e.modified = time.Time{}
	}
	return e.plain(), !e.folder || !h.rules.denies(path+"/")
}

// plain leaves out what says nothing: the size of a folder, a time that images
// are built with.
func (e listed) plain() listed {
	if e.folder {
		e.size = 0
	}
	if e.modified.Unix() <= 1 {
		e.modified = time.Time{}
	}
	return e
}

// inOrder puts folders first, then names as people sort them.
func inOrder(a, b listed) int {
	if a.folder != b.folder {
		if a.folder {
			return -1
		}
		return 1
	}
	return cmp.Or(strings.Compare(strings.ToLower(a.name), strings.ToLower(b.name)), strings.Compare(a.name, b.name))
}
