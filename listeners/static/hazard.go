package static

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
)

// Hazard is something that a static block would show to everybody and that is
// seldom meant to be shown.
type Hazard struct {
	Path string // absolute
	Kind string // what it is, for a sentence: "Python source", "a private key", ...
}

// Hazards finds them beneath c.Directory, so that a check of the configuration
// can name them before a visitor does. It looks at the top levels only (1: the
// folder itself), never behind a link, and stops silently at 10,000 names.
// What the block refuses (dotfiles, files blocks) is no hazard. Each folder is
// named with one file of a kind at most. What cannot be read is left out; the
// error is of the folder, or of a pattern in c.Files.
func Hazards(c Config, levels int) ([]Hazard, error) {
	if c.Directory == "" {
		return nil, nil
	}
	all, err := newRules(c.Files, "")
	if err != nil {
		return nil, err
	}
	if _, err := os.ReadDir(c.Directory); err != nil {
		return nil, fmt.Errorf("reading directory: %w", err)
	}
	s := &hazardSurvey{root: c.Directory, dotfiles: c.Dotfiles, rules: all, left: mostSurveyed}
	s.look("", levels)
	return s.found, nil
}

type hazardSurvey struct {
	root     string
	dotfiles bool
	rules    rules
	left     int
	found    []Hazard
}

func (s *hazardSurvey) look(folder string, levels int) {
	entries, err := os.ReadDir(path.Join(s.root, folder))
	if err != nil || levels == 0 {
		return
	}
	var kinds []string // said of this folder
	for _, e := range entries {
		if s.left--; s.left < 0 {
			return
		}
		name, _, ok := clean(path.Join(folder, e.Name()), s.dotfiles)
		if !ok || s.rules.denies(name) {
			continue
		}
		full := path.Join(s.root, name)
		if kind := hazardOf(full, e); kind != "" {
			if !slices.Contains(kinds, kind) {
				kinds = append(kinds, kind)
				s.found = append(s.found, Hazard{Path: full, Kind: kind})
			}
		} else if e.IsDir() && !s.rules.denies(name+"/") {
			s.look(name, levels-1)
		}
	}
}

// hazardOf says what is dangerous about a name; "" for nothing.
func hazardOf(full string, e os.DirEntry) string {
	base := strings.ToLower(e.Name())
	if e.IsDir() {
		switch base {
		case ".git", ".hg", ".svn", ".bzr":
			return "a version control repository"
		}
		return ""
	}
	if !e.Type().IsRegular() {
		return ""
	}
	switch {
	case base == ".env" || strings.HasPrefix(base, ".env.") || strings.HasSuffix(base, ".env"):
		return "a file of environment variables"
	case base == ".htpasswd" || base == ".netrc" || base == ".pgpass":
		return "a file of passwords"
	case strings.HasPrefix(base, "id_") && !strings.HasSuffix(base, ".pub") && isPrivateKey(full):
		return "a private key"
	}
	switch path.Ext(base) {
	case ".py", ".pyc":
		return "Python source"
	case ".key", ".p12", ".pfx", ".jks":
		return "a private key"
	case ".pem":
		if isPrivateKey(full) {
			return "a private key"
		}
	case ".sqlite", ".sqlite3", ".db":
		if isSQLite(full) {
			return "an SQLite database"
		}
	}
	return ""
}

// isPrivateKey tells a key from a certificate, which may be shown to everybody.
func isPrivateKey(full string) bool { return bytes.Contains(head(full), []byte("PRIVATE KEY-----")) }

func isSQLite(full string) bool { return bytes.HasPrefix(head(full), []byte("SQLite format 3\x00")) }

// head is how a file begins; nil when it cannot be read.
func head(full string) []byte {
	o, err := openFile(full)
	if err != nil || o.file == nil {
		return nil
	}
	defer o.close()
	b := make([]byte, 16<<10)
	n, err := o.file.ReadAt(b, 0)
	if err != nil && err != io.EOF {
		return nil
	}
	return b[:n]
}
