package static

import (
	"context"
	"errors"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// errScarce says that the machine had not enough of something to open a file.
var errScarce = errors.New("out of descriptors or memory")

// found is what a request is answered with: an entry that is regular or denied,
// a redirect to a folder, or, with neither, a miss.
type found struct {
	entry    *entry
	path     string // the clean name of entry, or of the folder to list
	redirect bool
	list     bool // the folder at path
}

func (f found) miss() bool { return f.entry == nil && !f.redirect && !f.list }

// find looks the candidates up. An error is one that must not pass for a miss.
func (h *Handler) find(ctx context.Context, rest string) (found, error) {
	if h.folder == nil {
		return h.single(ctx, rest)
	}
	for _, candidate := range h.config.Try {
		f, err := h.candidate(ctx, expand(candidate, rest), isRest(candidate))
		if err != nil || !f.miss() {
			return f, err
		}
	}
	return found{}, nil
}

// single is the one file of a location; the location's path with and without
// a slash is the same location.
func (h *Handler) single(ctx context.Context, rest string) (found, error) {
	if rest != "" && rest != "/" {
		return found{}, nil
	}
	return h.named(ctx, h.config.File)
}

// named is the file of that clean name.
func (h *Handler) named(ctx context.Context, path string) (found, error) {
	e, err := h.entryOf(ctx, path)
	if err != nil || e.kind == missing || e.kind == directory {
		return found{}, err
	}
	return found{entry: e, path: path}, nil
}

// candidate looks one path up: a file, the index of a folder, its listing, or,
// when it is the requested path itself, the redirect to a folder.
func (h *Handler) candidate(ctx context.Context, path string, requested bool) (found, error) {
	clean, slash, ok := clean(path, h.config.Dotfiles)
	if !ok {
		return found{}, nil
	}
	if slash {
		return h.index(ctx, clean, requested)
	}
	e, err := h.entryOf(ctx, clean)
	switch {
	case err != nil || e.kind == missing:
		return found{}, err
	case e.kind == directory:
		return found{redirect: requested}, nil
	}
	return found{entry: e, path: clean}, nil
}

// index is the first index file of a folder, else the folder when it is the
// requested one and may be listed.
func (h *Handler) index(ctx context.Context, folder string, requested bool) (found, error) {
	for _, index := range h.config.Index {
		name, slash, ok := clean(folder+"/"+index, h.config.Dotfiles)
		if !ok || slash {
			continue
		}
		if f, err := h.named(ctx, name); err != nil || !f.miss() {
			return f, err
		}
	}
	return found{path: folder, list: requested && h.config.Autoindex}, nil
}

// judge sorts the reasons why a file could not be opened: there is none (a
// miss), it must not be served (a miss and a log line), or something is wrong.
func (h *Handler) judge(name string, err error) error {
	var link *linkError
	switch {
	case err == nil, errors.Is(err, unix.ENOENT), errors.Is(err, unix.ENOTDIR),
		errors.Is(err, unix.ENAMETOOLONG), errors.Is(err, unix.EINVAL), errors.Is(err, errNotRegular):
		return nil
	case errors.As(err, &link):
		h.log.link(link)
		return nil
	case errors.Is(err, os.ErrPermission), errors.Is(err, unix.ELOOP), errors.Is(err, errChanged):
		h.log.file(name, err)
		return nil
	case errors.Is(err, unix.EMFILE), errors.Is(err, unix.ENFILE), errors.Is(err, unix.ENOMEM):
		h.log.file(name, err)
		return errScarce
	}
	h.log.file(name, err)
	return err
}

func expand(candidate []Part, rest string) string {
	if isRest(candidate) {
		return rest
	}
	var b strings.Builder
	for _, part := range candidate {
		if part.Rest {
			b.WriteString(rest)
		} else {
			b.WriteString(part.Literal)
		}
	}
	return b.String()
}

// isRest says whether a candidate is the requested path and nothing else.
func isRest(candidate []Part) bool {
	return len(candidate) == 1 && candidate[0].Rest
}
