package static

import (
	"context"
	"io"
	"strings"
	"time"
)

// entryOf is what stands behind a clean name: as the cache knows it, else as a
// look finds it.
func (h *Handler) entryOf(ctx context.Context, path string) (*entry, error) {
	if h.cache == nil {
		return h.look(ctx, path, nil, time.Now())
	}
	now := h.cache.now()
	n := name{h, path}
	known, fresh := h.cache.get(n, now)
	if fresh {
		return known, nil
	}
	n.path = strings.Clone(path) // the cache must not keep the request it is cut from
	found, err := h.look(ctx, n.path, known, now)
	if err != nil {
		return nil, err
	}
	return h.cache.put(n, found, known, now), nil
}

// look asks the file system for a name. What old says of a file is taken over
// when the file is still the same.
func (h *Handler) look(ctx context.Context, path string, old *entry, now time.Time) (*entry, error) {
	rule := h.rules.of(path)
	if rule != nil && rule.Deny {
		return &entry{kind: denied}, nil
	}
	found, err := h.open(path)
	if err != nil {
		return &entry{kind: missing}, h.judge(path, err)
	}
	if found.file == nil {
		return &entry{kind: directory}, nil
	}
	e := &entry{kind: regular, contentType: h.types.of(path), edit: rule.editor()}
	if rule != nil && rule.contentType != nil {
		e.contentType = rule.contentType
	}
	e.cacheControl = h.cacheControlOf(path, rule)
	e.file = h.keep(ctx, &found, "", old.coding(""), now)
	if compressible(e.contentType[0]) {
		h.findSidecars(ctx, e, old, now)
	}
	return e, nil
}

// open opens a clean name, or the one file there is.
func (h *Handler) open(path string) (opened, error) {
	if h.folder != nil {
		return h.folder.open(path)
	}
	found, err := openFile(path)
	if err == nil && found.file == nil {
		err = errNotRegular
	}
	return found, err
}

// keep makes a file of what was opened, or takes the old one when that is the
// same. The content of one that may have changed unseen is read again.
func (h *Handler) keep(ctx context.Context, o *opened, coding string, old *file, now time.Time) *file {
	if old != nil && old.seen == o.seen && old.settled && !old.handles.isRetired() {
		h.store(old, o)
		return old
	}
	f := newFile(o, coding, now)
	if f.size <= h.smallest() {
		f.content = h.read(ctx, o)
	}
	h.store(f, o)
	return f
}

// store gives an open file to whoever reads f next.
func (h *Handler) store(f *file, o *opened) {
	if f.content != nil {
		o.close()
		return
	}
	f.release(&handle{file: o.file}, h.cache)
}

// smallest is the size up to which contents are kept in memory, in bytes.
func (h *Handler) smallest() int64 {
	if h.cache == nil {
		return -1
	}
	return h.cache.limits.FileSize
}

// read reads a small file; nil when that fails or the file changes meanwhile,
// which then is the business of the request that reads it for itself.
func (h *Handler) read(ctx context.Context, o *opened) []byte {
	if err := h.warmer.warm(ctx, o.file, 0, o.seen.size); err != nil {
		return nil
	}
	content := make([]byte, o.seen.size)
	if _, err := o.file.ReadAt(content, 0); err != nil && err != io.EOF {
		return nil
	}
	if seen, err := look(o.file); err != nil || seen != o.seen {
		return nil
	}
	return content
}

// handle opens a file for one request. errChanged says that the file is not
// what f says any more.
func (h *Handler) handle(f *file) (*handle, error) {
	if h.cache != nil {
		if taken := f.handles.take(&h.cache.descriptors); taken != nil {
			if seen, err := look(taken.file); err == nil && seen.sameContent(f.seen) {
				return taken, nil
			}
			taken.close()
			return nil, errChanged
		}
	}
	found, err := h.open(f.name)
	switch {
	case err != nil && h.judge(f.name, err) == nil:
		return nil, errChanged
	case err != nil:
		return nil, h.judge(f.name, err)
	case found.file == nil:
		return nil, errChanged
	case found.seen != f.seen:
		found.close()
		return nil, errChanged
	}
	return &handle{file: found.file}, nil
}
