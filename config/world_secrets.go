package config

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// othersMayRead is the permission of everybody else.
const othersMayRead fs.FileMode = 0o004

// usersFile looks at the lines of an htpasswd file.
func (in *inspection) usersFile(b *block) {
	s := b.written("users_file")
	if s == nil || s.placeholder {
		return
	}
	path := b.text("users_file")
	info, err := in.Stat(path)
	if err == nil && info.IsDir() {
		in.errorAt(s.at, "This file is a folder", quote(path)+" holds no lines. Write the path of a file.")
		return
	}
	var text []byte
	if err == nil {
		text, err = in.ReadFile(path)
	}
	if err != nil {
		in.errorAt(s.at, "This file cannot be read", quote(path)+": "+readError(err))
		return
	}
	if info.Mode().Perm()&othersMayRead != 0 {
		in.warnAt(s.at, "readable-secret", "Everybody can read this file", "It holds hashes of passwords, which can be guessed at leisure. Run: chmod o-r "+path)
	}
	in.userLines(s.at, path, string(text))
}

func (in *inspection) userLines(at hcl.Range, path, text string) {
	users, number := 0, 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		users++
		name, hash, ok := strings.Cut(line, ":")
		hash, _, _ = strings.Cut(hash, ":")
		switch why := hashFault(hash); {
		case !ok || name == "":
			in.errorAt(at, "This users file has a line without a hash", fmt.Sprintf("%s line %d is not of the form name:hash.\n  htpasswd -B %s NAME", quote(path), number, path))
			return
		case why != "":
			in.errorAt(at, "This users file has a line without a hash", fmt.Sprintf("%s line %d: what is written for %s %s:\n  htpasswd -B %s %s", quote(path), number, quote(name), why, path, name))
			return
		}
	}
	if users == 0 {
		in.errorAt(at, "This users file is empty", "Nobody could get in.\n  htpasswd -B "+path+" NAME")
	}
}

// maxErrorPage is the largest file that can be a page: pages are kept in memory.
const maxErrorPage = 1 << 20

// errorPage looks at the file of an error_page block.
func (in *inspection) errorPage(b *block) {
	s := b.written("file")
	if s == nil || s.placeholder {
		return
	}
	in.staticFile(b.text("file"), s.at)
	if info, err := in.Stat(b.text("file")); err == nil && !info.IsDir() && info.Size() > maxErrorPage {
		in.errorAt(s.at, "This page is too large", "Error pages are kept in memory, and may have "+unquoted(printSize(maxErrorPage))+". Link to what makes it so large.")
	}
}

// keyFile warns of a private key that everybody can read. Whether it is a key
// at all is asked by who reads certificates.
func (in *inspection) keyFile(b *block) {
	s := b.written("key")
	if s == nil || s.placeholder {
		return
	}
	if info, err := in.Stat(b.text("key")); err == nil && info.Mode().Perm()&othersMayRead != 0 {
		in.warnAt(s.at, "readable-secret", "Everybody can read this key", "Whoever has it can pretend to be this site. Run: chmod o-r "+b.text("key"))
	}
}

// configurationFiles warns of files that everybody can read and that hold
// secrets themselves, instead of drawing them from elsewhere.
func (in *inspection) configurationFiles() {
	told := map[string]bool{}
	tell := func(at hcl.Range, what string) {
		name := at.Filename
		if name == "" || told[name] {
			return
		}
		if info, err := in.Stat(name); err == nil && info.Mode().Perm()&othersMayRead != 0 {
			told[name] = true
			in.warnAt(at, "readable-secret", "Everybody can read this configuration", "It holds "+what+". Run: chmod o-r "+name+"\nor keep the secret elsewhere: variable \"x\" { default = file(\"/run/secrets/x\") sensitive = true }, one line each")
		}
	}
	in.eachBlock(in.root, func(b *block) {
		for i := range b.schema.rows {
			r := &b.schema.rows[i]
			s := b.settings[r.name]
			if !s.written() || !r.secret {
				continue
			}
			entries, _ := s.value.([]entry)
			for _, e := range entries {
				switch {
				case r.name == "users":
					tell(s.at, "hashes of passwords")
				case secretName(e.key) && len(s.from) == 0 && strings.Contains(in.sources.text(s.at), e.value) && e.value != "":
					tell(s.at, "the value of "+e.key)
				}
			}
		}
	})
}

// secretName reports whether an environment variable is mostly a secret.
func secretName(name string) bool {
	return regexp.MustCompile(`(?i)(^|_)(secret|password|passwd|token|api_?key|secret_?key|private_?key)(_|$)`).MatchString(name)
}

func (in *inspection) eachBlock(b *block, visit func(*block)) {
	visit(b)
	for _, child := range b.blocks {
		if child.enabled() {
			in.eachBlock(child, visit)
		}
	}
}
