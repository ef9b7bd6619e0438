package static

import (
	"errors"
	"fmt"
	"os"
	"path"
)

// mostSurveyed bounds how many names a survey looks at.
const mostSurveyed = 10_000

// RefusedLink is a symbolic link that no request gets anything through.
type RefusedLink struct {
	Link   string // absolute
	Target string // what it leads to, resolved
}

// Survey finds links beneath a folder that its policy refuses, so that a check
// of the configuration can name them before a visitor does. It looks at the
// top levels only (1: the folder itself), never behind a link, and stops
// silently at 10,000 names. What cannot be read is left out; the error is of
// the folder.
func Survey(directory string, links Symlinks, dotfiles bool, levels int) ([]RefusedLink, error) {
	f, err := openFolder(directory, links)
	if err != nil {
		return nil, err
	}
	defer f.close()
	if _, err := os.ReadDir(f.path); err != nil {
		return nil, fmt.Errorf("reading directory: %w", err)
	}
	s := &survey{folder: f, dotfiles: dotfiles, left: mostSurveyed}
	s.look("", levels)
	return s.found, nil
}

type survey struct {
	folder   *folder
	dotfiles bool
	left     int
	found    []RefusedLink
}

func (s *survey) look(folder string, levels int) {
	entries, err := os.ReadDir(path.Join(s.folder.path, folder))
	if err != nil || levels == 0 {
		return
	}
	for _, e := range entries {
		if s.left--; s.left < 0 {
			return
		}
		name, _, ok := clean(path.Join(folder, e.Name()), s.dotfiles)
		switch {
		case !ok:
		case e.Type()&os.ModeSymlink != 0:
			s.judge(name)
		case e.IsDir():
			s.look(name, levels-1)
		}
	}
}

func (s *survey) judge(name string) {
	o, err := s.folder.open(name)
	if o.file != nil {
		o.close()
	}
	var refused *linkError
	if errors.As(err, &refused) {
		s.found = append(s.found, RefusedLink{Link: refused.link, Target: refused.target})
	}
}
