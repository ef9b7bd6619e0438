package config

import (
	"io/fs"
	"path/filepath"

	"github.com/hashicorp/hcl/v2"
)

const (
	// linkDepth is how many levels of a static directory are looked at for links.
	linkDepth = 2
	// linkEntries bounds how much is looked at in all.
	linkEntries = 5000
	// linkWarnings bounds what is said about one directory.
	linkWarnings = 5
)

// static looks at the files of a static block.
func (in *inspection) static(b *block) {
	if s := b.written("file"); s != nil && !s.placeholder {
		in.staticFile(b.text("file"), s.at)
	}
	s := b.written("directory")
	if s == nil || s.placeholder {
		return
	}
	directory := b.text("directory")
	info, err := in.Stat(directory)
	if err == nil && info.IsDir() {
		err = in.Readable(directory)
	}
	switch {
	case err != nil:
		in.errorAt(s.at, "This directory cannot be read", quote(directory)+": "+readError(err))
	case !info.IsDir():
		in.errorAt(s.at, "This is a file, not a directory", "Write: file = "+quote(directory))
	case b.text("symlinks") != "follow":
		in.links(b, directory, s.at)
	}
}

func (in *inspection) staticFile(path string, at hcl.Range) {
	info, err := in.Stat(path)
	if err == nil {
		err = in.Readable(path)
	}
	switch {
	case err != nil:
		in.errorAt(at, "This file cannot be read", quote(path)+": "+readError(err))
	case info.IsDir():
		in.errorAt(at, "This is a directory, not a file", "Write: directory = "+quote(path))
	}
}

// links warns of links in the top levels that would be refused.
func (in *inspection) links(b *block, directory string, at hcl.Range) {
	real, err := in.Resolve(directory)
	if err != nil {
		return
	}
	look := &linkSearch{inspection: in, real: real, allow: b.text("symlinks") == "inside", budget: linkEntries}
	look.folder(real, linkDepth)
	for i, found := range look.refused {
		if i == linkWarnings {
			break
		}
		detail := found.link + " points to " + found.target + ". Write symlinks = \"follow\" if that is meant."
		if !look.allow {
			detail = found.link + " points to " + found.target + ", and symlinks = \"none\" serves no link."
		}
		in.warnAt(at, "refused-link", "This directory has a link that is not served", detail)
	}
}

// linkSearch walks the top levels of a directory.
type linkSearch struct {
	*inspection
	real    string
	allow   bool // links that stay inside
	budget  int
	refused []refusedLink
}

type refusedLink struct{ link, target string }

func (l *linkSearch) folder(path string, depth int) {
	entries, err := l.ReadDir(path)
	if err != nil {
		return
	}
	for _, entry := range entries {
		if l.budget--; l.budget < 0 || len(l.refused) >= linkWarnings {
			return
		}
		name := filepath.Join(path, entry.Name())
		switch {
		case entry.Type()&fs.ModeSymlink != 0:
			target, err := l.Resolve(name)
			if err != nil {
				target = "nothing"
			}
			if !l.allow || err != nil || !isBeneath(target, l.real) {
				l.refused = append(l.refused, refusedLink{name, target})
			}
		case entry.IsDir() && depth > 1:
			l.folder(name, depth-1)
		}
	}
}
