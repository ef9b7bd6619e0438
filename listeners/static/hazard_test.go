package static_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/appserve/appserve/listeners/static"
)

func TestHazards(t *testing.T) {
	const key, certificate = "-----BEGIN EC PRIVATE KEY-----\nx\n", "-----BEGIN CERTIFICATE-----\nx\n"
	top := tree(t, map[string]string{
		"site/app.js": "x", "site/manage.py": "x", "site/settings.py": "x", "site/.env": "x", "site/prod.env": "x",
		"site/.git/config": "x", "site/tls/site.key": key, "site/tls/ca.pem": certificate, "site/tls/both.pem": certificate + key,
		"site/db.sqlite3": "SQLite format 3\x00...", "site/words.db": "no database", "site/ssh/id_ed25519": key, "site/ssh/id_ed25519.pub": "x",
		"site/a/b/c/d/deep.py": "x", "site/.htpasswd": "x", "site/link.py": "-> manage.py", "elsewhere/x.py": "x", "site/away": "-> ../elsewhere",
		"site/private/x.py": "x",
	})
	dir := filepath.Join(top, "site")
	all := static.Config{Directory: dir, Dotfiles: true, Files: []static.Rule{{Pattern: "private/**", Deny: true}}}
	hidden := all
	hidden.Dotfiles = false
	denied := hidden
	denied.Files = append([]static.Rule{{Pattern: "**/*.py", Deny: true}, {Pattern: "tls", Deny: true}}, all.Files...)
	for _, c := range []struct {
		name   string
		config static.Config
		levels int
		want   []string
	}{
		{"everything", all, 3, []string{
			".env: a file of environment variables", ".git: a version control repository", ".htpasswd: a file of passwords",
			"db.sqlite3: an SQLite database", "manage.py: Python source", "ssh/id_ed25519: a private key", "tls/both.pem: a private key",
		}},
		{"without dotfiles", hidden, 3, []string{
			"db.sqlite3: an SQLite database", "manage.py: Python source", "prod.env: a file of environment variables",
			"ssh/id_ed25519: a private key", "tls/both.pem: a private key",
		}},
		{"with files blocks", denied, 3, []string{
			"db.sqlite3: an SQLite database", "prod.env: a file of environment variables", "ssh/id_ed25519: a private key",
		}},
		{"deeper", denied, 1, []string{"db.sqlite3: an SQLite database", "prod.env: a file of environment variables"}},
		{"one file", static.Config{File: filepath.Join(dir, "manage.py")}, 3, nil},
	} {
		found, err := static.Hazards(c.config, c.levels)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, h := range found {
			got = append(got, strings.TrimPrefix(h.Path, dir+"/")+": "+h.Kind)
		}
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q\nwant %q", c.name, got, c.want)
		}
	}
	if found, _ := static.Hazards(all, 5); !slices.ContainsFunc(found, func(h static.Hazard) bool { return strings.HasSuffix(h.Path, "deep.py") }) {
		t.Error("five levels down nothing is found")
	}
	if _, err := static.Hazards(static.Config{Directory: filepath.Join(dir, "none")}, 3); err == nil {
		t.Error("no error of a folder that is not there")
	}
}
