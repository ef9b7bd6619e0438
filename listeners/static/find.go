package static

import (
	"errors"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// errScarce says that the machine had not enough of something to open a file.
var errScarce = errors.New("out of descriptors or memory")

// find looks the candidates up. A miss is neither a file nor a redirect; an
// error is one that must not pass for a miss.
func (h *Handler) find(rest string) (entry, error) {
	if h.folder == nil {
		return h.single(rest)
	}
	for _, candidate := range h.config.Try {
		found, err := h.candidate(expand(candidate, rest), isRest(candidate))
		if err != nil || found.redirect || found.file != nil {
			return found, err
		}
	}
	return entry{}, nil
}

// single is the one file of a location; the location's path with and without
// a slash is the same location.
func (h *Handler) single(rest string) (entry, error) {
	if rest != "" && rest != "/" {
		return entry{}, nil
	}
	found, err := openFile(h.config.File)
	if err == nil && found.file == nil {
		err = errNotRegular
	}
	return found, h.judge(h.config.File, err)
}

// candidate looks one path up: a file, the index of a folder, or, when it is
// the requested path itself, the redirect to a folder.
func (h *Handler) candidate(path string, requested bool) (entry, error) {
	name, slash, ok := clean(path, h.config.Dotfiles)
	if !ok {
		return entry{}, nil
	}
	if slash {
		return h.index(name)
	}
	found, err := h.folder.open(name)
	if err != nil {
		return entry{}, h.judge(name, err)
	}
	if found.file == nil {
		return entry{redirect: requested}, nil
	}
	return found, nil
}

func (h *Handler) index(folder string) (entry, error) {
	for _, index := range h.config.Index {
		name, slash, ok := clean(folder+"/"+index, h.config.Dotfiles)
		if !ok || slash {
			continue
		}
		found, err := h.folder.open(name)
		if err = h.judge(name, err); err != nil || found.file != nil {
			return found, err
		}
	}
	return entry{}, nil
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
